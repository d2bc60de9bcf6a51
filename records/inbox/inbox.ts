import { z } from 'zod';
import type { Database } from '../database.ts';

/** What can come in for a claim that is kept first and told afterwards. */
const inboxNames = ['delivery-reported', 'contact-turned-out', 'text-arrived'] as const;

/** Something that came in and that a claim is to be told. */
export interface InboxMessage {
  id: string;
  claim: string;
  name: (typeof inboxNames)[number];
  fields: Record<string, unknown>;
}

const kept = z.looseObject({
  name: z.enum(inboxNames),
});

/** Keeps it for the claim; once, whoever sends it again. */
export async function keepForClaim(
  database: Pick<Database, 'inbox'>,
  { id, claim, name, fields }: InboxMessage,
  kind: string,
): Promise<void> {
  await database.inbox.createMany({
    data: [{ id, kind, claim, message: JSON.parse(JSON.stringify({ name, ...fields })) }],
    skipDuplicates: true,
  });
}

/**
 * What claims have not been told yet: of one id, or all that has waited since before `before`, the oldest
 * first.
 */
export async function notForwarded(
  database: Database,
  which: { id: string } | { before: Date },
): Promise<InboxMessage[]> {
  const where =
    'id' in which ? { id: which.id, forwardedAt: null } : { forwardedAt: null, at: { lt: which.before } };
  const rows = await database.inbox.findMany({ where, orderBy: { at: 'asc' }, take: mostAtOnce });
  return rows.flatMap(({ id, claim, message }) => {
    const { name, ...fields } = kept.parse(message);
    return claim ? [{ id, claim, name, fields }] : [];
  });
}

const mostAtOnce = 200;

export async function markForwarded(database: Database, id: string): Promise<void> {
  await database.inbox.updateMany({ where: { id }, data: { forwardedAt: new Date() } });
}

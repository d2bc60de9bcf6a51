import { z } from 'zod';
import type { Database } from '../database.ts';

/** Messages for a claim that are kept first and forwarded afterwards. */
const inboxNames = [
  'delivery-reported',
  'contact-turned-out',
  'text-arrived',
  'related-claim',
  'policy-changed',
] as const;

/** A message that is to be forwarded to a claim. */
export interface InboxMessage {
  id: string;
  claim: string;
  name: (typeof inboxNames)[number];
  fields: Record<string, unknown>;
}

const kept = z.looseObject({
  name: z.enum(inboxNames),
});

/** Keeps a message for the claim; once, however often it comes. */
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
 * Messages that are not forwarded yet: the one with this id, or all from before `before`, the oldest first.
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

/** Whether a message with this id came before. */
export const isInInbox = async (database: Database, id: string): Promise<boolean> =>
  (await database.inbox.count({ where: { id } })) > 0;

const mostAtOnce = 200;

export async function markForwarded(database: Database, id: string): Promise<void> {
  await database.inbox.updateMany({ where: { id }, data: { forwardedAt: new Date() } });
}

import type { Database } from '../database.ts';
import type { StoredAttachment } from '../../providers/attachments/folder.ts';
import type { KeptAttachment } from '../../client/own-api/schemas/personal.ts';
import { present } from '../../domain/present.ts';

/**
 * Records an attachment: its type, its claim and its document. The same bytes for the same document are the
 * same row.
 */
export async function keepAttachment(
  database: Database,
  { claim, document, item, by }: { claim: string; document: string; item?: string; by: string },
  { sha256, type, size }: StoredAttachment,
): Promise<void> {
  const row = { sha256, claim, type, size, document, item: item ?? null, by };
  await database.attachment.upsert({
    where: { claim_sha256_document: { claim, sha256, document } },
    create: row,
    update: {},
  });
}

export async function attachmentsOf(database: Database, claim: string): Promise<KeptAttachment[]> {
  const rows = await database.attachment.findMany({
    where: { claim },
    orderBy: [{ at: 'asc' }, { sha256: 'asc' }],
    omit: { claim: true },
  });
  return rows.map(({ item, at, ...rest }) => ({
    ...rest,
    ...present({ item: item ?? undefined }),
    at: at.toISOString(),
  }));
}

import type { Database } from '../database.ts';
import type { SealedFile, StoredAttachment } from '../../providers/attachments/folder.ts';
import type { KeptAttachment } from '../../client/own-api/schemas/personal.ts';
import { present } from '../../domain/present.ts';
import type { Keyring } from '../../security/keyring.ts';
import { contextOfSealed } from '../../security/sealed-contexts.ts';
import { seal, unseal } from '../../security/sealing.ts';

interface AboutAttachment {
  claim: string;
  /** The party that it is from or about. */
  party: string;
  document: string;
  item?: string;
  by: string;
}

const contextOf = (claim: string, party: string, file: string): string =>
  contextOfSealed(claim, { of: 'attachment', id: file, party });

/**
 * Records an attachment: its type, its claim, its document, and its key under that of the party. The same
 * bytes for the same document of a party are the same row. `is-kept`: the party's file of these bytes is
 * there already, and this one is needless.
 */
export async function keepAttachment(
  database: Database,
  keyring: Keyring,
  about: AboutAttachment,
  { sha256, type, size, file, key }: StoredAttachment,
): Promise<'kept' | 'is-kept' | 'erased'> {
  const { claim, party, document, item, by } = about;
  const [owner, known] = await Promise.all([
    database.party.findUnique({ where: { claim_id: { claim, id: party } }, select: { key: true } }),
    database.attachment.findFirst({ where: { claim, party, sha256 }, select: { file: true, key: true } }),
  ]);
  if (!owner?.key) return 'erased';
  const sealed = known ?? {
    file,
    key: seal(owner.key, keyring, key.toString('base64'), contextOf(claim, party, file)),
  };
  const { count } = await database.attachment.createMany({
    data: [{ sha256, claim, party, ...sealed, type, size, document, item: item ?? null, by }],
    skipDuplicates: true,
  });
  return known || count === 0 ? 'is-kept' : 'kept';
}

export async function attachmentsOf(database: Database, claim: string): Promise<KeptAttachment[]> {
  const rows = await database.attachment.findMany({
    where: { claim },
    orderBy: [{ at: 'asc' }, { sha256: 'asc' }, { party: 'asc' }],
    omit: { claim: true, file: true, key: true },
  });
  const erased = await database.party.findMany({ where: { claim, key: '' }, select: { id: true } });
  return rows.map(({ item, at, party, ...rest }) => ({
    ...rest,
    party,
    ...present({
      item: item ?? undefined,
      erased: erased.some(({ id }) => id === party) ? (true as const) : undefined,
    }),
    at: at.toISOString(),
  }));
}

/**
 * Where the bytes of a claim's attachment are, and their key. An attachment is personal, so it is only read
 * through a claim that it belongs to. Bytes of several parties are opened by any of them who is not erased.
 */
export async function sealedAttachment(
  database: Database,
  keyring: Keyring,
  claim: string,
  sha256: string,
): Promise<(SealedFile & { kind: 'found'; type: string }) | { kind: 'unknown' } | { kind: 'erased' }> {
  const rows = await database.attachment.findMany({
    where: { claim, sha256 },
    select: { party: true, file: true, key: true, type: true },
    orderBy: { party: 'asc' },
  });
  if (rows.length === 0) return { kind: 'unknown' };
  const parties = await database.party.findMany({
    where: { claim, id: { in: rows.map(({ party }) => party) }, key: { not: '' } },
    select: { id: true, key: true },
  });
  const row = rows.find(({ party }) => parties.some(({ id }) => id === party));
  const owner = parties.find(({ id }) => id === row?.party);
  if (!row || !owner) return { kind: 'erased' };
  const key = unseal(owner.key, keyring, row.key, contextOf(claim, owner.id, row.file));
  return { kind: 'found', file: row.file, key: Buffer.from(String(key), 'base64'), type: row.type };
}

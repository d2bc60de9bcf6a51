import type { ArchivePart } from '../../client/own-api/schemas/archive.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { seal } from '../../security/sealing.ts';
import type { ArchiveSource } from './parts.ts';

type SealedAttachment = Extract<ArchivePart, { part: 'attachment' }>['value'];

/** The bytes of a claim's attachments, each sealed under its party's key. Bytes that are gone are left out. */
export async function* sealedAttachments(
  { database, keyring, attachments }: Pick<ArchiveSource, 'database' | 'keyring' | 'attachments'>,
  claim: Claim,
  rows: readonly { sha256: string; item: string | null }[],
): AsyncGenerator<SealedAttachment> {
  const parties = await database.party.findMany({ where: { claim: claim.number } });
  for (const { sha256, item } of rows) {
    const party = claim.items.find(({ id }) => id === item)?.party ?? 'party-1';
    const key = parties.find(({ id }) => id === party)?.key;
    const opened = key ? await attachments.open(sha256) : undefined;
    if (!key || opened?.kind !== 'found') continue;
    const bytes = Buffer.concat(await opened.stream.toArray()).toString('base64');
    yield { sha256, party, sealed: seal(key, keyring, bytes, `${claim.number}/${party}/${sha256}`) };
  }
}

import { readFile } from 'node:fs/promises';
import type { SetAsideKey } from '../../own-api/schemas/erasures.ts';
import type { SealedPiece } from '../../own-api/schemas/retention.ts';
import { takenBack } from '../../../security/archive-key.ts';
import { contextOfSealed } from '../../../security/sealed-contexts.ts';
import { unsealWith } from '../../../security/sealing.ts';
import { misuse, notDone } from '../stop.ts';

/**
 * Opens what is sealed of erased people in an archive, here, with the private archive key of a file. What
 * does not open stays without a value. Throws a Stop when the key is another one.
 */
export async function openedForCourt(
  { claim, pieces }: { claim: string; pieces: readonly SealedPiece[] },
  keys: readonly SetAsideKey[],
  privateFile: string,
): Promise<Map<SealedPiece, unknown>> {
  const pem = await readFile(privateFile, 'utf8').catch((fault: unknown) => {
    throw misuse(`${privateFile} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}.`);
  });
  const secrets = new Map(keys.map(({ party, wrapped }) => [party, secretOf(wrapped, pem)]));
  const found = new Map<SealedPiece, unknown>();
  for (const piece of pieces) {
    const secret = secrets.get(piece.party);
    const value = secret && opened(secret, claim, piece);
    if (value !== undefined) found.set(piece, value);
  }
  return found;
}

function secretOf(wrapped: string, pem: string): Buffer {
  try {
    return takenBack(wrapped, pem);
  } catch (fault) {
    throw notDone(fault instanceof Error ? fault.message : String(fault));
  }
}

function opened(secret: Buffer, claim: string, piece: SealedPiece): unknown {
  try {
    return unsealWith(secret, piece.sealed, contextOfSealed(claim, piece));
  } catch {
    return undefined;
  }
}

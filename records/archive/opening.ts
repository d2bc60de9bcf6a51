import type { z } from 'zod';
import type { openedPieceSchema, SealedPiece } from '../../client/own-api/schemas/retention.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { KeyMissing } from '../../security/key-missing.ts';
import type { Keyring } from '../../security/keyring.ts';
import { contextOfSealed } from '../../security/sealed-contexts.ts';
import { unseal } from '../../security/sealing.ts';
import type { Database } from '../database.ts';

type OpenedPiece = z.input<typeof openedPieceSchema>;

/**
 * Opens pieces of a claim's archive with the keys that the records still have. A piece of a person who was
 * erased has no value, and neither has one that is of another claim, or that was changed.
 */
export async function openedPieces(
  { database, keyring }: { database: Database; keyring: Keyring },
  claim: ClaimNumber,
  pieces: readonly SealedPiece[],
): Promise<OpenedPiece[]> {
  const parties = await database.party.findMany({ where: { claim }, select: { id: true, key: true } });
  const keys = new Map(parties.map(({ id, key }) => [id, key]));
  return pieces.map((piece) => ({
    of: piece.of,
    id: piece.id,
    ...opened(keyring, keys.get(piece.party) ?? '', piece, contextOfSealed(claim, piece)),
  }));
}

function opened(
  keyring: Keyring,
  key: string,
  { sealed }: SealedPiece,
  context: string,
): { value?: unknown } {
  if (key === '') return {};
  try {
    return { value: unseal(key, keyring, sealed, context) };
  } catch (fault) {
    if (fault instanceof KeyMissing) throw fault;
    return {};
  }
}

import type { z } from 'zod';
import type { openedPieceSchema, SealedPiece } from '../../client/own-api/schemas/retention.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { KeyMissing } from '../../security/key-missing.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import type { Database } from '../database.ts';

type OpenedPiece = z.input<typeof openedPieceSchema>;

/**
 * Opens pieces of a claim's archive with the keys that the records still have. A piece of a person who was
 * erased has no value, and so has one that is of another claim or was changed.
 */
export async function openedPieces(
  { database, keyring }: { database: Database; keyring: Keyring },
  claim: ClaimNumber,
  pieces: readonly SealedPiece[],
): Promise<OpenedPiece[]> {
  const [parties, notice, notes, messages] = await Promise.all([
    database.party.findMany({ where: { claim }, select: { id: true, key: true } }),
    database.notice.findUnique({ where: { claim }, select: { party: true } }),
    database.note.findMany({ where: { claim }, select: { id: true, party: true } }),
    database.notification.findMany({ where: { claim }, select: { reference: true, sealed: true } }),
  ]);
  const keyOfParty = (id = ''): string => parties.find((each) => each.id === id)?.key ?? '';
  const keyOf = ({ of, id }: SealedPiece): string => {
    switch (of) {
      case 'party':
        return keyOfParty(id);
      case 'notice':
        return keyOfParty(notice?.party);
      case 'note':
        return keyOfParty(notes.find((note) => note.id === id)?.party);
      case 'message':
        return messages.find(({ reference }) => reference === `${claim}/${id}`)?.sealed.split('\n')[0] ?? '';
      default:
        return '';
    }
  };
  return pieces.map((piece) => ({
    of: piece.of,
    id: piece.id,
    ...opened(keyring, piece, { key: keyOf(piece), context: contexts[piece.of](claim, piece.id) }),
  }));
}

/** What each seal is bound to. */
const contexts: Record<SealedPiece['of'], (claim: ClaimNumber, id: string) => string> = {
  party: (claim, id) => `${claim}/${id}`,
  notice: (claim) => `${claim}/notice`,
  note: (claim, id) => `${claim}/note/${id}`,
  message: (claim, id) => `${claim}/${id}`,
};

function opened(
  keyring: Keyring,
  { sealed }: SealedPiece,
  { key, context }: { key: string; context: string },
): { value?: unknown } {
  if (key === '') return {};
  try {
    return { value: unseal(key, keyring, sealed, context) };
  } catch (fault) {
    if (fault instanceof KeyMissing) throw fault;
    return {};
  }
}

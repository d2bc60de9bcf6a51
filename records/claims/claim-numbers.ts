import { numbersOf, type ClaimNumber } from '../../domain/ids.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { marking } from '../keys/contact-key.ts';

/**
 * `own`: the number that the notice already has. `free`: its possible numbers that no other notice has, in
 * their order.
 */
export interface NumbersOnRecord {
  own: ClaimNumber | undefined;
  free: ClaimNumber[];
}

/** The engine deletes a closed claim after its retention. The records still keep its number. */
export async function numbersOnRecord(
  database: Database,
  keyring: Keyring,
  { source, reference: written }: Pick<NoticeOfLoss, 'source' | 'reference'>,
): Promise<NumbersOnRecord> {
  const numbers = numbersOf(source, written);
  const reference = (await marking(database, keyring))('reference', written);
  const kept = await database.prepared<{ claim: ClaimNumber; source: string; reference: string }>(
    'numbers-on-record',
    keptNumbers,
    [source, reference, numbers],
  );
  const [ours, theirs] = [
    kept.find((each) => each.source === source && each.reference === reference),
    kept.map(({ claim }) => claim),
  ];
  return {
    own: ours?.claim,
    free: numbers.filter((number) => !theirs.includes(number)),
  };
}

const keptNumbers = `
  SELECT claim, source, reference FROM notice
  WHERE (source = $1 AND reference = $2) OR claim = ANY($3)`;

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
  /** The claim of that number was deleted after its time. */
  isRetired?: true;
}

/** The engine deletes a closed claim after its retention. The records keep its number for ever. */
export async function numbersOnRecord(
  database: Database,
  keyring: Keyring,
  { source, reference: written }: Pick<NoticeOfLoss, 'source' | 'reference'>,
): Promise<NumbersOnRecord> {
  const numbers = numbersOf(source, written);
  const reference = (await marking(database, keyring))('reference', written);
  const kept = await database.prepared<Row>('numbers-on-record', keptNumbers, [source, reference, numbers]);
  const [ours, theirs] = [
    kept.find((each) => each.source === source && each.reference === reference),
    kept.map(({ claim }) => claim),
  ];
  return {
    own: ours?.claim,
    free: numbers.filter((number) => !theirs.includes(number)),
    ...(ours?.isRetired ? { isRetired: true } : {}),
  };
}

interface Row {
  claim: ClaimNumber;
  source: string;
  reference: string;
  isRetired: boolean;
}

const keptNumbers = `
  SELECT claim, source, reference,
    EXISTS (SELECT FROM signed_line l WHERE l.claim = notice.claim AND l.act = 'retire-claim') AS "isRetired"
  FROM notice
  WHERE (source = $1 AND reference = $2) OR claim = ANY($3)`;

import { numbersOf, type ClaimNumber } from '../../domain/ids.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import type { Database } from '../database.ts';

/**
 * `own`: the number that the notice has already, and whether its claim has begun. `free`: those that it may
 * go by and no other notice has, in their order.
 */
export interface NumbersOnRecord {
  own: ClaimNumber | undefined;
  isOpened: boolean;
  free: ClaimNumber[];
}

/**
 * A closed claim is forgotten by the engine after its retention, and its number is still its own: the records
 * remember.
 */
export async function numbersOnRecord(
  database: Database,
  { source, reference }: Pick<NoticeOfLoss, 'source' | 'reference'>,
): Promise<NumbersOnRecord> {
  const numbers = numbersOf(source, reference);
  const kept = await database.prepared<{
    claim: ClaimNumber;
    source: string;
    reference: string;
    opened: boolean;
  }>('numbers-on-record', keptNumbers, [source, reference, numbers]);
  const [ours, theirs] = [
    kept.find((each) => each.source === source && each.reference === reference),
    kept.map(({ claim }) => claim),
  ];
  return {
    own: ours?.claim,
    isOpened: ours?.opened ?? false,
    free: numbers.filter((number) => !theirs.includes(number)),
  };
}

const keptNumbers = `
  SELECT claim, source, reference,
    EXISTS(SELECT FROM journal_entry j WHERE j.claim = notice.claim AND j.seq = 1) AS opened
  FROM notice
  WHERE (source = $1 AND reference = $2) OR claim = ANY($3)`;

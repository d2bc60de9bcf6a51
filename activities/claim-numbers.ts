import { numbersOf, type ClaimNumber } from '../domain/ids.ts';
import type { NoticeOfLoss } from '../domain/notice.ts';
import type { Database } from './database.ts';

/** `own`: the number that the notice has already. `free`: those that it may go by and no other notice has, in their order. */
export interface NumbersOnRecord {
  own: ClaimNumber | undefined;
  free: ClaimNumber[];
}

/** A closed claim is forgotten by the engine after its retention, and its number is still its own: the records remember. */
export async function numbersOnRecord(database: Database, { source, reference }: Pick<NoticeOfLoss, 'source' | 'reference'>): Promise<NumbersOnRecord> {
  const numbers = numbersOf(source, reference);
  const kept = await database.notice.findMany({ where: { OR: [{ source, reference }, { claim: { in: numbers } }] }, select: { claim: true, source: true, reference: true } });
  const [ours, theirs] = [kept.find((each) => each.source === source && each.reference === reference), kept.map(({ claim }) => claim)];
  return { own: ours?.claim, free: numbers.filter((number) => !theirs.includes(number)) };
}

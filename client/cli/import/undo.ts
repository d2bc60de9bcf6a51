import type { ImportLog, Own } from './log.ts';
import { forEachPaced, isUnavailable, untilAnswered, type Pace, type Unavailable } from './pace.ts';

/** `unknown`: there is no such claim; `denied`: it can no longer be withdrawn, with the reason. */
export type WithdrawalAnswer = { kind: 'withdrawn' | 'unknown' } | { kind: 'denied'; reason: string };
export type LookAnswer = { kind: 'found'; noticedAt: string } | { kind: 'unknown' };

export interface Undoing extends Pace {
  look(claim: string): Promise<LookAnswer | Unavailable>;
  withdraw(claim: string): Promise<WithdrawalAnswer | Unavailable>;
  log: ImportLog;
  progress(undone: Undone): void;
}

export interface Undone {
  withdrawn: number;
  /** The answer to its filing was lost, and it was not filed. */
  neverFiled: number;
  kept: { claim: string; reason: string }[];
}

/**
 * Withdraws the claims that an import filed, at the pace of an import. Started again, it continues with the
 * rest.
 */
export async function undoAll(own: Own[], undoing: Undoing): Promise<Undone> {
  const undone: Undone = { withdrawn: 0, neverFiled: 0, kept: [] };
  await forEachPaced(eachOf(own), undoing, async (row) => {
    const answer = await untilAnswered(
      () => (row.certain ? undoing.withdraw(row.claim) : withdrawIfOwn(row, undoing)),
      undoing,
    );
    if (answer === undefined) return;
    note(row, answer, undone, undoing.log);
    undoing.progress(undone);
  });
  return undone;
}

/** A claim that is older than the import's first request belongs to somebody else. */
async function withdrawIfOwn(
  { claim, askedAt }: Own,
  { look, withdraw }: Undoing,
): Promise<WithdrawalAnswer | Unavailable> {
  const found = await look(claim);
  if (found.kind !== 'found') return found;
  return found.noticedAt < askedAt
    ? { kind: 'denied', reason: `it was filed before this import asked for it (${askedAt})` }
    : withdraw(claim);
}

function note(row: Own, answer: WithdrawalAnswer | Unavailable, undone: Undone, log: ImportLog): void {
  if (isUnavailable(answer)) undone.kept.push({ claim: row.claim, reason: answer.why });
  else if (answer.kind === 'denied') undone.kept.push({ claim: row.claim, reason: answer.reason });
  else if (answer.kind === 'unknown' && row.certain)
    undone.kept.push({
      claim: row.claim,
      reason: 'there is no such claim here; was it filed on another stack?',
    });
  else {
    undone[answer.kind === 'withdrawn' ? 'withdrawn' : 'neverFiled'] += 1;
    log.note(answer.kind === 'withdrawn' ? 'withdrawn' : 'not-filed', row);
  }
}

async function* eachOf<T>(list: T[]): AsyncGenerator<T> {
  yield* list;
}

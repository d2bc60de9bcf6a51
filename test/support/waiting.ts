import type { Database } from '../../records/database.ts';
import { claimOf } from '../../records/claims/projection.ts';
import { instantOf } from '../../domain/time/time.ts';
import { ClaimUnderTest } from './builders.ts';

/** One thing that a claim waits for; times are in hours from the test's `now`. */
export interface Waiting {
  from?: string;
  id?: string;
  what?: string;
  since?: number;
  due?: number;
  rung?: number;
}

interface Kept {
  claim: string;
  handler: string;
  surveyor: string;
  now: string;
}

/** A claim in the records that waits for exactly this, in its state as in its rows. */
export async function keepWaiting(
  database: Database,
  { claim: number, handler, surveyor, now }: Kept,
  waits: Waiting[],
): Promise<void> {
  const { claim } = ClaimUnderTest.covered({ number, handler, surveyor, branch: 'longkou' });
  await database.claim.create({
    data: {
      number,
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      stage: 'documents',
      stageSince: now,
      handler,
      surveyor,
      urgency: 'normal',
      claimedMinor: 500_000,
      currency: 'CNY',
      openedAt: now,
      lastContactAt: now,
      openLastContactAt: now,
      seq: 1,
      state: JSON.parse(JSON.stringify({ ...claim, expectations: [] })),
    },
  });
  for (const wait of waits) await addWaiting(database, { claim: number, now }, wait);
}

/** The claim waits for one thing more. */
export async function addWaiting(
  database: Database,
  { claim: number, now }: Pick<Kept, 'claim' | 'now'>,
  { from = 'handler', id, what = 'assess', since = -2, due = 48, rung = 0 }: Waiting,
): Promise<void> {
  const at = (hours: number): string => instantOf(Date.parse(now) + hours * 3_600_000);
  const row = { id: id ?? `${what}:item-1`, from, what, since: at(since), due: at(due), rung };
  await database.expectation.create({
    data: { ...row, claim: number, nextDo: 'remind', nextAt: at(due), branch: 'longkou' },
  });
  const claim = claimOf((await database.claim.findUniqueOrThrow({ where: { number } })).state);
  const waits = { ...row, ladder: 'handler', next: { do: 'remind', at: at(due) }, escalatedTo: [] };
  const expectations = [...claim.expectations.filter((each) => each.id !== row.id), waits];
  await database.claim.update({
    where: { number },
    data: { state: JSON.parse(JSON.stringify({ ...claim, expectations })) },
  });
}

import fc from 'fast-check';
import { paidBefore, type Claim, type Item, type Payment } from '../../../domain/claim/claim.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { approvalsNeeded, releasedByRules } from '../../../domain/money/authority.ts';
import {
  cumulativeMinor,
  paidBeforeMinor,
  payableHash,
  payableMinor,
} from '../../../domain/money/payable.ts';
import {
  afterTheEnd,
  claimsOf,
  everybody,
  groundsAt,
  lookedAtAgain,
  play,
  scriptsOn,
  toTheEnd,
  type Turn,
} from '../stories.ts';

const found = (claim: Claim, id: string): { item: Item; payment: Payment } | undefined =>
  claim.items
    .flatMap((item) => item.payments.map((payment) => ({ item, payment })))
    .find(({ payment }) => payment.id === id);

/** The instructions that our own process gave, each with the claim before it. */
const instructions = ({ command, decision, before }: Turn): { claim: Claim; entry: Instruction }[] =>
  command.kind === 'payment-instructed' && decision.kind === 'decided'
    ? decision.entries.flatMap((entry) =>
        entry.kind === 'payment-instructed' ? [{ claim: before, entry }] : [],
      )
    : [];
type Instruction = Extract<JournalEntry, { kind: 'payment-instructed' }>;

describe.each(groundsAt('ordinary'))('%s', (_, ground) => {
  const { rules } = ground;
  const scripts = scriptsOn(ground).map((script) => [...script, ...toTheEnd, afterTheEnd]);

  test('at most one payment of an item is paid and not returned, and at most one more is at the bank', () => {
    let paid = 0;
    fc.assert(
      fc.property(scripts, (script) => {
        for (const claim of claimsOf(play(script, ground)))
          for (const item of claim.items) {
            const before = paidBefore(item);
            const confirmed = item.payments.filter(
              (each) => each.kind === 'confirmed' && !before.includes(each),
            ).length;
            paid += confirmed;
            expect(confirmed).toBeLessThan(2);
          }
      }),
      { numRuns: 100 },
    );
    expect(paid).toBeGreaterThan(100);
  });

  test('what is taken up again is paid at most once: a payment and those before it come to what is payable', () => {
    let again = 0;
    const twice = scripts.map((script) => [...script, ...lookedAtAgain, ...toTheEnd, afterTheEnd]);
    fc.assert(
      fc.property(twice, (script) => {
        for (const turn of play(script, ground).turns)
          for (const { claim, entry } of instructions(turn)) {
            const { item, payment } = found(claim, entry.payment) ?? {};
            if (!item || !payment) throw new Error(`No ${entry.payment}`);
            if (item.secondLook) again += 1;
            const confirmed = item.payments
              .filter(({ kind }) => kind === 'confirmed')
              .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
            expect(confirmed).toBeLessThanOrEqual(paidBeforeMinor(item));
            expect(confirmed + payment.amountMinor).toBeLessThanOrEqual(payableMinor(claim, item) ?? 0);
          }
      }),
      { numRuns: 200 },
    );
    expect(again).toBeGreaterThan(0);
  });

  test('nothing is instructed while the item is held or a withdrawal is requested, nor without the people it needs', () => {
    let [byPeople, byRules] = [0, 0];
    fc.assert(
      fc.property(scripts, (script) => {
        for (const turn of play(script, ground).turns)
          for (const { claim, entry } of instructions(turn)) {
            const { item, payment } = found(claim, entry.payment) ?? {};
            if (!item || !payment) throw new Error(`No ${entry.payment}`);
            expect([item.holds, claim.withdrawalRequested, item.outcome]).toEqual([[], false, undefined]);
            expect(payment.of).toBe(payableHash(claim, item));
            const givers = item.approvals.filter(({ of }) => of === payment.of).map(({ by }) => by);
            if (givers.includes('lipei')) {
              byRules += 1;
              expect(releasedByRules(claim, item, rules.pack)).toBe(true);
              continue;
            }
            byPeople += 1;
            expect(new Set(givers).size).toBeGreaterThanOrEqual(approvalsNeeded(claim, item, rules.pack));
            for (const giver of givers) {
              const person = everybody.find(({ code }) => code === giver);
              expect(person?.limitMinor).toBeGreaterThanOrEqual(cumulativeMinor(claim, item));
              expect([item.assessment?.by, item.signedOff.verify?.by]).not.toContain(giver);
            }
          }
      }),
      { numRuns: 200 },
    );
    // Some lines release little or nothing by rules.
    expect(byPeople).toBeGreaterThan(2);
    expect(byPeople + byRules).toBeGreaterThan(5);
  });
});

import fc from 'fast-check';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import { currentRung, nextInWords, nextRung, rungAfter } from '../../../domain/waiting/ladder.ts';
import { after } from '../../../domain/time/calendar.ts';
import { daysAfter, noticedAt, rules } from '../../support/builders.ts';
import { groundsAt } from '../stories.ts';

type Standing = Pick<Expectation, 'ladder' | 'since' | 'notBefore' | 'rung' | 'ask' | 'promised'>;

const waiting = (change: Partial<Standing> = {}): Standing => ({
  ladder: 'document',
  since: noticedAt,
  rung: 0,
  ...change,
});
const standing = (change: Partial<Standing>): Standing => waiting(change);

test.each<[string, Partial<Standing>, string, string]>([
  ['counts from since when it is waited for', {}, noticedAt, daysAfter(3)],
  [
    'counts from when it can exist, where that is later',
    { notBefore: daysAfter(10) },
    noticedAt,
    daysAfter(13),
  ],
  ['counts from since when, where that is later', { notBefore: daysAfter(-10) }, noticedAt, daysAfter(3)],
  ['is taken when a promise ends', { promised: daysAfter(20) }, noticedAt, daysAfter(20)],
  [
    'is taken when a promise ends, also where that is sooner',
    { promised: daysAfter(1) },
    noticedAt,
    daysAfter(1),
  ],
  ['that should have been taken is taken now', {}, daysAfter(8), daysAfter(8)],
  ['of a broken promise is taken now', { promised: daysAfter(1) }, daysAfter(2), daysAfter(2)],
  ['further up is later', { rung: 3 }, noticedAt, daysAfter(14)],
])('a rung %s', (_, change, now, at) => expect(nextRung(standing(change), rules, now).at).toBe(at));

test('a rung falls due at its own time, by night too: its message waits for the reader, not the ladder', () => {
  const midnight = '2026-11-23T16:00:00.000Z';
  const due = '2026-11-26T16:00:00.000Z';
  expect(nextRung(standing({ since: midnight, ask: 'party-1' }), rules, midnight).at).toBe(due);
  expect(nextRung(standing({ since: midnight }), rules, midnight).at).toBe(due);
});

test.each([
  ['in time', 0, 3, 1, 7],
  ['a day late, the next keeps its distance of four days', 0, 4, 1, 8],
  ['a month late too', 0, 33, 1, 37],
  ['the last repeats after its distance to the one before', 4, 30, 4, 46],
  ['before the last the last is next', 3, 14, 4, 30],
])('a rung that is taken %s', (_, rung, day, next, at) =>
  expect(rungAfter(standing({ rung }), rules, daysAfter(day))).toMatchObject({
    rung: next,
    next: { at: daysAfter(at) },
  }),
);

test.each([
  [0, 'chase'],
  [2, 'call'],
  [3, 'escalate to supervisor'],
  [4, 'write'],
])('rung %i in words', (rung, words) => expect(nextInWords(standing({ rung }), rules)).toBe(words));

test('a ladder or a rung that the rules have not stops the claim with its name', () => {
  expect(() => currentRung(standing({ ladder: 'none' }), rules)).toThrow('no rung 0 on the ladder "none"');
  expect(() => currentRung(standing({ rung: 5 }), rules)).toThrow('no rung 5 on the ladder "document"');
});

const grounds = ['ordinary', 'demo', 'any-hour'].flatMap(groundsAt);

describe.each(grounds)('%s', (_, ground) => {
  const { pack, calendar } = ground.rules;
  const late = fc.array(fc.integer({ min: 0, max: 40 * 86_400_000 }), { minLength: 12, maxLength: 12 });
  const start = fc.integer({ min: 0, max: 300 * 86_400_000 });

  test.each(Object.keys(pack.ladders))(
    'the ladder %s never stops, never goes back and keeps its distances',
    (ladder) => {
      fc.assert(
        fc.property(start, late, fc.boolean(), (offset, delays, isOutside) => {
          const since = new Date(Date.parse(noticedAt) + offset).toISOString();
          let open: Standing = { ladder, since, rung: 0, ...(isOutside && { ask: 'party-1' }) };
          let { at } = nextRung(open, ground.rules, since);
          const rungs = pack.ladders[ladder] ?? [];
          for (const delay of delays) {
            const now = new Date(Date.parse(at) + delay).toISOString();
            const { rung, next } = rungAfter(open, ground.rules, now);
            expect(rung).toBe(Math.min(open.rung + 1, rungs.length - 1));
            expect(next.do).toBe(rungs[rung]?.do);
            const [before, then] = rung > open.rung ? [open.rung, rung] : [rung - 1, rung];
            const distance =
              Date.parse(after(since, rungs[then]?.after ?? '', calendar)) -
              Date.parse(after(since, rungs[before]?.after ?? 'PT0S', calendar));
            expect(Date.parse(next.at) - Date.parse(now)).toBe(distance);
            open = { ...open, rung };
            at = next.at;
          }
        }),
        { numRuns: 4 },
      );
    },
  );

  test.each(Object.keys(pack.ladders))(
    'the ladder %s repeats its last rung after some time, never at once',
    (ladder) => {
      const last = (pack.ladders[ladder] ?? []).length - 1;
      const { next } = rungAfter({ ladder, since: noticedAt, rung: last }, ground.rules, daysAfter(100));
      expect(next.at > daysAfter(100)).toBe(true);
    },
  );
});

import fc from 'fast-check';
import type { Claim } from '../../../domain/claim/claim.ts';
import type { Clock } from '../../../domain/waiting/clock.ts';
import { clockChanges, nextClockAt } from '../../../domain/waiting/clocks.ts';
import { act, daysAfter, ClaimUnderTest, handler, supervisor, sure } from '../../support/builders.ts';
import { groundsAt, play, scriptsOn } from '../stories.ts';

const ms = (instant: string): number => Date.parse(instant);
const grounds = ['ordinary', 'demo'].flatMap(groundsAt).filter(([, { rules }]) => rules.pack.clocks.decision);

/** What was decided has its clock anew when it is taken up again. */
const anew = (before: Claim, after: Claim, index: number): boolean =>
  before.items[index]?.outcome !== undefined &&
  before.items[index]?.secondLook !== after.items[index]?.secondLook;

describe.each(grounds)('%s', (_, ground) => {
  const scripts = scriptsOn(ground);

  /** Each clock before and after a decision, and when that was. */
  const readings = (
    script: Parameters<typeof play>[0],
  ): { was: Clock | undefined; is: Clock; now: string }[] =>
    play(script, ground).turns.flatMap(({ before, after, now }) =>
      after.items.flatMap(({ clock }, index) =>
        clock
          ? [{ was: anew(before, after, index) ? undefined : before.items[index]?.clock, is: clock, now }]
          : [],
      ),
    );

  test('a pause takes off no more than has passed, and no time twice: none is lost and none invented', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { was, is, now } of readings(script)) {
          expect(is.deductedMs).toBeGreaterThanOrEqual(was?.deductedMs ?? 0);
          expect(is.deductedMs).toBeLessThanOrEqual(ms(now) - ms(is.since));
          if (is.pausedSince !== undefined) expect(is.pausedSince >= (is.resumedAt ?? is.since)).toBe(true);
          if (was?.pausedSince !== undefined && is.pausedSince === undefined)
            expect(is.deductedMs - was.deductedMs).toBe(ms(now) - ms(was.pausedSince));
          else expect(is.deductedMs).toBe(was?.deductedMs ?? 0);
        }
      }),
      { numRuns: 25 },
    );
  });

  test('it starts once for each decision, is paused or not, stops for good or resumes, and its end moves only later', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { was, is } of readings(script)) {
          expect(is.pausedSince !== undefined).toBe(is.state === 'paused');
          expect(is.warnAt <= is.due).toBe(true);
          expect(is.since).toBe(was?.since ?? is.since);
          expect(is.due >= (was?.due ?? is.due)).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('read again at the same moment it reads the same, and never wakes for a moment that has passed unnoticed', () => {
    fc.assert(
      fc.property(scripts, (script) => {
        for (const { after, decision, now } of play(script, ground).turns) {
          if (decision.kind === 'denied') continue;
          expect(clockChanges(after, ground.rules, now)).toEqual([]);
          const next = nextClockAt(after);
          if (next !== undefined) expect(next > now).toBe(true);
        }
      }),
      { numRuns: 15 },
    );
  });
});

const lacking = (day: number): ClaimUnderTest =>
  ClaimUnderTest.covered({ surveyWaived: true }).on(day).does(handler, act.adds('driving-licence'));

test('a provider whose clock runs ahead pauses it from now, not from a time to come', () => {
  const subject = lacking(1);
  subject.on(2).take({
    kind: 'delivery-reported',
    notification: 'acknowledgement-1-sms',
    outcome: 'delivered',
    arrived: daysAfter(3),
  });
  expect(sure(subject.item().clock).pausedSince).toBe(daysAfter(2));
  subject.does(handler, act.adds('accident-certificate'));
  expect(sure(subject.item().clock)).toMatchObject({ state: 'running', deductedMs: 0 });
});

test.each([
  ['a moment before its warning', 24, -1, undefined],
  ['at its warning', 24, 0, 'warning'],
  ['a moment before its end', 31, 50_399_999, 'warning'],
  ['at its end', 31, 50_400_000, 'due'],
])('the law’s time %s', (_, day, more, reached) => {
  const subject = lacking(1);
  subject.now = new Date(ms(daysAfter(day)) + more).toISOString();
  subject.take({ kind: 'take-rungs' });
  expect(subject.item().clock?.reached).toBe(reached);
});

const arrives = (subject: ClaimUnderTest, day: number, notification: string): unknown =>
  subject
    .on(day)
    .take({ kind: 'delivery-reported', notification, outcome: 'delivered', arrived: subject.now });

test('papers that are only waived start no clock', () => {
  const subject = ClaimUnderTest.covered().does(supervisor, act.waives('driving-licence'));
  expect(subject.item().clock).toBeUndefined();
});

test('two pauses add up', () => {
  const subject = lacking(1);
  arrives(subject, 2, 'acknowledgement-1-sms');
  subject
    .on(5)
    .does(handler, act.adds('accident-certificate'))
    .does(handler, act.rejects('accident-certificate'));
  arrives(subject, 6, 'document-rejected-1-sms');
  subject.on(10).does(handler, act.adds('accident-certificate'));
  expect(sure(subject.item().clock).deductedMs).toBe((3 + 4) * 86_400_000);
});

test('a pause that runs counts from its first request, whatever arrives later', () => {
  const subject = lacking(1);
  arrives(subject, 3, 'acknowledgement-1-sms');
  const earlier = {
    kind: 'delivery-reported',
    notification: 'acknowledgement-1-email',
    outcome: 'delivered',
  } as const;
  subject.on(4).take({ ...earlier, arrived: daysAfter(2) });
  expect(sure(subject.item().clock).pausedSince).toBe(daysAfter(3));
});

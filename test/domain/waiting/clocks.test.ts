import { nextClockAt } from '../../../domain/waiting/clocks.ts';
import { nextWakingAt } from '../../../domain/waiting/heartbeat.ts';
import {
  aPolicy,
  ClaimUnderTest,
  handler,
  noticedAt,
  rules,
  surveyor,
  yuan,
  aMessage,
  aNote,
} from '../../support/builders.ts';
import { present } from '../../../domain/present.ts';

const days = (count: number): number => count * 24 * 60 * 60_000;
const later = (from: string, ms: number): string => new Date(Date.parse(from) + ms).toISOString();

/** Notified of what is missing; nothing has arrived yet. */
function asked(): ClaimUnderTest {
  const subject = ClaimUnderTest.covered();
  subject.does(surveyor, { kind: 'report-survey', onScene: true, findings: aNote() });
  return subject;
}

const clock = (subject: ClaimUnderTest) => subject.item().clock;
const at = (subject: ClaimUnderTest, count: number): ClaimUnderTest =>
  Object.assign(subject, { now: later(noticedAt, days(count)) });
const comes = (subject: ClaimUnderTest, document: string): ClaimUnderTest =>
  subject.does(handler, { kind: 'add-document', document, attachment: `sha-${document}` });
const accepts = (subject: ClaimUnderTest, document: string): ClaimUnderTest =>
  subject.does(handler, { kind: 'accept-document', document });

/** A provider reports that this message reached them. */
function arrives(subject: ClaimUnderTest, notification: string, arrived: string): ClaimUnderTest {
  subject.take({
    kind: 'delivery-reported',
    notification,
    outcome: 'delivered',
    arrived,
    message: aMessage(`receipt-${notification}`),
  });
  return subject;
}

/** All papers are there. */
function assessable(): ClaimUnderTest {
  const subject = asked();
  for (const document of ['driving-licence', 'accident-certificate'])
    accepts(comes(subject, document), document);
  subject.take({ kind: 'issue-receipt', item: 'item-1' });
  return subject;
}

/** Sleeps until the claim has to do something, again and again, up to that day. */
function sleepsTo(subject: ClaimUnderTest, count: number): ClaimUnderTest {
  const end = later(noticedAt, days(count));
  for (
    let next = nextWakingAt(subject.claim, rules);
    next !== undefined && next <= end;
    next = nextWakingAt(subject.claim, rules)
  ) {
    subject.now = next > subject.now ? next : subject.now;
    subject.take({ kind: 'take-rungs' });
  }
  return Object.assign(subject, { now: end });
}

test('it begins with the first papers, not with the notice of loss', () => {
  const subject = asked();
  expect(clock(subject)).toBeUndefined();
  comes(at(subject, 5), 'driving-licence');
  expect(clock(subject)).toMatchObject({ state: 'running', since: subject.now });
});

test.each([
  ['New Year, a Friday', 9, '2027-01-04'],
  ['the eve of Spring Festival', 44, '2027-02-09'],
  ['初二, a Sunday', 46, '2027-02-09'],
  ['the day before New Year, which is worked', 8, '2026-12-31'],
])('beyond the published list thirty days that end on %s', (_, after, due) =>
  expect(clock(comes(at(asked(), after), 'driving-licence'))?.due).toBe(`${due}T16:00:00.000Z`),
);

test('thirty days end with the last of them, and on a day off with the next working day (Civil Code 201, 203)', () => {
  // 2026-11-23 and 30 days: Wednesday, the 23rd of December. Three days later it is a Saturday.
  expect(clock(comes(asked(), 'driving-licence'))?.due).toBe('2026-12-23T16:00:00.000Z');
  expect(clock(comes(at(asked(), 3), 'driving-licence'))?.due).toBe('2026-12-28T16:00:00.000Z');
});

test('a request pauses it from when it arrived, not from when it was sent, until all of it has come (C2)', () => {
  const subject = comes(at(asked(), 1), 'driving-licence');
  const before = clock(subject)?.due ?? '';
  expect(clock(at(subject, 2))?.state).toBe('running');
  arrives(at(subject, 4), 'acknowledgement-1-sms', later(noticedAt, days(3)));
  expect(clock(subject)).toMatchObject({ state: 'paused', pausedSince: later(noticedAt, days(3)) });
  expect(nextClockAt(subject.claim)).toBeUndefined();
  comes(at(subject, 13), 'accident-certificate');
  expect(clock(subject)).toMatchObject({ state: 'running', deductedMs: days(10) });
  expect(Date.parse(clock(subject)?.due ?? '') - Date.parse(before)).toBeGreaterThanOrEqual(days(10));
});

test('a request that arrived before the first papers counts from those on: there was no time to take off before', () => {
  const subject = arrives(asked(), 'acknowledgement-1-sms', later(noticedAt, 60_000));
  comes(at(subject, 5), 'driving-licence');
  expect(clock(subject)).toMatchObject({ state: 'paused', pausedSince: later(noticedAt, days(5)) });
});

test('papers that are rejected pause it again only when that has arrived', () => {
  const subject = arrives(asked(), 'acknowledgement-1-sms', later(noticedAt, 60_000));
  comes(at(subject, 5), 'driving-licence');
  comes(subject, 'accident-certificate');
  subject.does(handler, {
    kind: 'reject-document',
    document: 'accident-certificate',
    reason: 'unreadable',
  });
  expect(clock(subject)?.state).toBe('running');
  arrives(at(subject, 8), 'document-rejected-1-sms', later(noticedAt, days(7)));
  expect(clock(subject)).toMatchObject({ state: 'paused', pausedSince: later(noticedAt, days(7)) });
});

test('near its end a supervisor has it on their list, past it a manager; the decision ends both', () => {
  const subject = assessable();
  sleepsTo(subject, 24);
  expect(subject.expecting('clock:decision:item-1:warning')).toMatchObject({
    from: 'supervisor',
    what: 'decision nearly due by law',
  });
  sleepsTo(subject, 31);
  expect(subject.expecting('clock:decision:item-1:warning')).toBeUndefined();
  expect(subject.expecting('clock:decision:item-1:due')).toMatchObject({ from: 'manager' });
  subject.reviewable(yuan(4800));
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(clock(subject)?.state).toBe('stopped');
  expect(subject.expecting('clock:decision:item-1:due')).toBeUndefined();
});

test('no clock where the rules set none, and none ticks in a closed claim', () => {
  const pack = { ...rules.pack, clocks: {} };
  const elsewhere = comes(ClaimUnderTest.covered({}, aPolicy(), { ...rules, pack }), 'driving-licence');
  expect(clock(elsewhere)).toBeUndefined();
  const subject = comes(asked(), 'driving-licence');
  subject.does(handler, { kind: 'withdraw' });
  subject.take({ kind: 'close' });
  expect(nextClockAt(subject.claim)).toBeUndefined();
});

const assess = (amount: number, cuts?: [string, number][]) =>
  assessable().asks(handler, {
    kind: 'assess',
    item: 'item-1',
    amountMinor: yuan(amount),
    ...present({ cuts: cuts ? cuts.map(([reason, part]) => ({ reason, minor: yuan(part) })) : undefined }),
  });

describe('why less is assessed than was claimed (S36)', () => {
  test.each([
    ['nothing', 4000, undefined, 'CNY 800.00 below the claimed amount, and the cuts explain CNY 0.00'],
    ['a part of it', 4000, [['depreciation', 500]], 'cuts explain CNY 500.00'],
    ['more than it', 4000, [['depreciation', 900]], 'cuts explain CNY 900.00'],
    ['a reason that nobody knows', 4000, [['because', 800]], 'use one of depreciation'],
    ['a cut of nothing', 4800, [['depreciation', 0]], 'takes nothing off'],
    [
      'a cut that adds',
      4000,
      [
        ['depreciation', 900],
        ['salvage', -100],
      ],
      'takes nothing off',
    ],
    ['a cut where nothing was cut', 4800, [['depreciation', 100]], 'there is no cut to explain'],
  ] as [string, number, [string, number][] | undefined, string][])(
    '%s does not explain it',
    (_, amount, cuts, sentence) => {
      expect(assess(amount, cuts)).toMatchObject({
        kind: 'denied',
        sentence: expect.stringContaining(sentence),
      });
    },
  );

  test('each part has its reason, and the parts are the difference; as much as was claimed needs none', () => {
    expect(
      assess(4000, [
        ['depreciation', 500],
        ['salvage', 300],
      ]),
    ).toMatchObject({ kind: 'decided' });
    expect(assess(4800)).toMatchObject({ kind: 'decided' });
    expect(assess(5000)).toMatchObject({ kind: 'decided' });
  });
});

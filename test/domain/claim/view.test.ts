import { attributesOf, detailsOf, summaryOf, waitingOn } from '../../../domain/claim/view.ts';
import {
  act,
  anInsuredVehicle,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  noticedAt,
  operator,
  rules,
  yuan,
} from '../../support/builders.ts';

test('a manager reads who a claim waits for, since when, the next action with its time, and what each item lacks', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  expect(detailsOf(subject.claim, rules, subject.now))
    .toBe(`_motor claim, longkou, 2 items, claimed CNY 8300.00_

**survey** since 2026-11-23 10:00 · handler C-301

| waiting on | for | since | next | when |
|---|---|---|---|---|
| surveyor | survey | 2026-11-23 10:00 | escalate to handler | 2026-11-25 10:00 |
| customer | driving-licence | 2026-11-23 10:00 | chase | 2026-11-26 10:00 |
| third-party | repair-invoice (item-2) | 2026-11-23 10:00 | chase | 2026-11-26 10:00 |
| police | police-determination | 2026-11-23 10:00 | chase | 2026-12-12 18:00 (not before 2026-12-09 18:00) |

- **item-1** insured-vehicle: survey; lacks driving-licence (owed), police-determination (owed)
- **item-2** third-party-vehicle: survey; lacks driving-licence (owed), police-determination (owed), repair-invoice (owed)`);
});

test('the lines are in the order in which something happens next', () => {
  expect(waitingOn(ClaimUnderTest.covered().claim).map(({ what }) => what)).toEqual([
    'survey',
    'driving-licence',
    'police-determination',
  ]);
});

test('search attributes hold codes, enums and dates, and say what is broken', () => {
  const subject = ClaimUnderTest.covered();
  subject.take({ kind: 'raise-problem', problem: 'pay:item-1', what: 'the bank does not take payments' });
  subject.does(handler, { kind: 'add-document', document: 'driving-licence', attachment: 'sha' });
  expect(attributesOf(subject.claim)).toMatchObject({
    stage: 'survey',
    line: 'motor',
    handler: 'C-301',
    urgency: 'normal',
    branch: 'longkou',
    problem: 'the bank does not take payments',
    waitingOn: ['handler', 'operations', 'police', 'surveyor'],
    missingDocuments: ['police-determination'],
    nextActionAt: '2026-11-24T02:00:00.000Z',
    amountMinor: 480_000,
    needsReview: false,
  });
});

test.each([
  ['one item', 1, 4800, 'motor claim, longkou, 1 item, claimed CNY 4800.00'],
  ['two items', 2, 4800, 'motor claim, longkou, 2 items, claimed CNY 8300.00'],
  ['a priority', 1, 100_000, 'motor claim, longkou, 1 item, claimed CNY 100000.00, priority'],
] as const)('a summary of a claim with %s', (_, count, claimed, words) => {
  const items = [anInsuredVehicle({ claimed }), aThirdPartyVehicle()].slice(0, count);
  expect(summaryOf(ClaimUnderTest.covered({ items }).claim)).toBe(words);
});

test('a manager reads of a promise by when, of a problem since when, and of a closed claim how it ended', () => {
  const subject = ClaimUnderTest.covered();
  subject.does(handler, act.calls('reached', '2026-12-11', ['driving-licence']));
  subject.take({ kind: 'raise-problem', problem: 'bank:item-1', what: 'the bank does not take payments' });
  expect(detailsOf(subject.claim, rules, subject.now)).toContain('(promised by 2026-12-12 00:00)');
  expect(detailsOf(subject.claim, rules, subject.now)).toContain(
    '**Problem:** the bank does not take payments, since 2026-11-23 10:00',
  );
  subject.does(operator, act.retries()).does(handler, act.withdraws()).messages().take({ kind: 'close' });
  const closed = detailsOf(subject.claim, rules, subject.now);
  expect(closed).toContain('**closed: withdrawn**');
  expect(closed).toContain('- **item-1** insured-vehicle: withdrawn');
  expect(closed).not.toContain('lacks');
  expect(closed).not.toContain('waited for');
});

test('between two steps of its own a claim says that nothing is waited for', () =>
  expect(detailsOf(new ClaimUnderTest().claim, rules, noticedAt)).toContain(
    'the process is taking its next step',
  ));

test('an assessed item shows what is payable, and where it stands', () => {
  const subject = ClaimUnderTest.covered().prepared().assessed(yuan(4000));
  expect(detailsOf(subject.claim, rules, subject.now)).toContain(
    'insured-vehicle: verify, payable CNY 4000.00',
  );
});

test('a claim at review is on the reviewers’ list, one before it is not', () => {
  const subject = ClaimUnderTest.covered().prepared();
  expect(attributesOf(subject.claim).needsReview).toBe(false);
  expect(attributesOf(subject.reviewable(yuan(4800)).claim)).toMatchObject({
    needsReview: true,
    stage: 'review',
  });
});

test('many different problems fit the 255 characters of a keyword', () => {
  const subject = ClaimUnderTest.covered();
  for (let index = 0; index < 20; index += 1)
    subject.take({
      kind: 'raise-problem',
      problem: `bank:${index}`,
      what: `the bank does not take ${index}`,
    });
  expect(attributesOf(subject.claim).problem).toHaveLength(255);
});

import { attributesOf, detailsOf, waitingOn } from '../../../domain/claim/view.ts';
import {
  anInsuredVehicle,
  aThirdPartyVehicle,
  ClaimUnderTest,
  handler,
  rules,
} from '../../support/builders.ts';

test('a manager reads whom a claim waits for, since when, what is next and when, and what each item lacks', () => {
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

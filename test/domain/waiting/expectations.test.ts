import type { Claim } from '../../../domain/claim/claim.ts';
import {
  expectationChanges,
  laddersBesideRoad,
  isPaused,
  unreachedParty,
} from '../../../domain/waiting/expectations.ts';
import type { Expectation } from '../../../domain/waiting/expectation.ts';
import {
  act,
  allPapers,
  anInsuredVehicle,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  daysAfter,
  ClaimUnderTest,
  finance,
  handler,
  manager,
  noticedAt,
  operator,
  rules,
  seniorReviewer,
  sure,
  yuan,
  aNote,
} from '../../support/builders.ts';
import { groundsAt } from '../stories.ts';

const two = { items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()] };
const large = (): ClaimUnderTest => ClaimUnderTest.covered(two).prepared('item-1', allPapers);
test.each<[string, () => ClaimUnderTest, string, Partial<Expectation>]>([
  [
    'a survey by the surveyor',
    () => ClaimUnderTest.covered(two),
    'survey',
    { from: 'surveyor', what: 'survey', ladder: 'survey' },
  ],
  [
    'a paper of the claim by the claimant',
    () => ClaimUnderTest.covered(two),
    'document:claim:driving-licence',
    { from: 'customer', what: 'driving-licence', ladder: 'document', ask: 'party-1' },
  ],
  [
    'a paper that police make by the claimant, from when it can exist',
    () => ClaimUnderTest.covered(two),
    'document:claim:police-determination',
    { from: 'police', ask: 'party-1', notBefore: '2026-12-09T10:00:00.000Z' },
  ],
  [
    'a paper of the third party’s item by the third party',
    () => ClaimUnderTest.covered(two),
    'document:item-2:repair-invoice',
    { from: 'third-party', item: 'item-2', ask: 'party-2' },
  ],
  [
    'a look at what has come by the handler',
    () => ClaimUnderTest.covered(two).does(handler, act.adds('repair-invoice', 'item-2')),
    'check:item-2:repair-invoice',
    { from: 'handler', what: 'check repair-invoice', ladder: 'handler', item: 'item-2' },
  ],
  [
    'an assessment by the handler',
    large,
    'assess:item-1',
    { from: 'handler', what: 'assess', ladder: 'handler', item: 'item-1' },
  ],
  [
    'a second look by a verifier',
    () => large().assessed(yuan(8000)),
    'verify:item-1',
    { from: 'verifier', what: 'verify', ladder: 'verifier', item: 'item-1' },
  ],
  [
    'an account by whose item it is',
    () => {
      const { account: _, ...party } = aPolicyholder();
      const subject = ClaimUnderTest.covered({ ...two, parties: [party, aThirdParty()] }).prepared(
        'item-1',
        allPapers,
      );
      subject.reviewable(yuan(8000));
      return subject;
    },
    'payee:item-1',
    { from: 'customer', what: 'payee-account', ladder: 'payee', item: 'item-1', ask: 'party-1' },
  ],
  [
    'a decision by a reviewer',
    () => large().reviewable(yuan(8000)),
    'review:item-1',
    { from: 'reviewer', what: 'review', ladder: 'review', item: 'item-1' },
  ],
  [
    'a confirmation by the bank',
    () => large().instructed(yuan(8000)),
    'confirm:L0000-00000-item-1-payment-1',
    { from: 'bank', what: 'confirm', ladder: 'bank', item: 'item-1' },
  ],
  [
    'an answer to a text by the handler',
    () => {
      const subject = ClaimUnderTest.covered(two);
      subject.take({ kind: 'text-arrived', party: 'party-2', note: aNote() });
      return subject;
    },
    'answer:party-2',
    { from: 'handler', what: 'call third-party', ladder: 'handler' },
  ],
  [
    'a call by the handler to a party that nothing reaches',
    () => ClaimUnderTest.covered(two).messages({ kind: 'undeliverable', code: 'c', why: 'contact' }),
    'reach:party-2',
    { from: 'handler', what: 'call third-party', ladder: 'unreached' },
  ],
  [
    'a mend by operations',
    () => {
      const subject = ClaimUnderTest.covered(two);
      subject.take({
        kind: 'raise-problem',
        problem: 'bank:item-1',
        what: 'the bank does not take payments',
      });
      return subject;
    },
    'problem:bank:item-1',
    { from: 'operations', what: 'the bank does not take payments', ladder: 'operations' },
  ],
])('a claim waits for %s', (_, subject, id, expected) => {
  const open = sure(subject().expecting(id));
  expect(open).toMatchObject(expected);
  expect([open.item, open.ask]).toEqual([expected.item, expected.ask]);
});

test('a letter waits for somebody to post it, and ends with that', () => {
  const subject = ClaimUnderTest.covered({
    parties: [aPolicyholder({ reach: { sms: false, email: false } })],
  });
  subject.messages();
  const [letter] = subject.claim.letters;
  expect(subject.expecting(`post:${letter}`)).toMatchObject({ from: 'operations', what: 'post-letter' });
  subject.does(operator, act.posts(sure(letter)));
  expect(subject.claim.expectations.filter(({ id }) => id.startsWith('post:'))).toEqual([]);
});

test('before it is acknowledged a claim waits for nothing but what is broken', () => {
  const subject = new ClaimUnderTest();
  expect(subject.waitsFor()).toEqual([]);
  subject.take({ kind: 'raise-problem', problem: 'rules:entries', what: 'w' });
  expect(subject.waitsFor()).toEqual(['problem:rules:entries']);
});

test('two items that need one paper of the claim wait for it once', () => {
  const papers = ClaimUnderTest.covered(two)
    .waitsFor()
    .filter((id) => id.startsWith('document:'));
  expect(papers).toEqual([
    'document:claim:driving-licence',
    'document:claim:police-determination',
    'document:item-1:repair-invoice',
    'document:item-2:repair-invoice',
  ]);
});

test('each attempt at a payment is waited for by itself', () => {
  const subject = large().instructed(yuan(8000));
  subject.take({ kind: 'bank-returned', payment: subject.payment(), reason: 'AC04' });
  expect(subject.waitsFor()).toContain('payee:item-1');
  expect(subject.waitsFor()).toContain('clear:item-1');
  subject.does(handler, act.setsPayee('account-2')).does(finance, act.clears('account-wrong'));
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of [seniorReviewer, manager]) subject.asks(person, act.approves(subject.hash()));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment() });
  expect(subject.waitsFor()).toContain('confirm:L0000-00000-item-1-payment-2');
});

test.each<[string, (subject: ClaimUnderTest) => ClaimUnderTest, string, string]>([
  [
    'what came',
    (subject) => subject.does(handler, act.adds('driving-licence')),
    'document:claim:driving-licence',
    'met',
  ],
  [
    'what a substitute settles',
    (subject) => subject.does(handler, act.adds('accident-certificate')),
    'document:claim:police-determination',
    'met',
  ],
  [
    'what nobody needs any more',
    (subject) => subject.does(handler, act.withdraws()),
    'document:claim:driving-licence',
    'withdrawn',
  ],
  [
    'a survey that nobody needs any more',
    (subject) => subject.does(handler, act.withdraws()),
    'survey',
    'withdrawn',
  ],
])('%s is ended as met or as withdrawn', (_, change, id, how) => {
  const subject = ClaimUnderTest.covered();
  const before = subject.claim;
  change(subject);
  const ended = expectationChanges(
    { ...subject.claim, expectations: before.expectations },
    rules,
    noticedAt,
  ).filter((each) => each.kind === 'expectation-ended' && each.expectation === id);
  expect(ended).toEqual([{ kind: 'expectation-ended', expectation: id, how }]);
});

test.each<[string, Partial<Expectation>, boolean]>([
  ['without any date', {}, false],
  ['before it can exist', { notBefore: daysAfter(1) }, true],
  ['from the moment that it can exist', { notBefore: noticedAt }, false],
  ['before a promise ends', { promised: daysAfter(1) }, true],
  ['when a promise ends', { promised: noticedAt }, false],
  ['with a promise over and not yet to exist', { promised: daysAfter(-1), notBefore: daysAfter(1) }, true],
])('nobody is chased, or somebody is: %s', (_, change, held) => {
  const [open] = ClaimUnderTest.covered().claim.expectations;
  expect(isPaused({ ...sure(open), ...change }, noticedAt)).toBe(held);
});

test('a survey that nobody needs because nothing is covered is ended as withdrawn', () => {
  const subject = ClaimUnderTest.covered();
  const open = subject.claim.expectations;
  subject.does(handler, act.corrects({ policy: 'P-2' })).take({ kind: 'check-cover', policy: undefined });
  expect(expectationChanges({ ...subject.claim, expectations: open }, rules, noticedAt)).toContainEqual({
    kind: 'expectation-ended',
    expectation: 'survey',
    how: 'withdrawn',
  });
});

test('what cannot exist before another day than was thought is waited for anew', () => {
  const { claim } = ClaimUnderTest.covered();
  const changes = expectationChanges({ ...claim, lossAt: '2026-11-17T10:00:00.000Z' }, rules, daysAfter(1));
  expect(changes).toMatchObject([
    { kind: 'expectation-ended', expectation: 'document:claim:police-determination' },
    {
      expectation: {
        id: 'document:claim:police-determination',
        notBefore: '2026-12-04T10:00:00.000Z',
        rung: 0,
      },
    },
  ]);
});

test('after closing only what holds up the last words is waited for; a letter that lay there lies in the journal', () => {
  const { claim } = ClaimUnderTest.covered();
  const problem = { id: 'sms:messages', what: 'w', since: noticedAt };
  const closed: Claim = {
    ...claim,
    outcome: 'withdrawn',
    letters: ['formal-notice-1-letter'],
    problems: [problem],
    expectations: [],
  };
  expect(
    expectationChanges(closed, rules, noticedAt).map((each) => 'expectation' in each && each.expectation),
  ).toMatchObject([{ id: 'problem:sms:messages' }]);
});

test('the party that a call to reach is about', () => {
  expect(unreachedParty({ id: 'reach:party-2' })).toBe('party-2');
  expect(unreachedParty({ id: 'call:party-2' })).toBeUndefined();
});

test('an escalation ends with what it is about, a call with the last that the party owes', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle()] });
  const rung = (change: Partial<Expectation>): Claim => ({
    ...subject.claim,
    expectations: subject.claim.expectations.map((open) =>
      open.what === 'driving-licence' ? { ...open, ...change } : open,
    ),
  });
  subject.claim = rung({ escalatedTo: ['supervisor', 'manager'], callDue: true });
  subject.does(handler, act.notes());
  const about = [
    'call:party-1',
    ...['manager', 'supervisor'].map((to) => `escalation:${to}:document:claim:driving-licence`),
  ];
  expect(subject.waitsFor()).toEqual(expect.arrayContaining(about));
  subject.does(handler, act.adds('driving-licence'));
  expect(subject.waitsFor().filter((id) => about.includes(id))).toEqual([]);
});

test.each(groundsAt('ordinary'))('the ladders beside the road are there in %s', (_, ground) =>
  expect(laddersBesideRoad.filter((ladder) => !ground.rules.pack.ladders[ladder])).toEqual([]),
);

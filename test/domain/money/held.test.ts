import { findings, heldBy, type Finding } from '../../../domain/claim/claim.ts';
import type { Command } from '../../../domain/claim/commands.ts';
import { nextStep } from '../../../domain/road/road.ts';
import {
  act,
  anInsuredVehicle,
  aThirdPartyVehicle,
  ClaimUnderTest,
  finance,
  handler,
  manager,
  pack,
  seniorReviewer,
  yuan,
} from '../../support/builders.ts';

const step = (subject: ClaimUnderTest) => nextStep(subject.claim, subject.item(), pack);

const atTheBank = (): ClaimUnderTest =>
  ClaimUnderTest.covered({
    items: [anInsuredVehicle({ claimed: 8000 }), aThirdPartyVehicle()],
  })
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .instructed(yuan(8000));

const one = 'L0000-00000-item-1-payment-1';
const pays: Command = { kind: 'payment-instructed', item: 'item-1', payment: one };
const two = 'L0000-00000-item-1-payment-2';

type Word = [payment: string, word: string];

function says(subject: ClaimUnderTest, ...words: Word[]): ClaimUnderTest {
  for (const [payment, word] of words) {
    const command: Command = word.startsWith('B')
      ? { kind: 'bank-confirmed', payment, reference: word }
      : { kind: 'bank-returned', payment, reason: word };
    subject.take(command);
  }
  return subject;
}

const kinds = (subject: ClaimUnderTest): string[] => subject.item().payments.map(({ kind }) => kind);

/** On to the next payment at the bank, after a return that finance has cleared. */
function paidAnew(subject: ClaimUnderTest): ClaimUnderTest {
  subject.does(handler, act.setsPayee('another')).does(finance, act.clears('account-wrong'));
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of [seniorReviewer, manager]) subject.asks(person, act.approves(subject.hash()));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment() });
  return subject;
}

test.each<[string, Word[], string, string | undefined, string[]]>([
  ['it is returned', [[one, 'AC04']], 'payee', 'returned', ['returned']],
  [
    'it is returned after it was confirmed (M11)',
    [
      [one, 'B-1'],
      [one, 'AC04'],
    ],
    'payee',
    'returned',
    ['returned'],
  ],
  [
    'it is confirmed after it was returned (M12)',
    [
      [one, 'AC04'],
      [one, 'B-1'],
    ],
    'clear',
    'confirmed-after-return',
    ['disputed'],
  ],
  ['it is a duplicate', [[one, 'AM05']], 'clear', 'duplicate', ['returned']],
  [
    'it has two references',
    [
      [one, 'B-1'],
      [one, 'B-2'],
    ],
    'clear',
    'two-references',
    ['confirmed'],
  ],
  [
    'it is confirmed twice',
    [
      [one, 'B-1'],
      [one, 'B-1'],
    ],
    'conclude',
    undefined,
    ['confirmed'],
  ],
  [
    'it is returned twice',
    [
      [one, 'AC04'],
      [one, 'AC04'],
    ],
    'payee',
    'returned',
    ['returned'],
  ],
  [
    'all words at once',
    [
      [one, 'B-1'],
      [one, 'AC04'],
      [one, 'B-1'],
      [one, 'AC04'],
    ],
    'clear',
    'confirmed-after-return',
    ['disputed'],
  ],
])('%s', (_, words, at, why, expected) => {
  const subject = says(atTheBank(), ...words);
  expect([step(subject), heldBy(subject.item())?.why, kinds(subject)]).toEqual([at, why, expected]);
  if (why) expect(subject.expecting('clear:item-1')).toMatchObject({ from: 'finance', what: 'clear' });
});

test('a return after the item has ended opens it again, while the claim is open', () => {
  const subject = says(atTheBank(), [one, 'B-1']);
  subject.take({ kind: 'conclude', item: 'item-1' });
  expect(subject.item().outcome).toMatchObject({ kind: 'paid' });
  says(subject, [one, 'AC04']);
  expect([subject.item().outcome, step(subject)]).toEqual([undefined, 'payee']);
});

test.each<[string, Word, string]>([
  ['a return', [one, 'AC04'], 'payee'],
  ['another reference', [one, 'B-2'], 'clear'],
])('%s after the claim has closed reopens it', (_, word, stage) => {
  const subject = says(atTheBank(), [one, 'B-1']);
  subject.take({ kind: 'conclude', item: 'item-1' });
  subject.does(handler, act.withdraws('item-2')).messages();
  subject.take({ kind: 'close' });
  expect(subject.claim).toMatchObject({ outcome: 'partly-paid', stage: 'closed' });
  const before = subject.claim.seq;
  says(subject, [one, 'B-1']);
  expect(subject.claim.seq).toBe(before);
  says(subject, word);
  expect(subject.claim).toMatchObject({ stage });
  expect(subject.claim.outcome).toBeUndefined();
  expect(subject.waitsFor()).toContain('clear:item-1');
});

const situations: Record<string, { words: Word[]; fits: Partial<Record<Finding, string>> }> = {
  'a return': { words: [[one, 'AC04']], fits: { 'not-paid': 'payee', 'account-wrong': 'payee' } },
  'a duplicate': {
    words: [[one, 'AM05']],
    fits: { duplicate: 'confirm', 'paid-once': 'conclude', 'not-paid': 'score', 'account-wrong': 'payee' },
  },
  'a confirmation after a return': {
    words: [
      [one, 'AC04'],
      [one, 'B-1'],
    ],
    fits: { 'paid-once': 'conclude', 'not-paid': 'payee', 'account-wrong': 'payee' },
  },
  'two references': {
    words: [
      [one, 'B-1'],
      [one, 'B-2'],
    ],
    fits: { 'paid-once': 'conclude', 'paid-twice': 'conclude' },
  },
};

describe.each(Object.entries(situations))('%s', (_, { words, fits }) => {
  test.each(findings)('finance finds: %s', (finding) => {
    const subject = says(atTheBank(), ...words);
    const answer = subject.asks(finance, act.clears(finding));
    expect(answer.kind === 'denied' ? undefined : step(subject)).toBe(fits[finding]);
  });
});

test('paid once, the item ends as paid with that payment, and its reference', () => {
  const subject = says(atTheBank(), [one, 'AC04'], [one, 'B-1']).does(finance, act.clears('paid-once'));
  subject.take({ kind: 'conclude', item: 'item-1' });
  expect(subject.item().outcome).toMatchObject({ kind: 'paid', reference: 'B-1' });
});

test('a late confirmation while the next payment is at the bank holds the item, and the bank is still waited for', () => {
  const subject = says(paidAnew(says(atTheBank(), [one, 'AC04'])), [one, 'B-1']);
  expect(kinds(subject)).toEqual(['disputed', 'instructed']);
  expect(subject.waitsFor()).toEqual(expect.arrayContaining(['clear:item-1', `confirm:${two}`]));
  expect(subject.asks(finance, act.clears('paid-once'))).toMatchObject({ reason: 'not-now' });
  subject.does(finance, act.clears('paid-twice'));
  says(subject, [two, 'B-2']);
  expect([step(subject), kinds(subject)]).toEqual(['conclude', ['disputed', 'confirmed']]);
  // The second payment came back: the first one is perhaps the only one now.
  says(subject, [two, 'AC04']);
  expect([step(subject), heldBy(subject.item())?.payment]).toEqual(['clear', one]);
  subject.does(finance, act.clears('paid-once')).does(finance, act.clears('not-paid'));
  expect(step(subject)).toBe('conclude');
});

test('the payee of a duplicate is not asked again', () => {
  const subject = says(atTheBank(), [one, 'AM05']);
  expect(subject.item().payee).toBeDefined();
  expect(subject.waitsFor()).not.toContain('payee:item-1');
  expect(subject.claim.outbox.map(({ kind }) => kind)).not.toContain('payment-returned');
});

test('nothing is paid while a withdrawal is requested: neither by people nor by the rules (M21)', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.take({ kind: 'request-withdrawal' });
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('review');
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(step(subject)).toBe('pay');
  expect(subject.take(pays)).toMatchObject({ kind: 'denied', reason: 'not-now' });
  subject.does(handler, act.keepsOpen()).take(pays);
  expect(step(subject)).toBe('confirm');
});

test('nobody knows who filed it: the rules release nothing', () => {
  const subject = ClaimUnderTest.covered().prepared().reviewable(yuan(4800));
  subject.claim = { ...subject.claim, filedBy: 'anybody' };
  subject.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(step(subject)).toBe('review');
});

test('an approval expires: the payment is reviewed again', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 380_000 })] })
    .prepared('item-1', ['driving-licence', 'police-determination', 'repair-invoice'])
    .reviewable(yuan(380_000));
  subject.does(seniorReviewer, act.approves(subject.hash())).on(31);
  const answer = subject.asks(manager, act.approves(subject.hash()));
  expect(answer.kind === 'decided' && answer.entries.slice(0, 2)).toMatchObject([
    { kind: 'approval-voided', because: 'expired', giver: 'R-502' },
    { kind: 'approved', by: 'M-601' },
  ]);
  expect(step(subject)).toBe('review');
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(step(subject)).toBe('pay');
});

test('the gate found that a giver may not approve: the payment is dropped and reviewed again', () => {
  const subject = atTheBank();
  const { of } = subject.item().payments[0] ?? { of: '' };
  const by = subject.item().approvals.map((approval) => approval.by);
  subject.take({
    kind: 'void-approvals',
    item: 'item-1',
    payment: one,
    by: ['R-502'],
    because: 'giver-dismissed',
  });
  expect([step(subject), kinds(subject)]).toEqual(['review', ['dropped']]);
  expect(subject.item().approvals.map((approval) => approval.by)).toEqual(
    by.filter((code) => code !== 'R-502'),
  );
  subject.does(manager, act.approves(of));
  expect([step(subject), subject.payment()]).toEqual(['pay', two]);
});

test('the bank is asked again at most every ten minutes, also by strangers', () => {
  const subject = atTheBank();
  expect(subject.asks(finance, act.asksBank('nonsense'))).toMatchObject({ reason: 'not-now' });
  expect(subject.asks(finance, act.asksBank())).toMatchObject({
    entries: [{ kind: 'bank-asked', payments: [one] }],
  });
  expect(subject.take({ kind: 'ask-bank' })).toMatchObject({ reason: 'not-now' });
  subject.on(1);
  expect(subject.take({ kind: 'ask-bank', payment: one })).toMatchObject({ kind: 'decided' });
});

import fc from 'fast-check';
import type { Claim, Documents, Item, ItemOutcome, Payment } from '../../../domain/claim/claim.ts';
import { payableHash } from '../../../domain/money/payable.ts';
import {
  isOwnStep,
  isSettled,
  laddersOfRoad,
  nextClaimStep,
  nextStep,
  owedByParties,
  returnedTo,
  road,
  staffSteps,
  stageOf,
  takerOf,
} from '../../../domain/road/road.ts';
import { claimSteps, itemSteps, type ItemStep } from '../../../domain/road/steps.ts';
import { ClaimUnderTest, noticedAt, pack, yuan } from '../../support/builders.ts';
import { claimsOf, groundsAt, play, scriptsOn } from '../stories.ts';

const accepted: Documents[string] = { state: 'accepted', attachments: ['sha'], by: 'C-301' };

const paper = { 'driving-licence': accepted, 'police-determination': accepted };
const paid: ItemOutcome = { kind: 'paid', amountMinor: 1, reference: 'B-1' };
const payment = (kind: 'approved' | 'instructed', of = 'h'): Payment => ({
  kind,
  id: 'p-1',
  of,
  amountMinor: yuan(4800),
  excessMinor: 0,
  at: noticedAt,
  to: 'party-1',
});
const confirmed: Payment = { ...payment('approved'), kind: 'confirmed', reference: 'B-1' };
const returned: Payment = { ...payment('approved'), kind: 'returned', reason: 'AC04' };
const refusal = { clause: 'fraud', reasons: [], by: 'R-501' };
const verified = (version = 1): Partial<Item> => ({ signedOff: { verify: { version, by: 'V-401' } } });
const assessed = (amountMinor = yuan(4800), version = 1): Partial<Item> => ({
  receipt: { number: 'r', at: noticedAt },
  assessment: { version, amountMinor, by: 'C-301' },
  assessments: version,
});
const payee: Partial<Item> = { payee: { party: 'party-1', account: 'account-1', changed: false } };

/** A covered and surveyed claim with its papers, whose only item is like this. */
function claimWith(change: Partial<Item>, ofClaim: Partial<Claim> = {}): { claim: Claim; item: Item } {
  const subject = ClaimUnderTest.covered();
  const item: Item = { ...subject.item(), ...change };
  const survey = { by: 'S-201', at: noticedAt, onScene: true };
  return { claim: { ...subject.claim, survey, documents: paper, items: [item], ...ofClaim }, item };
}

const stepOf = (change: Partial<Item>, ofClaim: Partial<Claim> = {}): ItemStep | undefined => {
  const { claim, item } = claimWith(change, ofClaim);
  return nextStep(claim, item, pack);
};

/** The hash of the payable of an item like this. */
function hashOf(change: Partial<Item>): string {
  const { claim, item } = claimWith(change);
  return payableHash(claim, item) ?? 'none';
}
const ready = { ...assessed(), ...verified(), ...payee };
const hash = hashOf(ready);
const scored: Partial<Item> = { ...ready, score: { of: hash, points: 0, factors: [] } };

test.each<[string, Partial<Item>, ItemStep | undefined]>([
  ['its papers are there', {}, 'receipt'],
  ['it has its receipt', { receipt: { number: 'r', at: noticedAt } }, 'assess'],
  ['it is assessed', assessed(), 'verify'],
  ['another version was verified', { ...assessed(yuan(4800), 2), ...verified(1) }, 'verify'],
  ['it is verified', { ...assessed(), ...verified() }, 'payee'],
  ['it is verified and nothing is payable', { ...assessed(0), ...verified() }, 'conclude'],
  ['its payee is known', ready, 'score'],
  ['something else was scored', { ...ready, score: { of: 'x', points: 0, factors: [] } }, 'score'],
  ['it is scored', scored, 'review'],
  ['something else was approved', { ...scored, payments: [payment('approved', 'x')] }, 'review'],
  ['it is approved', { ...scored, payments: [payment('approved', hash)] }, 'pay'],
  ['the bank has it', { ...scored, payments: [payment('instructed', hash)] }, 'confirm'],
  [
    'the bank has it, though papers are sent back',
    { documents: {}, payments: [payment('instructed')] },
    'confirm',
  ],
  ['the bank has paid', { ...scored, payments: [confirmed] }, 'conclude'],
  ['the bank has returned it', { ...assessed(), ...verified(), payments: [returned] }, 'payee'],
  ['it is to be refused', { refusal }, 'review'],
  ['it is to be refused after the assessment', { ...assessed(), refusal }, 'review'],
  ['it is refused for good', { refusal: { ...refusal, confirmedBy: 'M-601' } }, 'conclude'],
  ['it is refused while the bank has its payment', { refusal, payments: [payment('instructed')] }, 'confirm'],
  ['it has ended', { outcome: paid }, undefined],
])('when %s the next step of an item follows', (_, change, step) => expect(stepOf(change)).toBe(step));

test('a paper that is missing comes before everything, until the bank has the payment', () => {
  expect(stepOf(scored, { documents: {} })).toBe('documents');
  expect(stepOf({ ...scored, payments: [payment('instructed', hash)] }, { documents: {} })).toBe('confirm');
});

test.each<[string, Partial<Claim>, string | undefined]>([
  ['it is acknowledged first', { acknowledged: false }, 'acknowledge'],
  ['then cover is checked', { cover: undefined, survey: undefined }, 'cover'],
  ['then it is surveyed', { survey: undefined }, 'survey'],
  ['where the rules do without a survey the items go', { survey: undefined, surveyWaived: true }, undefined],
  ['after the survey the items go', {}, undefined],
])('a claim: %s', (_, change, step) => expect(nextClaimStep(claimWith({}, change).claim)).toBe(step));

test('nobody is sent to look at what is to be refused or has ended, but at what is left', () => {
  const none = { survey: undefined };
  expect(nextClaimStep(claimWith({ refusal }, none).claim)).toBeUndefined();
  expect(nextClaimStep(claimWith({ outcome: paid }, none).claim)).toBeUndefined();
  const { claim, item } = claimWith({ refusal }, none);
  expect(nextClaimStep({ ...claim, items: [item, { ...item, refusal: undefined }] })).toBe('survey');
});

test.each<[ItemStep, (keyof Item)[]]>([
  ['documents', ['receipt', 'assessment', 'signedOff', 'score', 'approvals', 'refusal', 'payments']],
  ['assess', ['assessment', 'signedOff', 'score', 'approvals', 'refusal', 'payments']],
  ['verify', ['signedOff', 'score', 'approvals', 'refusal', 'payments']],
  ['payee', ['score', 'approvals', 'refusal', 'payments']],
  ['review', ['approvals', 'refusal', 'payments']],
  ['pay', ['payments']],
  ['confirm', []],
])('returned to %s, what was done from there on is gone, and nothing else', (to, gone) => {
  const { item } = claimWith({
    ...scored,
    refusal,
    approvals: [{ of: hash, by: 'R-501', at: noticedAt }],
    payments: [returned, payment('approved')],
  });
  const back = returnedTo(to, item);
  const emptied: Partial<Item> = { signedOff: {}, approvals: [], payments: [returned] };
  for (const [name, value] of Object.entries(item)) {
    const isGone = gone.some((each) => each === name);
    expect([name, Object.entries(back).find(([each]) => each === name)?.[1]]).toEqual([
      name,
      isGone ? Object.entries(emptied).find(([each]) => each === name)?.[1] : value,
    ]);
  }
});

test.each<[string, Partial<Claim>, boolean]>([
  ['its item is open', { items: [claimWith({}).item] }, false],
  ['a message is still to be sent', { outbox: [outgoing()] }, false],
  ['somebody has not been reached', { unreached: [{ party: 'party-1', notification: 'paid-1-sms' }] }, false],
  ['a letter is to be posted', { letters: ['formal-notice-1-letter'] }, false],
  ['something is broken', { problems: [{ id: 'bank:item-1', what: 'w', since: noticedAt }] }, false],
  ['nothing is left', {}, true],
])('a claim may be closed, or not: %s', (_, change, settled) => {
  const { claim } = claimWith({ outcome: paid });
  expect(isSettled({ ...claim, outbox: [], ...change })).toBe(settled);
});

function outgoing(): Claim['outbox'][number] {
  return { id: 'paid-1-sms', kind: 'paid', seq: 1, channel: 'sms', to: { party: 'party-1' }, facts: {} };
}

test.each<[string, Partial<Claim>, string]>([
  ['its own step first', { survey: undefined }, 'survey'],
  ['its least advanced open item', {}, 'receipt'],
  ['closed when it has an outcome', { outcome: 'paid' }, 'closed'],
])('a claim stands at %s', (_, change, stage) => {
  const { claim, item } = claimWith(scored);
  const items = [item, { ...claimWith({}).item, id: 'item-2', claimedMinor: yuan(100) }];
  expect(stageOf({ ...claim, items, ...change }, pack)).toBe(stage);
});

test('an item that has ended does not hold up where the claim stands, and without open items it concludes', () => {
  const { claim, item } = claimWith(scored);
  const ended: Item = { ...claimWith({ outcome: paid }).item, id: 'item-2', claimedMinor: yuan(100) };
  expect(stageOf({ ...claim, items: [ended, item] }, pack)).toBe('review');
  expect(stageOf({ ...claim, items: [ended] }, pack)).toBe('conclude');
});

test('who takes which step', () => {
  const takers = [...claimSteps, ...itemSteps].map((step) => {
    const taker = takerOf(step);
    return `${step}: ${typeof taker === 'string' ? taker : taker.who}`;
  });
  expect(takers).toEqual([
    'acknowledge: process',
    'cover: process',
    'survey: surveyor',
    'documents: papers',
    'receipt: process',
    'assess: handler',
    'verify: verifier',
    'payee: owner',
    'clear: finance',
    'score: process',
    'review: reviewer',
    'pay: process',
    'confirm: bank',
    'conclude: process',
  ]);
  expect(staffSteps).toEqual(['survey', 'assess', 'verify', 'clear', 'review', 'confirm']);
  expect(owedByParties).toEqual(['payee-account']);
  expect([...claimSteps, ...itemSteps].filter(isOwnStep)).toHaveLength(6);
});

test.each(groundsAt('ordinary'))('every ladder of the road is there in %s', (_, { rules }) => {
  expect(laddersOfRoad.filter((ladder) => !rules.pack.ladders[ladder]?.length)).toEqual([]);
});

test('the law’s time ends with the decision: from the payment on, and not before', () =>
  expect(itemSteps.filter((step) => road[step].isAfterDecision)).toEqual(['pay', 'confirm', 'conclude']));

const openingAgain = ['bank-confirmed', 'bank-returned', 'clear-payment', 'reopen'];

test.each(groundsAt('ordinary'))(
  'in %s only the bank and a supervisor open an item again, and only the bank changes what it has confirmed',
  (_, ground) => {
    fc.assert(
      fc.property(scriptsOn(ground), (script) => {
        for (const { before, after, command } of play(script, ground).turns)
          for (const [index, item] of before.items.entries()) {
            if (openingAgain.includes(command.kind)) continue;
            const since = after.items[index];
            if (item.outcome) expect(since?.outcome).toEqual(item.outcome);
            for (const each of item.payments.filter(({ kind }) => kind === 'confirmed'))
              expect(since?.payments).toContainEqual(each);
          }
      }),
      { numRuns: 25 },
    );
  },
);

test.each(groundsAt('ordinary'))(
  'in %s the stage that a claim shows is where its road stands',
  (_, ground) => {
    fc.assert(
      fc.property(scriptsOn(ground), (script) => {
        for (const claim of claimsOf(play(script, ground)))
          expect(claim.stage).toBe(stageOf(claim, ground.rules.pack));
      }),
      { numRuns: 25 },
    );
  },
);

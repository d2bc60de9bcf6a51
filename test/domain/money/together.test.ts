import fc from 'fast-check';
import type { Claim } from '../../../domain/claim/claim.ts';
import { requiredDocuments } from '../../../domain/documents/requirements.ts';
import { approvalsNeeded, isSmallLoss, releasedByRules } from '../../../domain/money/authority.ts';
import { cutsOf, cumulativeMinor, excessOf, payableMinor } from '../../../domain/money/payable.ts';
import type { RelatedClaim, Stake, Tie } from '../../../domain/money/related.ts';
import { riskOf } from '../../../domain/money/risk.ts';
import { tiesOf } from '../../../domain/money/ties.ts';
import { stakesOf, likelyDuplicates } from '../../../domain/money/together.ts';
import type { RulePack } from '../../../domain/rules/pack.ts';
import {
  act,
  anInsuredVehicle,
  anOpening,
  aPolicy,
  aPolicyholder,
  aThirdParty,
  aThirdPartyVehicle,
  ClaimUnderTest,
  daysAfter,
  handler,
  juniorReviewer,
  manager,
  pack,
  seniorReviewer,
  supervisor,
  sure,
  verifier,
  yuan,
} from '../../support/builders.ts';

const other = 'L1111-11111';
const vehicle = 'insured-vehicle';

/** Another claim, as the records would have it. */
const related = (
  stake: number,
  { why = ['policy'], object = vehicle, paid = 0, excess = 0, closedAt }: RelatedChange = {},
): RelatedClaim => ({
  claim: other,
  why,
  ...(closedAt === undefined ? {} : { closedAt }),
  objects: {
    [object]: { stakeMinor: yuan(stake), paidMinor: yuan(paid), excessMinor: yuan(excess) } satisfies Stake,
  },
});
interface RelatedChange {
  why?: Tie[];
  object?: string;
  paid?: number;
  excess?: number;
  closedAt?: string;
}

const knowing = (subject: ClaimUnderTest, ...others: RelatedClaim[]): ClaimUnderTest => {
  subject.take({ kind: 'relate', elsewhere: { related: others, policyPaid: {} } });
  return subject;
};

const invoice = ({ claim, item }: { claim: Claim; item: Claim['items'][number] }): boolean =>
  requiredDocuments(claim, item, pack).some(({ kind }) => kind === 'repair-invoice');
const asked = (subject: ClaimUnderTest): boolean => invoice({ claim: subject.claim, item: subject.item() });

const allPapers = ['driving-licence', 'police-determination', 'repair-invoice'];

test.each<[string, RelatedClaim[], boolean]>([
  ['alone', [], false],
  ['as half of one loss (M4)', [related(4900)], true],
  ['with another object of the loss', [related(4900, { object: 'third-party-vehicle' })], false],
  ['with another loss to the same account', [related(4900, { why: ['account'] })], false],
  ['with the same vehicle under another policy', [related(4900, { why: ['vehicle'] })], true],
  ['of the same person under a policy of many people', [related(4900, { why: ['person', 'policy'] })], true],
  ['with what was refused there', [related(0)], false],
  ['with what was paid there already', [related(0, { paid: 4900 })], true],
])('the invoice of a loss of 4,900 %s', (_, others, wanted) => {
  const subject = knowing(
    ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 4900 })] }),
    ...others,
  );
  expect(asked(subject)).toBe(wanted);
});

test('papers and urgency follow the larger of claimed and assessed, and every correction (M13)', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 4900 })] }).prepared();
  expect([asked(subject), subject.claim.urgency]).toEqual([false, 'normal']);
  subject.assessed(yuan(490_000));
  expect([asked(subject), subject.claim.urgency]).toEqual([true, 'priority']);
  expect(subject.waitsFor()).toContain('document:item-1:repair-invoice');
  subject.assessed(yuan(4900));
  expect([asked(subject), subject.claim.urgency]).toEqual([false, 'normal']);
  subject.does(handler, act.corrects({ item: { id: 'item-1', claimedMinor: yuan(100_000) } }));
  expect([asked(subject), subject.claim.urgency]).toEqual([true, 'priority']);
});

test('one car as two items needs the papers of the whole', () => {
  const items = [
    anInsuredVehicle({ claimed: 2600 }),
    { ...anInsuredVehicle({ claimed: 2600 }), id: 'item-2' },
  ];
  expect(asked(ClaimUnderTest.covered({ items }))).toBe(true);
});

describe('the excess is taken once a loss', () => {
  const policy = aPolicy({
    objects: { [vehicle]: { sumInsuredMinor: yuan(500_000), excessMinor: yuan(2000) } },
  });
  const twoItems = (): ClaimUnderTest =>
    ClaimUnderTest.covered(
      {
        items: [
          anInsuredVehicle({ claimed: 1500 }),
          { ...anInsuredVehicle({ claimed: 3400 }), id: 'item-2' },
        ],
      },
      policy,
    )
      .prepared('item-1')
      .prepared('item-2');

  test('by two items of one car, in their order (M15)', () => {
    const subject = twoItems().assessed(yuan(1500)).assessed(yuan(3400), 'item-2');
    const payable = ['item-1', 'item-2'].map((id) => payableMinor(subject.claim, subject.item(id)));
    expect(payable).toEqual([0, yuan(2900)]);
    expect(cutsOf(subject.claim, subject.item('item-2'))).toEqual([{ rule: 'excess', minor: yuan(500) }]);
  });

  test('by the item that was paid first', () => {
    const subject = twoItems();
    subject.approved(yuan(3400), 'item-2');
    subject.assessed(yuan(1500));
    expect(subject.item('item-2').payments).toMatchObject([
      { amountMinor: yuan(1400), excessMinor: yuan(2000) },
    ]);
    expect(payableMinor(subject.claim, subject.item())).toBe(yuan(1500));
  });

  test.each<[string, RelatedClaim[], number]>([
    ['nobody else took it', [related(3000)], 2000],
    ['another claim of the loss took it', [related(3000, { paid: 1000, excess: 2000 })], 0],
    ['another claim took a part', [related(1500, { excess: 1500 })], 500],
    ['it was taken under another policy', [related(3000, { why: ['vehicle'], paid: 1, excess: 2000 })], 2000],
    ['it was taken for another loss', [related(3000, { why: ['account'], paid: 1, excess: 2000 })], 2000],
  ])('%s', (_, others, excess) => {
    const subject = knowing(ClaimUnderTest.covered({}, policy), ...others)
      .prepared('item-1', allPapers)
      .assessed(yuan(4800));
    expect(excessOf(subject.claim, subject.item())).toBe(yuan(excess));
    expect(payableMinor(subject.claim, subject.item())).toBe(yuan(4800 - excess));
  });

  test('a person found another loss: it has its own excess', () => {
    const subject = knowing(ClaimUnderTest.covered({}, policy), related(3000, { paid: 1000, excess: 2000 }));
    subject.does(handler, act.joins(other, 'another-loss')).prepared().assessed(yuan(4800));
    expect(payableMinor(subject.claim, subject.item())).toBe(yuan(2800));
  });
});

test.each<[string, Record<string, number>, RelatedClaim[], number]>([
  ['of a loss', {}, [related(9000, { paid: 6000 })], 3000],
  ['of a loss, whatever other losses were paid', {}, [related(9000, { why: ['account'], paid: 6000 })], 4800],
  ['of the whole policy', { [vehicle]: yuan(8500) }, [], 500],
  ['that is used up', { [vehicle]: yuan(9000) }, [], 0],
])('the sum insured %s is paid once over all claims', (_, policyPaid, others, payable) => {
  const policy = aPolicy({ objects: { [vehicle]: { sumInsuredMinor: yuan(9000), excessMinor: 0 } } });
  const subject = ClaimUnderTest.covered({}, policy).prepared('item-1', allPapers).assessed(yuan(4800));
  subject.take({ kind: 'relate', elsewhere: { related: others, policyPaid } });
  expect(payableMinor(subject.claim, subject.item())).toBe(yuan(payable));
});

test('a loss of 90,000 as two of 45,000 is denied to a reviewer with 50,000 (M4)', () => {
  const subject = knowing(
    ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 45_000 })] }),
    related(45_000),
  )
    .prepared('item-1', allPapers)
    .reviewable(yuan(45_000));
  expect(cumulativeMinor(subject.claim, subject.item())).toBe(yuan(90_000));
  expect(subject.asks(juniorReviewer, act.approves(subject.hash()))).toMatchObject({
    reason: 'limit',
    sentence: expect.stringMatching(
      /^The total of CNY 90000\.00, with the claims that are counted together, is above the limit of R-501 /,
    ),
  });
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(subject.item().payments).toMatchObject([{ kind: 'approved' }]);
});

test('two people approve a loss that is above the bound with another claim to the same account', () => {
  const subject = knowing(
    ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 60_000 })] }),
    related(60_000, { why: ['account'] }),
  )
    .prepared('item-1', allPapers)
    .reviewable(yuan(60_000));
  expect(approvalsNeeded(subject.claim, subject.item(), pack)).toBe(2);
  subject.does(seniorReviewer, act.approves(subject.hash()));
  expect(subject.item().payments).toEqual([]);
  subject.does(manager, act.approves(subject.hash()));
  expect(subject.item().payments).toMatchObject([{ kind: 'approved' }]);
});

const small = (...others: RelatedClaim[]): ClaimUnderTest =>
  knowing(ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 2000 })] }), ...others);

describe('a likely duplicate', () => {
  test.each<[string, RelatedClaim, boolean]>([
    ['the same policy and object', related(2000), true],
    ['the same vehicle', related(2000, { why: ['vehicle'] }), true],
    ['the same person under a policy of many people', related(2000, { why: ['person', 'policy'] }), true],
    ['the same account alone', related(2000, { why: ['account'] }), false],
    ['another object', related(2000, { object: 'third-party-vehicle' }), false],
    ['refused or withdrawn there', related(0), false],
    ['closed some days ago', related(2000, { closedAt: daysAfter(-20) }), true],
    ['closed long ago', related(2000, { closedAt: daysAfter(-31) }), false],
  ])('%s', (_, found, is) => {
    const subject = small(found);
    expect(likelyDuplicates(subject.claim, pack).map(({ claim }) => claim)).toEqual(is ? [other] : []);
    expect(subject.waitsFor().includes(`compare:${other}`)).toBe(is);
    const { factors } = riskOf(subject.claim, subject.item(), pack);
    expect(factors.includes('likely-duplicate')).toBe(is);
  });

  test('is never released by the rules while it stands; another loss is (M3)', () => {
    const subject = small(related(2000)).prepared().reviewable(yuan(2000));
    subject.take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().approvals).toEqual([]);
    subject.does(handler, act.joins(other, 'same-loss'));
    expect(subject.waitsFor()).not.toContain(`compare:${other}`);
    expect(releasedByRules(subject.claim, subject.item(), pack)).toBe(false);
    subject.does(supervisor, act.joins(other, 'another-loss'));
    expect(subject.waitsFor()).not.toContain(`compare:${other}`);
    subject.take({ kind: 'score', item: 'item-1' });
    subject.take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().payments).toMatchObject([{ kind: 'approved' }]);
  });

  test('another loss still counts for authority', () => {
    const subject = small(related(4000)).does(handler, act.joins(other, 'another-loss')).prepared();
    subject.reviewable(yuan(2000)).take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().approvals).toEqual([]);
  });

  test.each([
    ['who is not related', other, 'another-loss', 'not-now'],
    ['itself', 'L0000-00000', 'same-loss', 'malformed'],
  ] as const)('a claim is not compared with one %s', (_, with_, finding, reason) => {
    const subject = ClaimUnderTest.covered();
    expect(subject.asks(handler, act.joins(with_, finding))).toMatchObject({ kind: 'denied', reason });
  });

  test('who filed a claim does not compare it', () => {
    const subject = small(related(2000));
    subject.claim = { ...subject.claim, filedBy: handler.code };
    expect(subject.asks(handler, act.joins(other, 'another-loss'))).toMatchObject({ reason: 'segregation' });
  });

  test('scores an item again that was scored without it', () => {
    const subject = small().prepared().reviewable(yuan(2000));
    expect(subject.item().score).toMatchObject({ points: 0 });
    knowing(subject, related(2000));
    expect(subject.item().score).toBeUndefined();
  });
});

test('what the rules verified alone is verified by a person once the loss is larger', () => {
  const subject = ClaimUnderTest.covered().prepared('item-1', allPapers).reviewable(yuan(4800));
  expect(subject.item().signedOff.verify).toMatchObject({ by: 'lipei' });
  knowing(subject, related(4800));
  expect(isSmallLoss(subject.claim, subject.item(), pack)).toBe(false);
  expect(subject.waitsFor()).toContain('verify:item-1');
  subject.does(verifier, { kind: 'verify', item: 'item-1', version: 1 });
  expect(subject.waitsFor()).not.toContain('verify:item-1');
});

/** A claim to review, with three further claims that are tied to it, of so much. */
const more = (minor: number): ClaimUnderTest => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 2000 })] });
  const elsewhere = { related: [], moreRelated: { claims: 3, minor }, policyPaid: {} };
  subject.take({ kind: 'relate', elsewhere });
  return subject.prepared().reviewable(yuan(2000));
};

describe('where more claims are tied than the rules list', () => {
  test('the rules release nothing, until there are no more', () => {
    const subject = more(0);
    subject.take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().approvals).toEqual([]);
    knowing(subject);
    expect(subject.claim).not.toHaveProperty('moreRelated');
    subject.take({ kind: 'review-by-rules', item: 'item-1' });
    expect(subject.item().payments).toMatchObject([{ kind: 'approved' }]);
  });

  test('authority counts their sum', () => {
    const subject = more(yuan(49_000));
    expect(cumulativeMinor(subject.claim, subject.item())).toBe(yuan(51_000));
    expect(subject.asks(juniorReviewer, act.approves(subject.hash()))).toMatchObject({ reason: 'limit' });
  });
});

const tiesWith = (policyCovers: RulePack['together']['policyCovers'], own: string[], others: string[] = []) =>
  tiesOf(
    new ClaimUnderTest(
      anOpening({ parties: [aPolicyholder({ marks: own }), aThirdParty({ marks: others })] }),
    ).claim,
    { ...pack, together: { ...pack.together, policyCovers } },
  );
const personsOf = (known: string[]): string[] =>
  tiesWith('many-people', known).marks.filter((mark) => mark.startsWith('person:'));

describe('by what the records find other claims', () => {
  const [ann, bob] = ['a', 'b'].map((of) => `email:${of.repeat(43)}`);
  const shop = `account:${'c'.repeat(43)}`;
  test('under a policy of one risk the policy alone', () => {
    expect(tiesWith('one-risk', [sure(ann), shop])).toMatchObject({
      marks: ['policy:P-1', shop],
      hours: { policy: 24, account: 24, vehicle: 24 },
    });
  });

  test('under a policy of many people the policy with all that is known of who claims', () => {
    const ties = tiesWith('many-people', [sure(ann), shop], [sure(bob)]);
    expect(ties.marks).toEqual(['policy:P-1', `person:P-1:${ann}`, `person:P-1:${shop}`, shop]);
    expect(ties.hours).toEqual({ person: 24, account: 24, vehicle: 24 });
    expect(tiesWith('many-people', []).marks).toEqual(['policy:P-1', 'person:P-1:unknown']);
  });

  const known = fc.uniqueArray(
    fc.constantFrom(...['1', '2', '3', '4'].map((of) => `telephone:${of.repeat(43)}`)),
  );
  test('two claims under it are tied where they have a person in common, and only there', () => {
    fc.assert(
      fc.property(known, known, (first, second) => {
        const isTied = personsOf(first).some((mark) => personsOf(second).includes(mark));
        const isOne = first.some((mark) => second.includes(mark));
        expect(isTied).toBe(isOne || (first.length === 0 && second.length === 0));
      }),
    );
  });
});

test('the claim of another loss and another object is none of this', () => {
  const subject = ClaimUnderTest.covered({ items: [anInsuredVehicle(), aThirdPartyVehicle()] });
  expect(stakesOf(subject.claim)).toEqual({ [vehicle]: yuan(4800), 'third-party-vehicle': yuan(3500) });
  expect(subject.take({ kind: 'relate', elsewhere: { related: [], policyPaid: {} } })).toMatchObject({
    kind: 'denied',
  });
});

/** What the records have of one claim, for another one of the same policy and loss. */
const seenFrom = ({ claim }: ClaimUnderTest, why: Tie[]): RelatedClaim => ({
  claim: claim.number,
  why,
  objects: {
    [vehicle]: {
      stakeMinor: stakesOf(claim)[vehicle] ?? 0,
      paidMinor: sumOf(claim, 'amountMinor'),
      excessMinor: sumOf(claim, 'excessMinor'),
    },
  },
});

const sumOf = ({ items }: Claim, amount: 'amountMinor' | 'excessMinor'): number =>
  items
    .flatMap(({ payments }) => payments.filter(({ kind }) => kind === 'instructed'))
    .reduce((sum, payment) => sum + payment[amount], 0);

const amounts = fc.integer({ min: 1, max: 90_000 });
const turns = fc.array(
  fc.record({
    claim: fc.nat({ max: 2 }),
    assessed: amounts,
    by: fc.constantFrom(juniorReviewer, seniorReviewer),
  }),
  { minLength: 3, maxLength: 10 },
);

test('however one loss is divided and assessed: nothing above the sum insured, one excess, nobody above the limit', () => {
  let paid = 0;
  fc.assert(
    fc.property(
      fc.record({
        claimed: fc.tuple(amounts, amounts, amounts),
        insured: amounts,
        excess: fc.nat({ max: 3000 }),
        why: fc.constantFrom<Tie[]>(['policy'], ['person', 'policy']),
      }),
      turns,
      ({ claimed, insured, excess, why }, script) => {
        const policy = aPolicy({
          objects: { [vehicle]: { sumInsuredMinor: yuan(insured), excessMinor: yuan(excess) } },
        });
        const claims = claimed.map((each, index) =>
          ClaimUnderTest.covered(
            { number: `L0000-0000${index}`, items: [anInsuredVehicle({ claimed: each })] },
            policy,
          ).prepared('item-1', allPapers),
        );
        for (const { claim: index, assessed, by } of script) {
          const subject = claims[index];
          if (!subject || sumOf(subject.claim, 'amountMinor') > 0) continue;
          const elsewhere = {
            related: claims.filter((each) => each !== subject).map((each) => seenFrom(each, why)),
            policyPaid: {},
          };
          subject.take({ kind: 'relate', elsewhere });
          const minor = subject.item().claimedMinor - yuan(assessed);
          const cuts = minor > 0 ? [{ reason: 'depreciation', minor }] : [];
          subject.asks(handler, act.assesses(yuan(assessed), 'item-1', cuts));
          for (const step of ['verify-by-rules', 'take-payee', 'score', 'review-by-rules'] as const)
            subject.take({ kind: step, item: 'item-1' });
          subject.asks(verifier, { kind: 'verify', item: 'item-1', version: subject.item().assessments });
          for (const step of ['take-payee', 'score'] as const) subject.take({ kind: step, item: 'item-1' });
          subject.asks(by, act.approves(subject.hash()));
          subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment() });
          const own = sumOf(subject.claim, 'amountMinor');
          if (own === 0) continue;
          paid += 1;
          const total = claims.reduce((sum, { claim }) => sum + sumOf(claim, 'amountMinor'), 0);
          expect(subject.item().approvals).toMatchObject([{ by: by.code }]);
          expect(total).toBeLessThanOrEqual(by.limitMinor ?? 0);
        }
        const sum = (of: 'amountMinor' | 'excessMinor'): number =>
          claims.reduce((so, { claim }) => so + sumOf(claim, of), 0);
        expect(sum('amountMinor')).toBeLessThanOrEqual(yuan(insured));
        expect(sum('excessMinor')).toBeLessThanOrEqual(yuan(excess));
      },
    ),
    { numRuns: 60 },
  );
  expect(paid).toBeGreaterThan(20);
});

import { calendarFor } from '../../../config/calendars.ts';
import { houseRules, type RuleBook } from '../../../config/rules/load.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import { openClaim } from '../../../domain/claim/decide.ts';
import type { Elsewhere, Tie } from '../../../domain/money/related.ts';
import { tiesOf } from '../../../domain/money/ties.ts';
import type { Mark, MarkKind } from '../../../domain/people/marks.ts';
import type { RulePack } from '../../../domain/rules/pack.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { placePayment } from '../../../records/money/payments.ts';
import { elsewhereOf } from '../../../records/money/related.ts';
import {
  anOpening,
  aPolicyholder,
  aThirdParty,
  daysAfter,
  lossAt,
  noticedAt,
} from '../../support/builders.ts';
import { keepRecords, storeState } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';

const contents = houseRules.newest({ line: 'contents', jurisdiction: 'US', pace: 'ordinary' });
const motor = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });

let database: Database;
beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
});
afterAll(() => database.$disconnect());
beforeEach(() =>
  database.$transaction([
    database.payment.deleteMany(),
    database.claimMark.deleteMany(),
    database.inbox.deleteMany(),
    database.claim.deleteMany(),
  ]),
);

/** A keyed mark, as a person's things have them. */
const mark = (kind: MarkKind, of: string): Mark => `${kind}:${of.padEnd(43, '0')}`;
const email = mark('email', 'ann');
const telephone = mark('telephone', 'ann');
const account = mark('account', 'ann');

interface Loss {
  marks?: Mark[];
  policy?: string;
  lossAt?: string;
  witness?: Mark[];
  claimed?: number;
}

/** The rules with a change of all packs. */
const withRules = (change: (pack: RulePack) => RulePack): RuleBook => ({
  ...houseRules,
  recorded: (versions) => change(houseRules.recorded(versions)),
});
const household = (pack: RulePack): RulePack => ({
  ...pack,
  together: { ...pack.together, policyCovers: 'one-risk' },
});

const elsewhere = (claim: Claim, pack = contents) => elsewhereOf(database, claim.number, tiesOf(claim, pack));

/** The rules release dollars to an account of the claim's own. */
const pays = (claim: Claim, dollars: number, knowing: Elsewhere = { related: [], policyPaid: {} }) =>
  placePayment(
    database,
    {
      claim: claim.number,
      item: 'item-1',
      payment: `${claim.number}-payment`,
      policy: claim.policy,
      lossAt: claim.lossAt,
      of: 'of',
      object: 'contents',
      excessMinor: 0,
      amountMinor: dollars * 100,
      currency: 'USD',
      party: 'party-1',
      account: mark('account', claim.number),
      people: [],
      byRules: true,
    },
    { ties: tiesOf(claim, contents), elsewhere: knowing, aDayMinor: contents.automatic.aDayMinor },
  );

let numbers = 0;
/** A lost bag under a policy of all passengers, or under one of a household. */
function aLoss({ marks = [], witness = [], claimed = 200, ...change }: Loss, pack = contents): Claim {
  numbers += 1;
  const opening = {
    ...anOpening({ number: `L0000-${String(numbers).padStart(5, '0')}`, policy: 'P-1', ...change }),
    rules: pack.versions,
    line: pack.line,
    currency: pack.currency,
    jurisdiction: pack.jurisdiction,
    parties: [aPolicyholder({ marks }), aThirdParty({ marks: witness })],
    items: [{ id: 'item-1', object: 'contents', party: 'party-1', claimedMinor: claimed * 100 }],
  };
  const calendar = calendarFor(pack, lossAt, noticedAt);
  return openClaim(opening, { now: noticedAt, rules: { pack, calendar } }).claim;
}

/** By what the second of two claims is tied to the first. */
async function whyTied(first: Loss, second: Loss, book = houseRules): Promise<Tie[]> {
  await storeState(database, aLoss(first), book);
  const { related } = await storeState(database, aLoss(second), book);
  return related.flatMap(({ why }) => why);
}

describe('under a policy that covers many people', () => {
  test.each<[string, Loss, Loss, Tie[]]>([
    ['two people', { marks: [email] }, { marks: [mark('email', 'bob')] }, []],
    ['one mailbox', { marks: [email] }, { marks: [mark('account', 'other'), email] }, ['person', 'policy']],
    ['one telephone', { marks: [email, telephone] }, { marks: [telephone] }, ['person', 'policy']],
    ['one account', { marks: [email, account] }, { marks: [account] }, ['account', 'person', 'policy']],
    ['a mailbox of somebody who claims nothing', { marks: [email] }, { witness: [email] }, []],
    ['two of whom nothing is known', {}, {}, ['person', 'policy']],
    ['one mailbox, two days later', { marks: [email] }, { marks: [email], lossAt: daysAfter(2, lossAt) }, []],
    ['one mailbox, another policy', { marks: [email] }, { marks: [email], policy: 'P-2' }, []],
    ['one account, another policy', { marks: [account] }, { marks: [account], policy: 'P-2' }, ['account']],
  ])('%s', async (_, first, second, why) => {
    expect(await whyTied(first, second)).toEqual(why);
  });

  test('the other claim gets a message where the same person claims, and only there', async () => {
    const marks = [email, account];
    const [first, same, another] = [
      aLoss({ marks }),
      aLoss({ marks: [email] }),
      aLoss({ marks: [telephone] }),
    ];
    for (const each of [first, same, another]) await storeState(database, each);
    expect(await database.inbox.findMany({ select: { id: true } })).toEqual([
      { id: `related:${first.number}:${same.number}` },
    ]);
  });

  test('two claims that a person has joined share the policy, so sum insured and excess are taken once', async () => {
    const [first, second] = [aLoss({ marks: [email] }), aLoss({ marks: [telephone] })];
    await storeState(database, first);
    const { related } = await storeState(database, { ...second, joined: { [first.number]: 'same-loss' } });
    expect(related).toMatchObject([{ claim: first.number, why: ['joined', 'policy'] }]);
  });

  test('what a person has joined to one claim is joined to the other too, until they find another loss', async () => {
    const [first, second] = [aLoss({ marks: [email] }), aLoss({ marks: [telephone] })];
    await storeState(database, first);
    await storeState(database, { ...second, joined: { [first.number]: 'same-loss' } });
    expect((await storeState(database, first)).related).toMatchObject([
      { claim: second.number, why: ['joined', 'policy'] },
    ]);
    expect(await database.inbox.count({ where: { id: `related:${first.number}:${second.number}` } })).toBe(1);
    await storeState(database, { ...second, joined: { [first.number]: 'another-loss' } });
    expect((await storeState(database, first)).related).toEqual([]);
  });

  test('a policy that was corrected ties the person no more, unless it has paid', async () => {
    const [first, second] = [aLoss({ marks: [email] }), aLoss({ marks: [email] })];
    await storeState(database, first);
    await storeState(database, { ...first, policy: 'P-2' });
    expect((await storeState(database, second)).related).toEqual([]);
    await storeState(database, first);
    expect(await pays(first, 100)).toMatchObject({ kind: 'news' });
    expect(await pays(first, 100, await elsewhere(first))).toEqual({ kind: 'placed' });
    await storeState(database, { ...first, policy: 'P-2' });
    expect((await storeState(database, second)).related).toMatchObject([
      { claim: first.number, why: ['person', 'policy'], objects: { contents: { paidMinor: 10_000 } } },
    ]);
  });

  test('the whole policy is paid once where its sum insured says so, whoever claims', async () => {
    const [first, second] = [aLoss({ marks: [email] }), aLoss({ marks: [telephone] })];
    for (const each of [first, second]) await storeState(database, each);
    expect(await pays(first, 100)).toEqual({ kind: 'placed' });
    expect(await elsewhere(second, { ...contents, sumInsured: 'whole-policy' })).toEqual({
      related: [],
      policyPaid: { contents: 10_000 },
    });
  });

  test('what the rules release in a day is measured for the same person, not for the whole policy', async () => {
    const daily = [
      aLoss({ marks: [email] }),
      aLoss({ marks: [telephone] }),
      aLoss({ marks: [email, account], lossAt: daysAfter(-9, lossAt) }),
    ];
    for (const each of daily) await storeState(database, each);
    const kinds: string[] = [];
    for (const each of daily) kinds.push((await pays(each, 1000)).kind);
    expect(kinds).toEqual(['placed', 'placed', 'daily-amount']);
  });
});

test('the policy of one risk ties by itself, whoever claims', async () => {
  expect(await whyTied({ marks: [email] }, { marks: [telephone] }, withRules(household))).toEqual(['policy']);
  expect(tiesOf(aLoss({ marks: [email] }, motor), motor).marks).toEqual(['policy:P-1']);
});

describe('no more claims are listed than the rules say', () => {
  const few = withRules((pack) => ({ ...pack, together: { ...pack.together, atMost: 2 } }));
  const shop = mark('account', 'shop');

  test('first those of the same loss, then what was paid, then the nearest; the rest as number and sum', async () => {
    const own = aLoss({ marks: [email, shop] });
    const hour = 1 / 24;
    const others = { marks: [shop], policy: 'P-2' };
    const far = aLoss({ ...others, claimed: 10, lossAt: daysAfter(3 * hour, lossAt) });
    const near = aLoss({ ...others, claimed: 20, lossAt: daysAfter(-hour, lossAt) });
    const nearest = aLoss({ ...others, claimed: 30 });
    const same = aLoss({ marks: [email], claimed: 40, lossAt: daysAfter(20 * hour, lossAt) });
    for (const each of [own, far, near, nearest, same]) await storeState(database, each, few);
    const listed = async () => {
      const { related, moreRelated } = await storeState(database, own, few);
      return [related.map(({ claim }) => claim), moreRelated];
    };
    expect(await listed()).toEqual([[nearest.number, same.number], { claims: 2, minor: 3000 }]);
    expect(await pays(far, 5, await elsewhere(far))).toEqual({ kind: 'placed' });
    expect(await listed()).toEqual([[far.number, same.number], { claims: 2, minor: 5000 }]);
  });

  test('at the limit nothing is left over', async () => {
    for (const _ of [1, 2]) await storeState(database, aLoss({ marks: [email] }), few);
    const { related, moreRelated } = await storeState(database, aLoss({ marks: [email] }), few);
    expect([related.length, moreRelated]).toEqual([2, undefined]);
  });
});

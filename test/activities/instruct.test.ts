import { journalKeeper } from '../../activities/journal.ts';
import { makeInstruct, type BankAnswer } from '../../activities/instruct.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { PolicyFacts } from '../../domain/money/policy.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import { tiesOf } from '../../domain/money/ties.ts';
import type { Person } from '../../domain/people/people.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { elsewhereOf } from '../../records/money/related.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { marking } from '../../records/keys/contact-key.ts';
import { newPartyKey, seal } from '../../security/sealing.ts';
import {
  act,
  aPolicyholder,
  anInsuredVehicle,
  anOpening,
  aThirdParty,
  daysAfter,
  finance,
  handler,
  juniorReviewer,
  manager,
  pack,
  seniorReviewer,
  sure,
  yuan,
} from '../support/builders.ts';
import { recordingBank, type RecordingBank } from '../support/recording.ts';
import { insure, keepPolicies } from '../support/policies.ts';
import { keepRecords } from '../support/records.ts';
import { ownDatabase } from '../support/runtime.ts';
import { rootKey, SignedClaim } from '../support/signed-claim.ts';
import { testKeyring } from '../support/test-keyring.ts';

const keyring = testKeyring();

/** Claims with one account would be counted together. */
const accountOf = (claim: string): string => `account-${claim}`;
let database: Database;
let bank: RecordingBank;
let claims = 0;

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
});
afterAll(() => database.$disconnect());
beforeEach(() => {
  bank = recordingBank();
});

interface Loss {
  claimed?: number;
  approvers?: Person[];
  policy?: string;
  objects?: PolicyFacts['objects'];
  lossAt?: string;
  account?: string;
}

/** A claim of its own policy, stored up to the instruction of its payment. */
async function stored({
  claimed = 4800,
  approvers = [],
  policy,
  objects = {
    'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: 0 },
    'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
  },
  lossAt = daysAfter(-1),
  account,
}: Loss = {}): Promise<SignedClaim> {
  claims += 1;
  const number = `L0000-${String(claims).padStart(5, '0')}`;
  const own = policy ?? `P-${number}`;
  await keepPolicies(database, [own], { objects });
  const party = {
    account: (await marking(database, testKeyring()))('account', account ?? accountOf(number)),
  };
  await keepParty(number, {}, account);
  const subject = new SignedClaim(
    anOpening({
      number,
      policy: own,
      lossAt,
      noticedAt: daysAfter(0.1, lossAt),
      items: [anInsuredVehicle({ claimed })],
      parties: [aPolicyholder(party), aThirdParty()],
    }),
    { now: new Date(Date.now() - 3_600_000).toISOString(), objects },
  ).instructed(yuan(claimed), approvers);
  await keep(subject);
  return subject;
}

async function keepParty(
  claim: string,
  accounts: Record<string, string> = {},
  account = accountOf(claim),
): Promise<void> {
  const key = newPartyKey(keyring);
  const sealed = seal(key, keyring, { name: '王伟', account, accounts }, `${claim}/party-1`);
  const row = {
    claim,
    id: 'party-1',
    role: 'policyholder',
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    key,
    sealed,
  };
  await database.party.upsert({ where: { claim_id: { claim, id: 'party-1' } }, create: row, update: row });
}

const kept = new Map<string, number>();
async function keep({ claim, entries }: SignedClaim): Promise<void> {
  const fresh: JournalEntry[] = JSON.parse(JSON.stringify(entries.slice(kept.get(claim.number) ?? 0)));
  await journalKeeper(
    database,
    async () => 'missing',
  )({
    claim: claim.number,
    rules: pack.versions,
    entries: fresh,
    stored: kept.get(claim.number) ?? 0,
    run: 'run-1',
  });
  kept.set(claim.number, entries.length);
}

const instructs = ({ claim, payment }: SignedClaim): Promise<BankAnswer> =>
  makeInstruct(database, keyring, bank, houseRules, [rootKey.publicKey])({ claim: claim.number, payment });

const both = [seniorReviewer, manager];
const large = (loss: Loss = {}) => stored({ claimed: 380_000, approvers: both, ...loss });

test('a payment that may leave is instructed once, however often it is tried', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  expect(await instructs(subject)).toEqual({ kind: 'accepted' });
  bank.status = { kind: 'pending' };
  expect(await instructs(subject)).toEqual({ kind: 'accepted' });
  expect([bank.orders, bank.instructed]).toMatchObject([
    [
      {
        id: subject.payment,
        amount: { minor: yuan(380_000), currency: 'CNY' },
        payee: { name: '王伟', account: accountOf(subject.claim.number) },
      },
    ],
    1,
  ]);
  expect(await database.payment.findUnique({ where: { id: subject.payment } })).toMatchObject({
    answer: 'accepted',
  });
});

test('what is not stored yet is tried again', async () => {
  const subject = await stored();
  await expect(
    makeInstruct(database, keyring, bank, houseRules, [rootKey.publicKey])({
      claim: subject.claim.number,
      payment: `${subject.claim.number}-item-1-payment-2`,
    }),
  ).rejects.toMatchObject({ type: 'NotStoredYet' });
});

test.each([
  ['dismissed', { active: false }, 'giver-dismissed'],
  ['given a lower limit', { limits: { motor: { CNY: yuan(1000) } } }, 'giver-below-limit'],
  ['related to the policy', {}, 'giver-in-conflict'],
])('an approver who was %s since does not count (M8)', async (_, change, because) => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  const before = await database.person.findUniqueOrThrow({ where: { code: 'M-601' } });
  const conflicts = because === 'giver-in-conflict' ? [subject.claim.policy] : [];
  await database.person.update({ where: { code: 'M-601' }, data: { ...change, conflicts } });
  try {
    expect(await instructs(subject)).toEqual({ kind: 'approval-fell', by: ['M-601'], because });
  } finally {
    const { active, limits, conflicts: none } = before;
    await database.person.update({
      where: { code: 'M-601' },
      data: { active, limits: limits ?? {}, conflicts: none },
    });
  }
  expect(bank.orders).toEqual([]);
});

test('a journal that was changed in the records holds the payment', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  await database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await database.$executeRaw`
    UPDATE journal_entry SET entry = replace(entry, '38000000', '39000000')
    WHERE claim = ${subject.claim.number} AND seq = 1`;
  await database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
  expect(await instructs(subject)).toMatchObject({ kind: 'held', why: 'journal' });
  expect(bank.orders).toEqual([]);
});

test('a payment whose policy has another version now is not sent, and its approvals are cancelled', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  await insure(database, subject.claim.policy, {
    'insured-vehicle': { sumInsuredMinor: yuan(100_000), excessMinor: 0 },
  });
  expect(await instructs(subject)).toEqual({
    kind: 'approval-fell',
    by: ['R-502', 'M-601'],
    because: 'policy-changed',
  });
  expect(bank.orders).toEqual([]);
});

test('an account that the records do not know is not paid', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  await database.party.deleteMany({ where: { claim: subject.claim.number } });
  await keepParty(subject.claim.number);
  const key = newPartyKey(keyring);
  await database.party.update({
    where: { claim_id: { claim: subject.claim.number, id: 'party-1' } },
    data: {
      key,
      sealed: seal(key, keyring, { name: '王伟', account: 'another' }, `${subject.claim.number}/party-1`),
    },
  });
  expect(await instructs(subject)).toEqual({ kind: 'rejected', reason: 'no-account' });
});

test.each([{ kind: 'pending' } as const, { kind: 'confirmed', reference: 'B-1' } as const])(
  'a payment that the bank has already (%p), and nobody here placed, is held',
  async (status) => {
    bank.status = status;
    expect(await instructs(await large())).toMatchObject({ kind: 'held', why: 'bank' });
    expect(bank.orders).toEqual([]);
  },
);

/** Returned, cleared, and approved again for another account. */
async function paidAgain(): Promise<SignedClaim> {
  const subject = await large();
  const { number } = subject.claim;
  const [by, payment] = [{ kind: 'provider', name: 'bank' } as const, subject.payment];
  subject.reports('bank-returned', by, { payment, reason: 'AC04' });
  const other = (await marking(database, testKeyring()))('account', 'another-account');
  await keepParty(number, { [other]: 'another-account' });
  subject.does(finance, act.clears('account-wrong')).does(handler, act.setsPayee(other));
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of both) subject.does(person, act.approves(subject.hash));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment });
  await keep(subject);
  return subject;
}

test('a returned payment that the bank knows as paid is held, and its reference is given (M1)', async () => {
  const subject = await paidAgain();
  const first = `${subject.claim.number}-item-1-payment-1`;
  bank.inquire = async (id) =>
    id === first ? { kind: 'confirmed', reference: 'B-1' } : { kind: 'not-known' };
  expect(await instructs(subject)).toMatchObject({
    kind: 'held',
    why: 'bank',
    confirmed: { payment: first, reference: 'B-1' },
  });
  bank.inquire = async (id) => (id === first ? { kind: 'returned', reason: 'AC04' } : { kind: 'not-known' });
  expect(await instructs(subject)).toEqual({ kind: 'accepted' });
  expect(bank.orders).toMatchObject([{ id: subject.payment, payee: { account: 'another-account' } }]);
});

/** The claim after the gate's answer: it knows what is counted together with it, and is reviewed again. */
async function together(subject: SignedClaim, answer: BankAnswer, people: Person[]): Promise<SignedClaim> {
  if (answer.kind !== 'counted-together') throw new Error(answer.kind);
  subject.take({ ...answer, kind: 'count-together', item: 'item-1', payment: subject.payment });
  subject.take({ kind: 'score', item: 'item-1' });
  for (const person of people) subject.does(person, act.approves(subject.hash));
  subject.take({ kind: 'payment-instructed', item: 'item-1', payment: subject.payment });
  await keep(subject);
  return subject;
}

test('one loss that is reported twice is never released by the rules, also at once (M3)', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-TWICE';
  const pair = [await stored({ policy, claimed: 2400 }), await stored({ policy, claimed: 2400 })];
  const answers = await Promise.all(pair.map(instructs));
  expect(answers).toMatchObject(
    pair.map((_, index) => ({
      kind: 'counted-together',
      elsewhere: {
        related: [
          {
            claim: pair[1 - index]?.claim.number,
            why: ['policy'],
            objects: { 'insured-vehicle': { stakeMinor: yuan(2400), paidMinor: 0, excessMinor: 0 } },
          },
        ],
      },
    })),
  );
  expect(bank.orders).toEqual([]);
  const [first, second] = pair.map(({ claim }) => claim.number);
  // The later one found the earlier one, which gets a message.
  expect(await database.inbox.findMany({ where: { claim: first, kind: 'related' } })).toMatchObject([
    { id: `related:${first}:${second}`, message: { name: 'related-claim', other: second } },
  ]);
});

test('where the sum insured is for the whole policy, all its other payments count, whenever the loss was', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-WHOLE';
  const first = await stored({
    policy,
    claimed: 45_000,
    approvers: [seniorReviewer],
    lossAt: daysAfter(-90),
  });
  expect(await instructs(first)).toEqual({ kind: 'accepted' });
  const { claim } = await stored({ policy });
  const found = (sumInsured: RulePack['sumInsured']) =>
    elsewhereOf(database, claim.number, tiesOf(claim, { ...pack, sumInsured }));
  expect(await found('each-loss')).toEqual({ related: [], policyPaid: {} });
  expect(await found('whole-policy')).toEqual({
    related: [],
    policyPaid: { 'insured-vehicle': yuan(45_000) },
  });
});

test('a split loss needs the papers, the verification and the authority of the whole (M4)', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-SPLIT';
  const whole = { policy, claimed: 45_000, approvers: [juniorReviewer] };
  const [first, second] = [await stored(whole), await stored(whole)];
  expect(await instructs(first)).toMatchObject({ kind: 'counted-together' });
  const answer = await instructs(second);
  await expect(together(second, answer, [juniorReviewer])).rejects.toThrow('CNY 90000.00');
  expect(bank.orders).toEqual([]);
});

test('two claims of one loss that race for one sum insured and one excess get them once', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-RACE';
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(60_000), excessMinor: yuan(2000) } };
  const loss = { policy, objects, claimed: 45_000, approvers: [seniorReviewer] };
  const pair = [await stored(loss), await stored(loss)];
  for (const each of pair) await together(each, await instructs(each), [seniorReviewer]);
  const answers = await Promise.all(pair.map(instructs));
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'counted-together']);
  const later = answers.findIndex(({ kind }) => kind === 'counted-together');
  const second = await together(sure(pair[later]), sure(answers[later]), [seniorReviewer]);
  expect(await instructs(second)).toEqual({ kind: 'accepted' });
  expect(bank.orders.map(({ amount }) => amount.minor)).toEqual([yuan(43_000), yuan(17_000)]);
});

test('payments to one account count together, whatever the policy; other accounts do not', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const loss = { account: '6222020200099999999', claimed: 45_000, approvers: [juniorReviewer] };
  const pair = [await stored(loss), await stored(loss)];
  for (const each of pair)
    expect(await instructs(each)).toMatchObject({
      kind: 'counted-together',
      elsewhere: { related: [{ why: ['account'] }] },
    });
  const apart = await stored({ ...loss, account: '6222020200088888888' });
  expect(await instructs(apart)).toEqual({ kind: 'accepted' });
});

test('the rules release at most so much a day for one policy; then people decide', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-DAILY';
  for (const day of [1, 2, 3])
    expect(await instructs(await stored({ policy, lossAt: daysAfter(-10 * day) }))).toEqual({
      kind: 'accepted',
    });
  const fourth = await stored({ policy, lossAt: daysAfter(-40) });
  const answer = await instructs(fourth);
  expect(answer).toEqual({ kind: 'approval-fell', by: ['lipei'], because: 'daily-amount' });
  fourth.take({
    kind: 'void-approvals',
    item: 'item-1',
    payment: fourth.payment,
    by: ['lipei'],
    because: 'daily-amount',
  });
  fourth.take({ kind: 'review-by-rules', item: 'item-1' });
  expect(fourth.item).toMatchObject({ approvals: [], payments: [{ kind: 'dropped' }] });
  fourth.does(seniorReviewer, act.approves(fourth.hash));
  fourth.take({ kind: 'payment-instructed', item: 'item-1', payment: fourth.payment });
  await keep(fourth);
  expect(await instructs(fourth)).toEqual({ kind: 'accepted' });
});

test('what the bank has returned to the other claim counts no more', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-RETURNED';
  const objects = { 'insured-vehicle': { sumInsuredMinor: yuan(50_000), excessMinor: 0 } };
  const loss = { policy, objects, claimed: 45_000, approvers: [seniorReviewer] };
  const [first, second] = [await stored(loss), await stored(loss)];
  for (const each of [first, second]) await together(each, await instructs(each), [seniorReviewer]);
  expect(await instructs(first)).toEqual({ kind: 'accepted' });
  bank.inquire = async (id) =>
    id === first.payment ? { kind: 'returned', reason: 'AC04' } : { kind: 'not-known' };
  expect(await instructs(second)).toEqual({ kind: 'accepted' });
});

test('a refusal of the bank is an answer, and a duplicate keeps its place', async () => {
  bank.status = { kind: 'not-known' };
  for (const [reason, answer] of [
    ['AC04', 'returned'],
    ['AM05', null],
  ] as const) {
    const subject = await large();
    bank.answer = { kind: 'rejected', reason };
    expect(await instructs(subject)).toEqual({ kind: 'rejected', reason });
    expect(await database.payment.findUnique({ where: { id: subject.payment } })).toMatchObject({ answer });
  }
});

test('a bank that does not answer is tried again, and an approval that falls after the order recalls nothing', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  bank.answer = { kind: 'busy', code: '503' };
  await expect(instructs(subject)).rejects.toMatchObject({ type: 'ProviderBusy' });
  bank.status = { kind: 'pending' };
  await database.person.update({ where: { code: 'M-601' }, data: { active: false } });
  try {
    expect(await instructs(subject)).toEqual({ kind: 'accepted' });
  } finally {
    await database.person.update({ where: { code: 'M-601' }, data: { active: true } });
  }
});

test('a report of the bank that comes before the order is sent settles it: nothing is sent', async () => {
  const subject = await large();
  subject.reports(
    'bank-confirmed',
    { kind: 'provider', name: 'bank' },
    { payment: subject.payment, reference: 'B-1' },
  );
  await keep(subject);
  bank.status = { kind: 'not-known' };
  expect(await instructs(subject)).toEqual({ kind: 'accepted' });
  expect(bank.orders).toEqual([]);
});

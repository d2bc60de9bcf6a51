import { journalKeeper } from '../../activities/journal.ts';
import { makeInstruct, type BankAnswer } from '../../activities/instruct.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Person } from '../../domain/people/people.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { marking } from '../../records/keys/contact-key.ts';
import { newPartyKey, seal } from '../../security/sealing.ts';
import {
  act,
  aPolicyholder,
  anInsuredVehicle,
  anOpening,
  aThirdParty,
  finance,
  handler,
  manager,
  pack,
  seniorReviewer,
  yuan,
} from '../support/builders.ts';
import { recordingBank, type RecordingBank } from '../support/recording.ts';
import { keepRecords } from '../support/records.ts';
import { ownDatabase } from '../support/runtime.ts';
import { rootKey, SignedClaim } from '../support/signed-claim.ts';
import { testKeyring } from '../support/test-keyring.ts';

const keyring = testKeyring();
const account = '6222020220012345678';
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
}

/** A claim of its own policy, stored up to the instruction of its payment. */
async function stored({ claimed = 4800, approvers = [], policy }: Loss = {}): Promise<SignedClaim> {
  claims += 1;
  const number = `L0000-${String(claims).padStart(5, '0')}`;
  const own = policy ?? `P-${number}`;
  const { number: _, ...asked } = await database.policy.findUniqueOrThrow({ where: { number: 'P-1' } });
  const objects = {
    'insured-vehicle': { sumInsuredMinor: yuan(500_000), excessMinor: 0 },
    'third-party-vehicle': { sumInsuredMinor: yuan(1_000_000), excessMinor: 0 },
  };
  await database.policy.upsert({
    where: { number: own },
    create: { ...asked, objects, number: own },
    update: {},
  });
  const party = { account: (await marking(database, testKeyring()))('account', account) };
  await keepParty(number);
  const subject = new SignedClaim(
    anOpening({
      number,
      policy: own,
      items: [anInsuredVehicle({ claimed })],
      parties: [aPolicyholder(party), aThirdParty()],
    }),
    { now: new Date(Date.now() - 3_600_000).toISOString() },
  ).instructed(yuan(claimed), approvers);
  await keep(subject);
  return subject;
}

async function keepParty(claim: string, accounts: Record<string, string> = {}): Promise<void> {
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
  await journalKeeper(database)({
    claim: claim.number,
    rules: pack.versions,
    entries: fresh,
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
        payee: { name: '王伟', account },
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
  ['given a lower limit', { limits: { motor: yuan(1000) } }, 'giver-below-limit'],
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

test('a policy with less cover now holds the payment', async () => {
  const subject = await large();
  bank.status = { kind: 'not-known' };
  await database.policy.update({
    where: { number: subject.claim.policy },
    data: { objects: { 'insured-vehicle': { sumInsuredMinor: yuan(100_000), excessMinor: 0 } } },
  });
  expect(await instructs(subject)).toMatchObject({ kind: 'held', why: 'journal' });
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

test('two claims of one loss are counted together, also at once (M4)', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-TOGETHER';
  const pair = [await stored({ policy }), await stored({ policy })];
  const answers = await Promise.all(pair.map(instructs));
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'counted-together']);
  const second = answers.findIndex(({ kind }) => kind === 'counted-together');
  expect(answers[second]).toMatchObject({
    elsewhereMinor: yuan(4800),
    claims: [pair[1 - second]?.claim.number],
  });
  expect(bank.orders).toHaveLength(1);
});

test('people with authority for both together release the second one', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-PEOPLE';
  expect(await instructs(await stored({ policy }))).toEqual({ kind: 'accepted' });
  const second = await stored({ policy });
  const answer = await instructs(second);
  if (answer.kind !== 'counted-together') throw new Error(answer.kind);
  second.take({ ...answer, kind: 'count-together', item: 'item-1', payment: second.payment });
  second.take({ kind: 'review-by-rules', item: 'item-1' });
  second.does(seniorReviewer, act.approves(second.hash));
  second.take({ kind: 'payment-instructed', item: 'item-1', payment: second.payment });
  await keep(second);
  expect(await instructs(second)).toEqual({ kind: 'accepted' });
  expect(bank.orders.map(({ id }) => id.slice(-9))).toEqual(['payment-1', 'payment-2']);
});

test('what the bank has returned to the other claim counts no more', async () => {
  bank.inquire = async () => ({ kind: 'not-known' });
  const policy = 'P-RETURNED';
  const [first, second] = [await stored({ policy }), await stored({ policy })];
  await instructs(first);
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

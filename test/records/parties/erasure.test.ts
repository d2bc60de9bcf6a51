import { readRetention } from '../../../config/retention.ts';
import type { Claim, Payment } from '../../../domain/claim/claim.ts';
import { noClaim } from '../../../domain/claim/claims-named.ts';
import { openClaim } from '../../../domain/claim/decide.ts';
import { instantOf, msOf } from '../../../domain/time/time.ts';
import { keepUnknownText, unknownTelephone } from '../../../records/claims/unknown-telephones.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { keepLine, signedLines } from '../../../records/journal/signed-lines.ts';
import { contactOf } from '../../../records/parties/parties.ts';
import { eraseParty, standingOf, type PartyOf } from '../../../records/parties/erasure.ts';
import { newPartyKey, seal } from '../../../security/sealing.ts';
import { signStatement } from '../../../security/signing.ts';
import { anOpening, noticedAt, rules } from '../../support/builders.ts';
import { keepRecords, storeState } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';
import {
  ownSigningKey,
  testArchiveKey,
  testKeyring,
  testRoots,
  testSigning,
} from '../../support/test-keyring.ts';

const [keyring, retention] = [testKeyring(), readRetention()];
let database: Database;
let numbers = 0;

beforeAll(async () => {
  database = connectDatabase(await ownDatabase());
  await keepRecords(database);
  await database.policy.create({
    data: {
      number: 'P-YEAR',
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      currency: 'CNY',
      validFrom: new Date('2026-01-01T00:00:00Z'),
      validTo: new Date('2027-01-01T00:00:00Z'),
      objects: {},
    },
  });
});
afterAll(() => database.$disconnect());

const closedAt = '2026-12-01T00:00:00.000Z';
const soon = '2026-12-02T00:00:00.000Z';

const aPayment = (kind: 'confirmed' | 'instructed'): Payment => ({
  id: 'payment-1',
  of: 'of',
  amountMinor: 1,
  excessMinor: 0,
  at: '2026-11-30T00:00:00.000Z',
  to: 'party-1',
  ...(kind === 'confirmed' ? { kind, reference: 'b-1' } : { kind }),
});

/** A claim that has closed, with its first party. */
async function closed(change: (claim: Claim) => Claim = (claim) => claim): Promise<PartyOf> {
  numbers += 1;
  const number = `L0000-${String(numbers).padStart(5, '0')}`;
  const opened = openClaim(anOpening({ number, policy: 'P-YEAR' }), { now: noticedAt, rules }).claim;
  const claim = change({ ...opened, outcome: 'paid', outbox: [] });
  await storeState(database, claim);
  const entry = { seq: 1, at: closedAt, by: 'lipei', kind: 'claim-closed', outcome: 'paid' };
  await database.journalEntry.create({
    data: {
      claim: number,
      seq: 1,
      at: closedAt,
      by: 'lipei',
      kind: 'claim-closed',
      entry: JSON.stringify(entry),
      previousHash: '',
      hash: '',
    },
  });
  const key = newPartyKey(keyring);
  await database.party.create({
    data: {
      claim: number,
      id: 'party-1',
      role: 'policyholder',
      locale: 'en',
      timeZone: 'Asia/Shanghai',
      key,
      sealed: seal(key, keyring, { name: 'Wang' }, `${number}/party-1`),
    },
  });
  return { claim: number, party: 'party-1' };
}

function isOpen(claim: Claim): Claim {
  const { outcome, ...open } = claim;
  return outcome ? open : claim;
}

const withPayment =
  (kind: 'confirmed' | 'instructed') =>
  (claim: Claim): Claim => ({
    ...claim,
    items: claim.items.map((item) => ({ ...item, payments: [aPayment(kind)] })),
  });

async function erases(of: PartyOf, at = soon) {
  const standing = await standingOf(database, { retention, roots: testRoots }, of, at);
  const kept = standing.kind === 'may' ? standing.terms[0] : undefined;
  const by = { kind: 'staff', code: 'M-601', roles: ['manager'], branch: 'longkou', conflicts: [] } as const;
  const proof = signStatement(testSigning, {
    claim: of.claim,
    act: 'erase-party',
    id: 'erase-1',
    at,
    by: { ...by, roles: [...by.roles], conflicts: [] },
    fields: { party: of.party, reason: 'asked-for' },
  });
  return eraseParty(database, {
    ...of,
    retention,
    roots: testRoots,
    keyring,
    archive: testArchiveKey(),
    kept,
    line: { at, by: 'M-601', act: 'erase-party', claim: of.claim, proof },
  });
}

test.each<[string, (claim: Claim) => Claim, string[]]>([
  ['five years from the end of a policy of one year', (claim) => claim, ['2032-01-01']],
  ['ten years from the last payment, where it paid', withPayment('confirmed'), ['2036-11-30', '2032-01-01']],
  [
    'ten years, under a policy that nobody knows',
    (claim) => ({ ...claim, policy: 'P-UNKNOWN' }),
    ['2036-12-01'],
  ],
])('the law wants the data of a claim kept for %s (C10)', async (_, change, until) => {
  const standing = await standingOf(database, { retention, roots: testRoots }, await closed(change), soon);
  expect(standing).toMatchObject({ kind: 'may', historyUntil: '2026-12-31T00:00:00.000Z' });
  expect(standing.kind === 'may' && standing.terms.map((term) => term.until.slice(0, 10))).toEqual(until);
});

test.each<[string, (claim: Claim) => Claim, string]>([
  ['the claim is open', isOpen, 'open'],
  [
    'a message to the party is on its way',
    (claim) => ({
      ...claim,
      outbox: [
        {
          id: 'claim-closed-1-sms',
          kind: 'claim-closed',
          seq: 1,
          channel: 'sms',
          to: { party: 'party-1' },
          facts: {},
        },
      ],
    }),
    'message',
  ],
  ['a payment to the party is under way', withPayment('instructed'), 'payment'],
])('nobody is erased while %s', async (_, change, why) => {
  const of = await closed(change);
  expect(await erases(of)).toMatchObject({ kind: 'not-yet', why });
  expect(await contactOf(database, keyring, of.claim, of.party)).toMatchObject({ name: 'Wang' });
  expect(await signedLines(database, { claim: of.claim })).toEqual([]);
});

test('nobody is erased while a follow-up of the claim is open', async () => {
  const of = await closed();
  await database.followUp.create({
    data: { claim: of.claim, id: 'text-1', branch: 'longkou', what: 'answer policyholder' },
  });
  expect(await erases(of)).toMatchObject({ kind: 'not-yet', why: 'follow-up' });
});

test('nobody of a claim that is held is erased, until it is released', async () => {
  const of = await closed();
  const keeps = async (act: string, second: number, signing = testSigning): Promise<void> => {
    const at = `2026-12-01T00:00:0${second}.000Z`;
    const statement = { claim: of.claim, act, id: `${act}-${second}`, at, fields: { reason: 'court' } };
    const proof = signStatement(signing, { ...statement, by: { kind: 'system' } });
    await keepLine(database, { at, by: 'M-601', act, claim: of.claim, proof });
  };
  await keeps('hold-claim', 1);
  expect(await erases(of)).toMatchObject({ kind: 'not-yet', why: 'hold' });
  await keeps('release-claim', 2, ownSigningKey());
  expect(await erases(of)).toMatchObject({ kind: 'not-yet', why: 'hold' });
  await keeps('release-claim', 3);
  expect(await erases(of)).toEqual({ kind: 'done' });
  await database.setAsideKey.updateMany({ where: { claim: of.claim }, data: { until: new Date(0) } });
  await keeps('hold-claim', 4);
  const retires = () => database.$queryRaw`SELECT retire_rows('setAsideKeys', clock_timestamp(), 10) AS gone`;
  expect(await retires()).toEqual([{ gone: 0 }]);
  await keeps('release-claim', 5);
  expect(await retires()).toEqual([{ gone: 1 }]);
});

test('two who erase at once erase once, under one signed line', async () => {
  const of = await closed();
  const answers = await Promise.all([erases(of), erases(of), erases(of)]);
  expect(answers.map(({ kind }) => kind).toSorted()).toEqual(['done', 'erased', 'erased']);
  expect(await signedLines(database, { claim: of.claim })).toHaveLength(1);
  expect(await database.setAsideKey.count({ where: { claim: of.claim } })).toBe(1);
});

test('after the time of the law nothing is set aside: the key and the sealed data are gone at once', async () => {
  const of = await closed();
  expect(await erases(of, '2032-01-02T00:00:00.000Z')).toEqual({ kind: 'done' });
  expect(await database.setAsideKey.count({ where: { claim: of.claim } })).toBe(0);
  expect(
    await database.party.findUnique({ where: { claim_id: { claim: of.claim, id: of.party } } }),
  ).toMatchObject({ key: '', sealed: '' });
});

test('a key that is set aside goes when its time is over, and not a day earlier', async () => {
  // One after the other: claims of one loss are compared, which is a follow-up.
  const over = await closed();
  expect(await erases(over)).toEqual({ kind: 'done' });
  const kept = await closed();
  expect(await erases(kept)).toEqual({ kind: 'done' });
  await database.setAsideKey.updateMany({
    where: { claim: over.claim },
    data: { until: instantOf(msOf(new Date().toISOString()) - 1) },
  });
  const retires = (before: string) =>
    database.$queryRaw`SELECT retire_rows('setAsideKeys', ${before}::timestamptz, 10) AS gone`;
  await expect(retires('2090-01-01T00:00:00.000Z')).rejects.toThrow('rows of setAsideKeys are kept');
  expect(await retires(new Date().toISOString())).toEqual([{ gone: 1 }]);
  expect(await database.setAsideKey.count({ where: { claim: over.claim } })).toBe(0);
  expect(await database.setAsideKey.count({ where: { claim: kept.claim } })).toBe(1);
});

test('an unknown telephone is erased at once, with its texts; when it writes again, that is all it has', async () => {
  const from = '+8613700000099';
  await keepUnknownText(database, keyring, { id: 'text-1', from, text: 'I saw it.' });
  const { id: party } = await database.party.findFirstOrThrow({ where: { claim: noClaim } });
  expect(await erases({ claim: noClaim, party })).toMatchObject({ kind: 'not-yet', why: 'follow-up' });
  await database.followUp.updateMany({ where: { claim: noClaim }, data: { doneAt: new Date() } });
  expect(await erases({ claim: noClaim, party })).toEqual({ kind: 'done' });
  expect(await unknownTelephone(database, keyring, party)).toBeUndefined();
  expect(await database.note.count({ where: { claim: noClaim } })).toBe(0);
  await keepUnknownText(database, keyring, { id: 'text-2', from, text: 'I saw more.' });
  expect(await unknownTelephone(database, keyring, party)).toMatchObject({
    phone: from,
    texts: [{ text: 'I saw more.' }],
  });
});

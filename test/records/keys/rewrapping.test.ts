import { randomBytes } from 'node:crypto';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { keyFaults, registerKeys } from '../../../records/keys/register-keys.ts';
import { keyUses, rewrapBatch, type Rewrapping } from '../../../records/keys/key-use.ts';
import { keyringOf, type Keyring } from '../../../security/keyring.ts';
import { newPartyKey, seal, unseal } from '../../../security/sealing.ts';
import { unsealPolicy } from '../../../records/policies/sealed-policy.ts';
import { comparePolicies } from '../../../records/policies/policy-history.ts';
import { imported, keepUnit, policyRow } from '../../support/policy-rows.ts';
import { ownDatabase } from '../../support/runtime.ts';

const [first, second] = [
  { id: 'first', secret: randomBytes(32) },
  { id: 'second', secret: randomBytes(32) },
];
const [before, both, after] = [keyringOf([first]), keyringOf([first, second]), keyringOf([second])];
const [contact, words] = [{ name: 'Wang', phone: '+8613800000001' }, { text: 'Your claim is paid.' }];
let url: string, database: Database;

beforeEach(async () => {
  url = await ownDatabase();
  database = connectDatabase(url);
  await registerKeys(database, { keyring: before, roots: [] });
});
afterEach(() => database.$disconnect());

async function keepParty(id: string, keyring: Keyring): Promise<void> {
  const key = newPartyKey(keyring);
  await database.party.create({
    data: {
      claim: 'LKEYS-00001',
      id,
      role: 'policyholder',
      locale: 'en',
      timeZone: 'Asia/Shanghai',
      key,
      sealed: seal(key, keyring, contact, id),
    },
  });
}

async function keepMessage(reference: string, keyring: Keyring): Promise<void> {
  const { key } = await database.party.findFirstOrThrow({ where: { id: 'party-501' } });
  const row = {
    claim: reference,
    kind: 'paid',
    seq: 1,
    channel: 'sms',
    reference,
    recipient: 'party-501',
    template: '',
    locale: 'en',
    bodySha256: '',
    state: 'sent',
    plannedAt: new Date(),
    purpose: 'payment',
    facts: {},
  };
  await database.notification.create({
    data: { ...row, sealed: seal(key, keyring, words, reference) },
  });
}

/** All batches, from the beginning; gives how many keys were wrapped anew. */
async function rewrap(keyring: Keyring, began = new Date()): Promise<number> {
  let count = 0;
  for (let next: Rewrapping | undefined = { began: began.toISOString() }; next;) {
    const done = await rewrapBatch({ database, books: database }, keyring, next);
    if (done.kind === 'not-newest') throw new Error(`not newest: ${done.newest}`);
    count += done.parties;
    next = done.next;
  }
  return count;
}

const hash = async (keyring: Keyring): Promise<string> => {
  const elsewhere = connectDatabase(url);
  try {
    return (await contactHashing(elsewhere, keyring))(contact.phone);
  } finally {
    await elsewhere.$disconnect();
  }
};

test('rewrapped data open without the old key; opt-outs stay valid, erased parties stay erased', async () => {
  for (let party = 1; party <= 501; party += 1) await keepParty(`party-${party}`, before);
  await database.party.update({
    where: { claim_id: { claim: 'LKEYS-00001', id: 'party-7' } },
    data: { key: '' },
  });
  await keepMessage('LKEYS-00001/paid-1-sms', before);
  const opted = await hash(before);
  await registerKeys(database, { keyring: both, roots: [] });
  await keepMessage('LKEYS-00001/paid-2-sms', both);

  expect(await rewrap(both)).toBe(500);
  expect(await rewrap(both)).toBe(0);

  const { key, sealed } = await database.party.findFirstOrThrow({ where: { id: 'party-501' } });
  expect(unseal(key, after, sealed, 'party-501')).toEqual(contact);
  for (const row of await database.notification.findMany()) {
    expect(unseal(key, after, row.sealed, row.reference)).toEqual(words);
  }
  expect(await database.party.count({ where: { key: '' } })).toBe(1);
  expect(await hash(after)).toBe(opted);
  expect((await keyFaults(database, { keyring: after, roots: [] })).filter(({ serious }) => serious)).toEqual(
    [],
  );
});

test('the keys of policies are wrapped anew, and what they seal stays as it is', async () => {
  await keepUnit(database);
  await imported(database, [policyRow('K-1'), policyRow('K-2')], { keyring: before });
  await registerKeys(database, { keyring: both, roots: [] });
  expect((await keyUses(database, both))[0]).toMatchObject({ id: 'first', policies: 2 });
  await rewrap(both);
  expect((await keyUses(database, both))[0]).toMatchObject({ id: 'first', policies: 0 });
  const row = await database.policy.findFirstOrThrow({ where: { number: 'K-1' } });
  expect(unsealPolicy(row, after)).toMatchObject({ people: [{ phone: '+8613800138000' }] });
  expect((await comparePolicies(database, '')).faults).toEqual([]);
});

test('the use of each key shows, until a rewrapping after its last use has found nothing', async () => {
  await keepParty('party-1', before);
  await registerKeys(database, { keyring: both, roots: [] });
  const uses = async () =>
    (await keyUses(database, both)).map(({ id, parties, contacts, unchecked }) => ({
      id,
      parties,
      contacts,
      unchecked,
    }));
  expect((await uses())[0]).toEqual({ id: 'first', parties: 1, contacts: true, unchecked: true });
  await rewrap(both);
  expect((await uses())[0]).toEqual({ id: 'first', parties: 0, contacts: false, unchecked: true });
  await rewrap(both, new Date(Date.now() + 3_600_000));
  expect((await uses())[0]).toEqual({ id: 'first', parties: 0, contacts: false, unchecked: false });
});

test('a key may be in use until ten minutes after its last registration; an unused key never is', async () => {
  await registerKeys(database, { keyring: keyringOf([second, first]), roots: [] });
  const { encryptedAt } = await database.encryptionKey.findUniqueOrThrow({ where: { id: 'first' } });
  const messages = encryptedAt?.getTime() ?? 0;
  const [used, unused] = await keyUses(database, both);
  expect(used).toMatchObject({ id: 'first', unchecked: true });
  expect(used?.until?.getTime()).toBeGreaterThan(messages + 600_000);
  expect(used?.until?.getTime()).toBeLessThan(messages + 700_000);
  expect(unused).toEqual({
    id: 'second',
    here: true,
    parties: 0,
    policies: 0,
    contacts: false,
    unchecked: false,
    until: null,
  });
});

test('a process that still encrypts with the old key wraps nothing anew', async () => {
  await registerKeys(database, { keyring: both, roots: [] });
  await keepParty('party-1', both);
  expect(
    await rewrapBatch({ database, books: database }, before, { began: new Date().toISOString() }),
  ).toEqual({
    kind: 'not-newest',
    newest: 'second',
  });
});

test('what lies under a key that is missing here is left as it is', async () => {
  await keepParty('party-1', before);
  await database.contactKey.deleteMany();
  await hash(after);
  await registerKeys(database, { keyring: after, roots: [] });
  expect(await rewrap(after)).toBe(0);
  expect((await keyUses(database, after))[0]).toMatchObject({ id: 'first', here: false, parties: 1 });
});

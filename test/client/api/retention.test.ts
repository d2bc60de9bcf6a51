import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { verifyArchive } from '../../../client/cli/archive/verification.ts';
import { planPage, retiredPage } from '../../../client/cli/pages/retention-page.ts';
import { apiAt, type Api } from '../../../client/own-api/api.ts';
import { folderAttachments } from '../../../providers/attachments/folder.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { numbersOnRecord } from '../../../records/claims/claim-numbers.ts';
import { keepAttachment } from '../../../records/claims/attachments.ts';
import { journalOf } from '../../../records/journal/read-journal.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import { retireRows } from '../../../records/retention/retire.ts';
import { checkProof } from '../../../security/signing.ts';
import { comparePolicies } from '../../../records/policies/policy-history.ts';
import { keepPolicies } from '../../support/policies.ts';
import { keepRecords } from '../../support/records.ts';
import { asProgram, ownDatabase } from '../../support/runtime.ts';
import { rootKey } from '../../support/signed-claim.ts';
import { aLongSigningKey, storeClaim } from '../../support/stored-claims.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import { openDoor, type Door } from './door.ts';

const roots = [rootKey.publicKey];
const key = aLongSigningKey();
const dataDir = temporaryDirectory();

/** A day so many years ago, and some days more, by this machine's clock: the records' own clock decides. */
const yearsAgo = (years: number, days = 0): string => {
  const date = new Date();
  date.setUTCFullYear(date.getUTCFullYear() - years, date.getUTCMonth(), date.getUTCDate() - days);
  return date.toISOString().slice(0, 10);
};

const validTo = (years: number): Date => new Date(`${yearsAgo(years)}T00:00:00Z`);

let owner: Database;
let program: Database;
let door: Door;
/** Closed 4 and 6 years ago, 6 and 11 years ago with a payment, 6 years ago under a policy of years. */
let claims: Record<'young' | 'old' | 'paid' | 'oldPaid' | 'long' | 'held' | 'asked', string>;

beforeAll(async () => {
  const url = await ownDatabase();
  owner = connectDatabase(url);
  await keepRecords(owner);
  const policy = { line: 'motor', jurisdiction: 'CN', branch: 'longkou', currency: 'CNY', objects: {} };
  await owner.policy.createMany({
    data: [
      { ...policy, number: 'P-YEAR', validFrom: validTo(7), validTo: validTo(6) },
      { ...policy, number: 'P-LONG', validFrom: validTo(9), validTo: validTo(6) },
    ],
  });
  program = connectDatabase(asProgram(url));
  door = await openDoor({ records: { database: program, roots, signing: key }, dataDir });
  let stored = 0;
  // Losses that are days apart have nothing in common.
  const store = (reference: string, years: number, change: { policy?: string; isPaid?: boolean } = {}) =>
    storeClaim(owner, { reference, key, day: yearsAgo(years, (stored += 20)), policy: 'P-YEAR', ...change });
  claims = {
    young: await store('young', 4),
    old: await store('old', 6),
    paid: await store('paid', 6, { isPaid: true }),
    oldPaid: await store('old-paid', 11, { isPaid: true }),
    long: await store('long', 6, { policy: 'P-LONG' }),
    held: await store('held', 6),
    asked: await store('asked', 6),
  };
  for (const [claim, years] of [
    [claims.paid, 6],
    [claims.oldPaid, 11],
  ] as const)
    await owner.payment.create({
      data: {
        id: `${claim}-item-1-payment-1`,
        claim,
        item: 'item-1',
        policy: 'P-YEAR',
        lossAt: yearsAgo(years) + 'T00:00:00Z',
        account: 'account-1',
        people: [],
        object: 'insured-vehicle',
        amountMinor: 480_000n,
        excessMinor: 0n,
        currency: 'CNY',
        of: 'x',
        byRules: true,
        placedAt: yearsAgo(years) + 'T00:00:00Z',
        answer: 'confirmed',
      },
    });
  const what = 'answer policyholder, who has written';
  await owner.followUp.create({ data: { claim: claims.asked, id: 'text-1', branch: 'longkou', what } });
  const bytes = await folderAttachments(join(dataDir, 'attachments')).put(Buffer.from('%PDF-1.4\n%%EOF\n'));
  if (bytes.kind !== 'stored') throw new Error(bytes.why);
  const about = { claim: claims.old, party: 'party-1', document: 'repair-invoice', by: 'H-101' };
  await keepAttachment(owner, testKeyring(), about, bytes);
});
afterAll(async () => {
  await door.close();
  await Promise.all([owner.$disconnect(), program.$disconnect()]);
});

/** The API in the name of a member of staff. */
async function as(code: string): Promise<Api> {
  const token = await door.token(code);
  return apiAt(() => ({ url: door.url, token }));
}

const run = async (plan: string, code = 'M-601') => (await as(code)).runRetention(plan);

test('a plan lists what the law no longer wants, without what is held or asked about; nothing is deleted', async () => {
  await (await as('M-601')).hold(claims.held, 'court');
  await expect((await as('M-601')).hold(claims.held, 'court')).rejects.toThrow('is held already');
  await expect((await as('E-701')).hold(claims.old, 'because')).rejects.toThrow('one of court');
  const plan = await (await as('O-951')).planRetention();
  expect(plan.claims.map(({ claim }) => claim).toSorted()).toEqual([claims.old, claims.oldPaid].toSorted());
  expect(plan.claims.find(({ claim }) => claim === claims.old)?.law).toContain('art. 87');
  expect(plan.claims.find(({ claim }) => claim === claims.oldPaid)?.law).toMatch(/art\. (87|34)/);
  expect(plan.staying).toEqual(
    expect.arrayContaining([
      { claim: claims.held, why: 'hold' },
      { claim: claims.asked, why: 'follow-up' },
    ]),
  );
  expect(planPage(plan)).toContain('Nothing was deleted.');
  expect(await owner.claim.count()).toBe(7);
});

test('somebody else carries it out: each claim is archived first, and leaves a signed line alone', async () => {
  const plan = await (await as('M-601')).planRetention();
  await expect(run(plan.id)).rejects.toThrow('somebody else must look at it');
  const { id } = await (await as('O-951')).planRetention();
  await expect(run(id, 'O-951')).rejects.toThrow('the role manager');
  const before = await journalOf(owner, claims.old);
  const batch = await run(id);
  expect(batch).toMatchObject({ retired: { claims: 2 }, kept: [], isEnded: true });
  expect(retiredPage(batch)).toContain('2 claims deleted, each archived before');
  const [line] = (await signedLines(owner, { claim: claims.old })).filter(
    ({ act }) => act === 'retire-claim',
  );
  const checked = checkProof(roots, line?.proof);
  expect(checked).toMatchObject({
    kind: 'genuine',
    statement: {
      by: { code: 'M-601' },
      fields: { head: `${before.length}:${before.at(-1)?.hash}`, plan: id },
    },
  });
  const verified = [];
  for (const file of batch.archives)
    verified.push(await verifyArchive(join(dataDir, 'archives', file), roots));
  expect(verified.flatMap(({ faults }) => faults)).toEqual([]);
  expect(verified.map(({ claim }) => claim).toSorted()).toEqual([claims.old, claims.oldPaid].toSorted());
  expect((await rowsOf(claims.old)).toSorted()).toEqual(['notice', 'signed_line']);
  const { sealed } = await owner.notice.findUniqueOrThrow({ where: { claim: claims.old } });
  expect(sealed).toBe('');
  const again = { source: 'hotline', reference: 'old' };
  expect(await numbersOnRecord(owner, testKeyring(), again)).toMatchObject({
    own: claims.old,
    isRetired: true,
  });
  expect(readdirSync(join(dataDir, 'attachments')).filter((name) => name !== 'incoming')).toHaveLength(1);
  expect(attachmentFiles()).toEqual([]);
  // Stopped and repeated: nothing is left to do, and no line comes twice.
  expect(await run(id)).toMatchObject({ retired: {}, archives: [], isEnded: true });
  expect(await owner.signedLine.count({ where: { act: 'retire-claim' } })).toBe(2);
  expect(await owner.retentionPlan.findUniqueOrThrow({ where: { id } })).toMatchObject({
    runBy: 'M-601',
    retired: { claims: 2 },
    endedAt: expect.any(Date),
  });
});

test('a claim that is released goes; one that is held after the plan stays', async () => {
  await (await as('M-601')).release(claims.held, 'lifted');
  await owner.followUp.updateMany({ where: { claim: claims.asked }, data: { doneAt: new Date() } });
  const { id } = await (await as('O-951')).planRetention();
  await (await as('E-701')).hold(claims.asked, 'regulator');
  expect(await run(id)).toMatchObject({
    retired: { claims: 1 },
    kept: [{ claim: claims.asked, why: 'somebody holds it' }],
  });
  expect(await owner.claim.count()).toBe(4);
});

test('no program deletes a claim that is too young, whatever it signs or sets', async () => {
  expect(await outcomeOf(program, 'DELETE FROM journal_entry')).toMatch(/permission denied/);
  const journal = await journalOf(owner, claims.young);
  for (const claim of [claims.young, claims.paid, claims.long]) {
    const last = (await journalOf(owner, claim)).at(-1);
    const signed = JSON.stringify({
      act: 'retire-claim',
      claim,
      fields: { head: `${last?.seq}:${last?.hash}` },
    });
    const line = JSON.stringify({ at: new Date(), by: 'nobody', proof: { signed } }).replaceAll("'", "''");
    expect(await outcomeOf(program, `SELECT retire_claim('${claim}', '${line}')`)).toMatch(/is kept until/);
    const other = line.replaceAll(`${last?.seq}:`, '1:');
    expect(await outcomeOf(program, `SELECT retire_claim('${claim}', '${other}')`)).toMatch(
      /ended elsewhere/,
    );
    const setting = `SET lipei.retires = '${claim}'; DELETE FROM journal_entry WHERE claim = '${claim}'`;
    expect(await outcomeOf(program, setting)).toMatch(/permission denied/);
  }
  const asOwner = `SET lipei.retires = '${claims.young}'; DELETE FROM journal_entry`;
  expect(await outcomeOf(owner, asOwner)).toMatch(/the journal is never changed/);
  expect(await journalOf(owner, claims.young)).toEqual(journal);
  await expect(
    retireRows(program, { name: 'inbox', before: new Date().toISOString(), atMost: 1 }),
  ).rejects.toThrow(/are kept for/);
});

test('every table of claims goes with the claim, also one that is new', async () => {
  const [source] = await owner.$queryRaw<{ text: string }[]>`
    SELECT pg_get_functiondef('retire_claim'::regproc) AS text`;
  const tables = await owner.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT c.table_name AS name
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = 'claim'`;
  const left = tables.filter(
    ({ name }) => !source?.text.includes(`DELETE FROM ${name} WHERE claim = of_claim`),
  );
  // A signed line says for ever what was done with a claim, and its number is never another one's.
  expect(left.map(({ name }) => name).toSorted()).toEqual(['notice', 'signed_line']);
});

test('rows go by their age, and what is still needed stays', async () => {
  const old = new Date(`${yearsAgo(4)}T00:00:00Z`);
  await owner.inbox.createMany({
    data: [
      { id: 'forwarded', kind: 'text', claim: claims.young, at: old, forwardedAt: old },
      { id: 'waiting', kind: 'text', claim: claims.young, at: old },
      { id: 'new', kind: 'text', claim: claims.young, forwardedAt: new Date() },
    ],
  });
  await owner.personalLook.createMany({
    data: [
      { at: old, by: 'C-301', roles: ['handler'], claims: [claims.old], what: 'contact', because: 'task' },
      {
        at: old,
        by: 'C-301',
        roles: ['handler'],
        claims: [claims.old, claims.young],
        what: 'contact',
        because: 'task',
      },
    ],
  });
  await owner.revokedToken.createMany({
    data: [
      { id: 'ended', by: 'M-601', at: old },
      { id: 'live', by: 'M-601' },
    ],
  });
  const mail = { person: 'C-301', at: old, state: 'accepted', contact: 'x' };
  await owner.staffNotification.createMany({ data: [{ ...mail, reference: 'staff/C-301/1' }] });
  const setAside = { claim: claims.young, wrapped: 'x', archiveKey: 'x', law: 'x' };
  await owner.setAsideKey.createMany({
    data: [
      { ...setAside, party: 'party-1', until: old },
      { ...setAside, party: 'party-2', until: new Date(Date.now() + 86_400_000) },
    ],
  });
  const telephone = { claim: 'NO-CLAIM', role: 'unknown', locale: '', timeZone: '', key: 'k', sealed: 's' };
  await owner.party.createMany({
    data: [
      { ...telephone, id: 'telephone-1' },
      { ...telephone, id: 'telephone-2' },
    ],
  });
  const note = { claim: 'NO-CLAIM', by: 'x', sealed: 's', at: old };
  await owner.note.createMany({
    data: [
      { ...note, id: 'n-1', party: 'telephone-1' },
      { ...note, id: 'n-2', party: 'telephone-2' },
    ],
  });
  const what = 'answer telephone-2: a text from an unknown telephone';
  await owner.followUp.create({ data: { claim: 'NO-CLAIM', id: 'text-2', branch: '', what } });
  const ended = { validFrom: new Date('2009-01-01'), validTo: new Date('2010-01-01') };
  await keepPolicies(owner, ['P-ENDED', 'P-RENEWED', 'P-CLAIMED'], ended);
  await keepPolicies(owner, ['P-RENEWED'], { version: 2, endorsement: '1' });
  await owner.claimMark.create({ data: { claim: claims.young, mark: 'policy:P-CLAIMED', lossAt: old } });

  const { id, classes } = await (await as('O-951')).planRetention();
  const counts = Object.fromEntries(Object.entries(classes).map(([name, { rows }]) => [name, rows]));
  const expected = {
    inbox: 1,
    looks: 1,
    staffMail: 1,
    revokedTokens: 1,
    unknownTelephones: 1,
    setAsideKeys: 1,
    policies: 1,
  };
  expect(counts).toEqual(expected);
  expect((await run(id)).retired).toEqual(expected);
  expect((await owner.inbox.findMany()).map((row) => row.id).toSorted()).toEqual(['new', 'waiting']);
  const kept = await owner.policy.findMany({ where: { validTo: ended.validTo }, orderBy: { number: 'asc' } });
  expect(kept.map(({ number }) => number)).toEqual(['P-CLAIMED', 'P-RENEWED']);
  expect((await comparePolicies(owner, '')).faults).toEqual([]);
  expect(await owner.personalLook.count()).toBe(1);
  expect((await owner.revokedToken.findMany()).map((row) => row.id)).toEqual(['live']);
  expect(await owner.setAsideKey.findMany()).toMatchObject([{ party: 'party-2' }]);
  expect(await owner.note.findMany({ where: { claim: 'NO-CLAIM' } })).toMatchObject([{ id: 'n-2' }]);
});

/** `done`, or the database's sentence. */
const outcomeOf = async (database: Database, statement: string): Promise<unknown> =>
  database.$executeRawUnsafe(statement).then(
    () => 'done',
    (fault: unknown) => String(fault),
  );

/** Tables that have a row of the claim. */
async function rowsOf(claim: string): Promise<string[]> {
  const tables = await owner.$queryRaw<{ name: string; column: string }[]>`
    SELECT t.table_name AS name, c.column_name AS column
    FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE'
      AND (c.column_name = 'claim' OR (t.table_name = 'claim' AND c.column_name = 'number'))`;
  const found: string[] = [];
  for (const { name, column } of tables) {
    const [row] = await owner.$queryRawUnsafe<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM ${name} WHERE ${column} = $1`,
      claim,
    );
    if (row && row.count > 0) found.push(name);
  }
  return found;
}

function attachmentFiles(): string[] {
  const folder = join(dataDir, 'attachments');
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

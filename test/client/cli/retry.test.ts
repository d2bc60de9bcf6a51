import { intactJournal } from '../../../records/journal/journal-check.ts';
import { storedClaim } from '../../../records/claims/stored-claim.ts';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { connectClaims, type Claims } from '../../../client/engine/claims.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import { signStatement } from '../../../security/signing.ts';
import { lipei, valueOf, type Ended } from '../../support/lipei.ts';
import { eventually } from '../../support/local-stack.ts';
import { aNotice } from '../../support/notices.ts';
import { testKeyring, testRoots, testSigning } from '../../support/test-keyring.ts';
import { openOffice, type Office } from '../api/office.ts';

let office: Office;
let claims: Claims;
let broken: string[];

beforeAll(async () => {
  office = await openOffice();
  claims = connectClaims({
    connection: { address: office.engine },
    namespace: 'default',
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
  });
  broken = await Promise.all([filed(), filed(), filed()]);
  for (const no of broken) await breakJournal(no);
  await eventually(
    'every claim is blocked',
    async () => blocked(),
    (now) => now.length === 3,
  );
});
afterAll(async () => {
  await claims.close();
  await office.close();
});

async function filed(): Promise<string> {
  const { body } = await office.ask('H-101', 'POST', '/claims', aNotice());
  await eventually(
    'notified',
    async () => claims.state(body.claim),
    (answer) => answer.kind === 'found' && answer.claim.acknowledged && answer.claim.outbox.length === 0,
  );
  await eventually(
    'stored',
    async () => Promise.all([claims.state(body.claim), storedClaim(office.database, body.claim)]),
    ([answer, stored]) => answer.kind === 'found' && answer.claim.stage === stored?.stage,
  );
  return body.claim;
}

/**
 * Somebody else's entry under the next number: the only fault that no attempt can mend, so it shows at once.
 */
async function breakJournal(claim: string): Promise<void> {
  const seq = 1 + (await office.database.journalEntry.count({ where: { claim } }));
  await office.database.journalEntry.create({
    data: {
      claim,
      seq,
      at: new Date(),
      by: 'nobody',
      kind: 'note-added',
      entry: '{"kind":"note-added"}',
      previousHash: '',
      hash: '',
    },
  });
  const id = randomUUID();
  const proof = signStatement(testSigning, {
    claim,
    act: 'document-arrived',
    id,
    at: new Date().toISOString(),
    by: { kind: 'system' },
    fields: { document: 'driving-licence', attachment: 'a'.repeat(64) },
  });
  await claims.report(claim, 'document-arrived', { id, proof });
}

async function repairJournal(claim: string): Promise<void> {
  await office.database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await office.database.journalEntry.deleteMany({ where: { claim, by: 'nobody' } });
  await office.database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`;
}

const listed = z.array(z.object({ claim: z.string(), problem: z.string(), parts: z.array(z.string()) }));
const blocked = async () => listed.parse((await office.ask('O-951', 'GET', '/problems')).body);
const types = async (who: string, ...words: string[]): Promise<Ended> =>
  lipei([...words, '--api', office.api], { env: { LIPEI_TOKEN: await office.token(who) } });

test('what is broken is listed with how many claims it holds up', async () => {
  expect((await blocked()).map(({ problem, parts }) => [problem, parts])).toEqual(
    broken.map(() => ['the journal differs from the claim', ['journal']]),
  );
  const { exitCode, out } = await types('O-951', 'claims', 'problems');
  expect([exitCode, out]).toEqual([
    0,
    expect.stringMatching(/journal\s+the journal differs from the claim\s+3 claims/),
  ]);
});

test('a dry run says what would be tried and does nothing; without --yes nobody who cannot be asked is taken to have agreed', async () => {
  const dry = valueOf(await types('O-951', 'retry', '--problem', 'journal', '--dry-run', '--json'));
  expect(dry).toMatchObject({ dryRun: true, claims: 3 });
  expect(await types('O-951', 'retry', '--problem', 'journal')).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining('repeat with --yes'),
  });
  expect(valueOf(await types('O-951', 'retry', '--problem', 'bank', '--yes', '--json'))).toMatchObject({
    claims: 0,
  });
  expect(await blocked()).toHaveLength(3);
});

test('a person who may not retry gets a denial, and nothing is tried', async () => {
  expect(await types('A-991', 'retry', '--problem', 'journal', '--yes')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('auditor'),
  });
  expect(await blocked()).toHaveLength(3);
});

test('claims of a fixed problem resume at the given rate; the others are listed again', async () => {
  const [one = '', two = '', three = ''] = broken;
  for (const no of [one, two]) await repairJournal(no);
  const since = Date.now();
  const value = valueOf(
    await types('O-951', 'retry', '--problem', 'journal', '--yes', '--rate', '1', '--json'),
  );
  expect(value).toMatchObject({
    problem: 'journal',
    claims: 3,
    resumed: 3,
    alreadyResumed: 0,
    failed: 0,
    outcomes: expect.arrayContaining(broken.map((claim) => ({ claim, kind: 'resumed' }))),
  });
  expect(Date.now() - since).toBeGreaterThan(2_000);
  await eventually(
    'the third alone is blocked',
    blocked,
    (now) => now.length === 1 && now[0]?.claim === three,
  );
  // The report that it could not store went along, and counts.
  for (const no of [one, two])
    expect(
      await office.database.journalEntry.count({ where: { claim: no, kind: 'document-received' } }),
    ).toBe(1);

  await repairJournal(three);
  expect(await types('O-951', 'retry', three, '--problem', 'journal:entries')).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining(`${three} resumes`),
  });
  await eventually('nothing is blocked', blocked, (now) => now.length === 0);
  expect(await types('O-951', 'retry', three)).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('Nothing is broken'),
  });
  expect(await types('O-951', 'retry', 'LZZZZ-ZZZZZ')).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('There is no claim'),
  });
  expect((await types('O-951', 'claims', 'problems')).out).toContain('No problems: no claim is blocked');
  for (const { number } of await office.database.claim.findMany({ select: { number: true } }))
    expect(await intactJournal(office.database, number)).toMatchObject({ kind: 'intact' });
});

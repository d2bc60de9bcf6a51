import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connectDatabase, type Database } from '../records/database.ts';
import { folderAttachments } from '../providers/attachments/folder.ts';
import { projectRoot } from '../config/env.ts';
import { readNotice } from '../config/notice/read.ts';
import { houseRules } from '../config/rules/load.ts';
import { documentKinds } from '../domain/documents/requirements.ts';
import { claimNumber } from '../domain/ids.ts';
import { minorUnits } from '../domain/money/money.ts';
import { staffRoles } from '../domain/people/people.ts';
import { sampleActs } from '../local/sample-acts.ts';
import { samplePeople, samplePolicies } from '../local/sample-company.ts';
import { fileSampleClaims, prepareSamples, sampleNames, sampleNotice } from '../local/samples.ts';
import { ensureLocalKeyring, loadKeys } from '../security/key-folder.ts';
import { readToken } from '../security/tokens.ts';
import { asBooks, ownDatabase } from './support/runtime.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const samples = join(projectRoot, 'samples');
const people = samplePeople();
const policies = samplePolicies();
/** As it is in force now: days are local dates. */
const policyNow = (wanted: string | undefined) =>
  policies.find(({ number, from, to }) => number === wanted && from <= '2026-11-23' && '2026-11-23' < to);
const packOf = ({ line, jurisdiction }: { line: string; jurisdiction: string }) =>
  houseRules.newest({ line, jurisdiction, pace: 'ordinary' });
const now = new Date('2026-11-23T08:00:00.000Z');

test("what the README and the samples' own page name among the samples is there", () => {
  const named = ['README.md', 'samples/README.md', 'docs/import.md'].flatMap(
    (page) => readFileSync(join(projectRoot, page), 'utf8').match(/samples\/[\w./-]*\w/g) ?? [],
  );
  expect(named.length).toBeGreaterThan(1);
  expect(named.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
});

/** An API that takes notices of loss as ours does, or answers with a problem. */
async function startApi(problem?: { type: string; title: string; status: number; detail: string }) {
  const received: {
    authorization: string | undefined;
    notice: { source: string; reference: string; lossAt: string };
  }[] = [];
  const server = createServer(async (request, response) => {
    const notice = JSON.parse(await text(request));
    received.push({ authorization: request.headers.authorization, notice });
    const answer = problem ?? { kind: 'filed', claim: claimNumber(notice.source, notice.reference) };
    response
      .writeHead(problem?.status ?? 200, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    api: `http://127.0.0.1:${portOf(server.address())}`,
    received,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

function dataDirectory(): string {
  const dataDir = temporaryDirectory();
  writeFileSync(
    join(dataDir, 'tokens.json'),
    JSON.stringify({ default: 'H-101', tokens: { 'H-101': 'hotline-token' } }),
  );
  return dataDir;
}

const portOf = (address: string | AddressInfo | null): number =>
  typeof address === 'object' && address ? address.port : 0;

describe.each(sampleNames())('the sample %s', (name) => {
  const reading = readNotice(sampleNotice(name, now), { now: now.toISOString() });

  test('is a notice of loss as anybody may file it, now and as the file stands', () => {
    expect(reading).toMatchObject({
      kind: 'read',
      notice: { lossAt: '2026-11-23T05:00:00.000Z', reference: name },
    });
    expect(
      readNotice(JSON.parse(readFileSync(join(samples, 'notices', `${name}.json`), 'utf8')), {
        now: now.toISOString(),
      }).kind,
    ).toBe('read');
  });

  test('is covered by a policy that is in force, up to what is claimed, for the vehicle that it names', () => {
    const notice = reading.kind === 'read' ? reading.notice : undefined;
    const policy = policyNow(notice?.policy);
    if (!policy) throw new Error('There is no such policy');
    for (const { object, claimed, plate } of notice?.items ?? []) {
      expect(packOf(policy).objects).toHaveProperty([object]);
      const insured = policy.objects.filter((each) => each.object === object);
      // One is there to show a refusal: its policy has no cover for the third party.
      if (name === 'letter-to-post' && object === 'third-party-vehicle') expect(insured).toEqual([]);
      else
        expect(minorUnits(insured[0]?.sumInsured ?? '', policy.currency)).toBeGreaterThanOrEqual(
          minorUnits(claimed, policy.currency) ?? Infinity,
        );
      if (object === 'insured-vehicle') expect(insured.map((each) => each.plate)).toContain(plate);
    }
  });

  test('is filed by somebody of its policy, but for the one that shows a stranger', () => {
    const notice = reading.kind === 'read' ? reading.notice : undefined;
    const known = (policyNow(notice?.policy)?.people ?? []).flatMap(({ phone, email }) => [phone, email]);
    const [claimant] = notice?.parties ?? [];
    expect(known.includes(claimant?.phone) && known.includes(claimant?.email)).toBe(
      name !== 'penglai-stranger',
    );
  });

  test('has telephones of nobody, and accounts that are paid but for the one that shows a return', () => {
    const { parties = [], items = [] } = reading.kind === 'read' ? reading.notice : {};
    for (const { phone } of parties)
      if (phone !== undefined) expect(phone).toMatch(/^(?:\+8613800000\d{3}|\+120255501\d{2})$/);
    const paid = items.flatMap((item) => parties.find(({ id }) => id === item.party)?.account ?? []);
    expect(paid.length).toBeGreaterThan(0);
    for (const account of paid) {
      expect(account).toMatch(/^\d{12,26}$/);
      expect(/(?:0000|9999)$/.test(account)).toBe(name === 'returned-payment');
    }
  });

  test('is taken along the road by people who are there, with papers that are there', () => {
    const notice = reading.kind === 'read' ? reading.notice : undefined;
    const policy = policyNow(notice?.policy);
    const known = policy ? documentKinds(packOf(policy)) : [];
    const items = notice?.items.map((_, index) => `item-${index + 1}`) ?? [];
    for (const each of sampleActs()[name] ?? []) {
      if ('text' in each) expect(notice?.parties.map(({ role }) => role)).toContain(each.from);
      if ('document' in each) {
        expect(known).toContain(each.document);
        expect(existsSync(join(samples, 'attachments', each.file))).toBe(true);
      }
      if ('act' in each && each.fields.item !== undefined) expect(items).toContain(each.fields.item);
      if ('act' in each && !['handler', 'surveyor'].includes(each.by))
        expect(people.map(({ code }) => code)).toContain(each.by);
    }
  });
});

test('what happens after filing is said for every sample, and for nothing else', () => {
  expect(Object.keys(sampleActs()).toSorted()).toEqual(sampleNames());
});

test('the samples tell the four stories of the demo', () => {
  const demo = ['busy-customer', 'large-loss', 'silent-surveyor', 'third-party-invoice'];
  const notified = demo.map((name) => [
    name,
    sampleNotice(name, now).items.map(({ object, claimed }) => `${object} ${claimed}`),
  ]);
  expect(Object.fromEntries(notified)).toEqual({
    'busy-customer': ['insured-vehicle 3200.00', 'third-party-vehicle 2600.00'],
    'large-loss': ['insured-vehicle 380000.00'],
    'silent-surveyor': ['insured-vehicle 2000.00'],
    'third-party-invoice': ['insured-vehicle 4800.00', 'third-party-vehicle 3500.00'],
  });
});

test('no telephone number, account or email address stands for two people', () => {
  const parties = sampleNames().flatMap((name) => sampleNotice(name, now).parties);
  for (const values of [
    parties.flatMap(({ phone }) => phone ?? []),
    parties.flatMap(({ account }) => account ?? []),
    [...parties.flatMap(({ email }) => email ?? []), ...people.map(({ email }) => email)],
  ])
    expect(new Set(values).size).toBe(values.length);
});

test('the branch of the stories and the offices above it have somebody for everything that a claim can ask of staff', () => {
  const there = people.filter(({ unit }) => ['longkou', 'yantai', 'head'].includes(unit));
  expect(staffRoles.filter((role) => !there.some(({ roles }) => roles.includes(role)))).toEqual([]);
  const mayApprove = (minor: number) =>
    there.filter(
      ({ roles, limits }) =>
        roles.some((role) => ['reviewer', 'manager', 'executive'].includes(role)) &&
        (limits['motor']?.['CNY'] ?? 0) >= minor &&
        !roles.includes('handler'),
    );
  expect(mayApprove(38_000_000).length).toBeGreaterThanOrEqual(2);
  expect(
    there.some(
      ({ roles, limits }) => roles.includes('reviewer') && (limits['motor']?.['CNY'] ?? 0) < 38_000_000,
    ),
  ).toBe(true);
  expect(there.some(({ roles }) => roles.includes('handler') && roles.includes('reviewer'))).toBe(true);
});

test('the policies show what a policy can be', () => {
  const rowsOf = (wanted: string) => policies.filter(({ number }) => number === wanted);
  expect(policies.some(({ to }) => to < '2026')).toBe(true);
  expect(policies.some(({ from }) => from > '2027')).toBe(true);
  expect([rowsOf('LK26-000109').length, rowsOf('LK25-000110').length]).toEqual([2, 2]);
  expect(policyNow('LK25-000105')?.objects.map(({ object }) => object)).toEqual(['insured-vehicle']);
  const fleet = policyNow('PL25-000203')?.objects.filter(({ object }) => object === 'insured-vehicle');
  expect(new Set(fleet?.map(({ plate }) => plate)).size).toBe(2);
  expect(policies.some(({ objects }) => objects.some(({ causes }) => causes))).toBe(true);
  const rows = new Set(policies.map(({ number }) => number));
  expect(samplePolicies('policy-source').filter(({ number }) => rows.has(number))).toEqual([]);
});

test('the attachments are what their names say, and small', async () => {
  const store = folderAttachments(temporaryDirectory());
  const types: Record<string, string> = { pdf: 'application/pdf', jpg: 'image/jpeg', png: 'image/png' };
  const files = readdirSync(join(samples, 'attachments'));
  expect(new Set(files.map((file) => file.split('.')[1]))).toEqual(new Set(Object.keys(types)));
  for (const file of files) {
    const bytes = readFileSync(join(samples, 'attachments', file));
    expect(bytes.length).toBeLessThan(20_000);
    expect(await store.put(bytes)).toMatchObject({ kind: 'stored', type: types[file.split('.')[1] ?? ''] });
  }
});

describe('the books', () => {
  let database: Database;
  let booksUrl: string;
  const dataDir = temporaryDirectory();
  beforeAll(async () => {
    const ownersUrl = await ownDatabase();
    booksUrl = asBooks(ownersUrl);
    database = connectDatabase(ownersUrl);
    ensureLocalKeyring(join(dataDir, 'keys'));
    await prepareSamples({ booksUrl, dataDir });
  }, 60_000);
  afterAll(() => database.$disconnect());

  test('take the sample company whole: units, people and policies', async () => {
    expect(await database.unit.count()).toBe(6);
    expect(await database.person.count()).toBe(people.length);
    expect(await database.policy.count()).toBe(policies.length);
    expect(await database.person.findUnique({ where: { code: 'R-502' } })).toMatchObject({
      roles: ['reviewer'],
      branch: 'longkou',
      limits: { motor: { CNY: 50_000_000 } },
      active: true,
    });
    const policy = await database.policy.findFirstOrThrow({ where: { number: 'LK25-000103' } });
    expect(policy).toMatchObject({
      branch: 'longkou',
      validFrom: new Date('2024-12-31T16:00:00.000Z'),
      objects: { 'insured-vehicle': { sumInsuredMinor: 88_000_000, excessMinor: 200_000 } },
    });
  });

  test('take it once: what people have changed since stays', async () => {
    const code = 'H-102';
    await database.person.update({ where: { code }, data: { deputies: [] } });
    const imports = await database.bookImport.count();
    await prepareSamples({ booksUrl, dataDir });
    expect(await database.person.findUnique({ where: { code } })).toMatchObject({ deputies: [] });
    expect(await database.policy.count()).toBe(policies.length);
    expect(await database.bookImport.count()).toBe(imports);
  });

  test('come with a token for everybody, for the owner’s eyes only', async () => {
    const file = join(dataDir, 'tokens.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { default: code, tokens } = JSON.parse(readFileSync(file, 'utf8'));
    expect(code).toBe('H-101');
    expect(Object.keys(tokens).toSorted()).toEqual(people.map((each) => each.code).toSorted());
    const { publicKey } = loadKeys({ directory: join(dataDir, 'keys') }).token;
    expect(
      await readToken(publicKey, tokens['R-502'], { revoked: new Set(), now: new Date() }),
    ).toMatchObject({ kind: 'valid', staff: 'R-502' });
  });
});

describe('filing the samples', () => {
  test('happens once for a data directory, by the hotline, as of losses of this morning', async () => {
    const [api, dataDir] = [await startApi(), dataDirectory()];
    const claims = await fileSampleClaims({ dataDir, api: api.api });
    expect(await fileSampleClaims({ dataDir, api: api.api })).toEqual(claims);
    expect(claims).toMatchObject({ 'busy-customer': claimNumber('samples', 'busy-customer') });
    expect(api.received.map(({ notice }) => notice.reference)).toEqual(sampleNames());
    expect(new Set(api.received.map(({ authorization }) => authorization))).toEqual(
      new Set(['Bearer hotline-token']),
    );
    const age = Date.now() - Date.parse(api.received[0]?.notice.lossAt ?? '');
    expect(Math.round(age / 60_000)).toBe(180);
    await api.stop();
  });

  test('says in the API’s words why one was not taken, and tries again at the next start', async () => {
    const problem = { type: 'urn:lipei:problem:a', title: 'A', status: 422, detail: 'policy: is unknown.' };
    const [api, dataDir] = [await startApi(problem), dataDirectory()];
    await expect(fileSampleClaims({ dataDir, api: api.api })).rejects.toThrow(
      'The sample busy-customer was not filed: policy: is unknown.',
    );
    expect(existsSync(join(dataDir, 'samples-filed.json'))).toBe(false);
    await api.stop();
  });
});

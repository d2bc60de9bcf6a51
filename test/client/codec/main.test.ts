import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { rolesFor } from '../../../domain/people/permissions.ts';
import { claimNumber, workflowIdOf } from '../../../domain/ids.ts';
import { defaultPayloadConverter } from '@temporalio/common';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { admitStaff } from '../../../client/codec/admission.ts';
import { inJson, payloadList } from '../../../client/codec/payloads.ts';
import { environmentWith, projectRoot } from '../../../config/env.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { ensureLocalKeyring, loadKeys, type Keys } from '../../../security/key-folder.ts';
import { payloadCodec } from '../../../security/payload-codec.ts';
import { issueToken, readToken, type TokenAudience } from '../../../security/tokens.ts';
import { ClaimUnderTest } from '../../support/builders.ts';
import { keepRecords, storeState } from '../../support/records.ts';
import { ownDatabase } from '../../support/runtime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { ask } from './asking.ts';
import { present } from '../../../domain/present.ts';

const origin = 'https://temporal.example.com';
const [claim, foreign] = [claimNumber('test', 'codec'), claimNumber('test', 'foreign')];
const directory = join(temporaryDirectory(), 'keys');
let keys: Keys, databaseUrl: string, database: Database, port: number, program: ChildProcess;
let output = '';

beforeAll(async () => {
  ensureLocalKeyring(directory);
  keys = loadKeys({ directory });
  databaseUrl = await ownDatabase();
  database = connectDatabase(databaseUrl);
  await keepRecords(database);
  for (const [number, branch] of [
    [claim, 'longkou'],
    [foreign, 'penglai'],
  ] as const)
    await storeState(database, { ...ClaimUnderTest.covered().claim, number, branch });
  port = await freePort();
  program = spawn(
    process.execPath,
    [
      join(projectRoot, 'client/codec/main.ts'),
      '--ui-origin',
      origin,
      '--public-url',
      'https://codec.example.com',
    ],
    {
      env: environmentWith({ DATABASE_URL: databaseUrl, LIPEI_KEYS: directory, CODEC_PORT: String(port) }),
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  await new Promise<void>((resolve, reject) => {
    program.once('exit', () => reject(new Error(`It ended: ${output}`)));
    program.stdout?.on('data', (piece: Buffer) => {
      output += piece.toString();
      if (output.includes('listening')) resolve();
    });
  });
});

afterAll(async () => {
  const ended = new Promise((resolve) => program.once('exit', resolve));
  program.kill('SIGTERM');
  await ended;
  await database.$disconnect();
});

function tokenOf(
  staff: string,
  audience: TokenAudience = 'lipei-codec',
  now = new Date(),
  days = 0.5,
): Promise<string> {
  if (!keys.token.privateKey) throw new Error('The local keys are whole pairs');
  return issueToken(keys.token.privateKey, { staff, days, now, audience });
}

/** Bypasses the proxy, so this sets Host in its place. */
async function asks(
  token: string | undefined,
  headers: Record<string, string> = {},
  about = claim,
): Promise<{ status: number; values: unknown[] }> {
  const payloads = await payloadCodec(keys.keyring, keys).encode(
    [defaultPayloadConverter.toPayload('王小明')],
    { type: 'workflow', namespace: 'default', workflowId: workflowIdOf(about) },
  );
  const { status, body } = await ask({
    url: `http://127.0.0.1:${port}/decode`,
    headers: {
      host: 'codec.example.com',
      'content-type': 'application/json',
      ...present({ authorization: token === undefined ? undefined : `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(inJson(payloads)),
  });
  const shown = status === 200 ? payloadList.parse(JSON.parse(body)).payloads : [];
  return { status, values: shown.map((payload) => defaultPayloadConverter.fromPayload(payload)) };
}

test('a token opens payloads in the UI and on the command line; the log has who, which claim and how many', async () => {
  const token = await tokenOf('U-901');
  expect(await asks(token)).toEqual({ status: 200, values: ['王小明'] });
  expect(await asks(token, { origin })).toEqual({ status: 200, values: ['王小明'] });
  expect(output).toContain(`"staff":"U-901","act":"decode","claims":["${claim}"],"payloads":1`);
  expect(output).not.toContain('王小明');
  expect(output).not.toContain(token);
});

test.each<[string, () => Promise<string | undefined>, Record<string, string>, number]>([
  ['no token', async () => undefined, {}, 401],
  ['an empty token', async () => '', {}, 401],
  ['a token for the API', () => tokenOf('U-901', 'lipei-api'), {}, 401],
  [
    'a token that has expired',
    () => tokenOf('U-901', 'lipei-codec', new Date('2020-01-01T00:00:00Z')),
    {},
    401,
  ],
  ['a token of somebody unknown', () => tokenOf('X-000'), {}, 401],
  ['a good token from another site', () => tokenOf('U-901'), { origin: 'https://evil.example' }, 403],
  ['a good token past the proxy', () => tokenOf('U-901'), { host: 'localhost' }, 403],
])('%s reads nothing', async (_, token, headers, status) => {
  expect(await asks(await token(), headers)).toEqual({ status, values: [] });
});

test('each look is recorded with the person, the roles and the claim, before it is answered', async () => {
  const before = await database.personalLook.count();
  await asks(await tokenOf('V-401'));
  const looks = await database.personalLook.findMany({ orderBy: { id: 'asc' }, skip: before });
  expect(looks).toEqual([
    expect.objectContaining({
      by: 'V-401',
      roles: ['verifier'],
      claims: [claim],
      what: 'decode',
      because: 'branch',
    }),
  ]);
});

test('payloads of another branch are for roles of the whole company, and a denial is recorded', async () => {
  expect(await asks(await tokenOf('U-901'), {}, foreign)).toEqual({ status: 403, values: [] });
  expect((await asks(await tokenOf('O-951'), {}, foreign)).status).toBe(200);
  expect((await asks(await tokenOf('A-991'), {}, foreign)).status).toBe(200);
  const looks = await database.personalLook.findMany({
    where: { claims: { has: foreign } },
    orderBy: { id: 'asc' },
  });
  expect(looks.map(({ by, because }) => [by, because])).toEqual([
    ['U-901', 'denied'],
    ['O-951', 'branch'],
    ['A-991', 'audit'],
  ]);
});

test('only roles that may read personal data get payloads', async () => {
  expect(rolesFor('decrypt-payloads')).toEqual(rolesFor('read-personal-data'));
  const there = await database.person.findMany({ where: { active: true, branch: 'longkou' } });
  for (const { code, roles } of there)
    expect([code, (await asks(await tokenOf(code))).status]).toEqual([
      code,
      rolesFor('read-personal-data').some((role) => roles.includes(role)) ? 200 : 401,
    ]);
});

test('a token that was issued for more than a day opens nothing, though we signed it', async () => {
  expect(await asks(await tokenOf('U-901', 'lipei-codec', new Date(), 30))).toEqual({
    status: 401,
    values: [],
  });
});

test('a revoked token, or a former colleague’s, opens nothing; nor any without the records', async () => {
  const { publicKey } = keys.token;
  const [revoked, leaver, good] = [await tokenOf('U-901'), await tokenOf('C-301'), await tokenOf('U-901')];
  const reading = await readToken(publicKey, revoked, {
    revoked: new Set(),
    now: new Date(),
    audience: 'lipei-codec',
  });
  await database.revokedToken.create({
    data: { id: reading.kind === 'valid' ? reading.jti : '', by: 'M-601' },
  });
  await database.person.update({ where: { code: 'C-301' }, data: { active: false } });

  const admit = admitStaff(database, publicKey);
  expect([await admit(revoked), await admit(leaver), await admit(good)]).toEqual([
    { kind: 'denied' },
    { kind: 'denied' },
    { kind: 'admitted', colleague: expect.objectContaining({ code: 'U-901', roles: ['supervisor'] }) },
  ]);

  const gone = connectDatabase(`postgresql://nobody@127.0.0.1:${await freePort()}/none`);
  expect(await admitStaff(gone, publicKey)(good)).toEqual({ kind: 'unavailable' });
  await gone.$disconnect();
});

test('without its addresses it does not start, and names those that it needs', async () => {
  const wrong = spawn(
    process.execPath,
    [
      join(projectRoot, 'client/codec/main.ts'),
      '--ui-origin',
      `${origin}/`,
      '--public-url',
      'https://codec.example.com',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let complaint = '';
  wrong.stderr.on('data', (piece: Buffer) => {
    complaint += piece.toString();
  });
  expect(await new Promise((resolve) => wrong.once('exit', resolve))).toBe(1);
  expect(complaint).toMatch(/^Usage: .*--ui-origin[\s\S]*no slash at the end/);
});

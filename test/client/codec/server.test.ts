import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { claimNumber, workflowIdOf } from '../../../domain/ids.ts';
import { payloadList, inJson } from '../../../client/codec/payloads.ts';
import { startCodecServer, type CodecServer, type Use } from '../../../client/codec/server.ts';
import { keyringOf } from '../../../security/keyring.ts';
import { payloadCodec } from '../../../security/payload-codec.ts';
import { ask, type Answered, type Asking } from './asking.ts';
import { testRoots } from '../../support/test-keyring.ts';

const key = { id: 'test', secret: randomBytes(32) };
const keyring = keyringOf([key]);
const codec = payloadCodec(keyring, { roots: testRoots });
const context = { type: 'workflow', namespace: 'default', workflowId: 'claim-1' } as const;
const origin = 'http://127.0.0.1:8233';
const path = '/a-path-that-nobody-can-guess';

let server: CodecServer;
beforeAll(async () => {
  server = await startCodecServer({
    port: 0,
    keyring,
    roots: testRoots,
    uiOrigins: [origin, 'http://localhost:8233'],
    path,
  });
});
afterAll(() => server.stop());

const asks = (asking: Partial<Asking> = {}): Promise<Answered> =>
  ask({
    url: `${server.endpoint}/decode`,
    headers: { origin, 'content-type': 'application/json' },
    ...asking,
  });
const inBody = (...payloads: Payload[]): string => JSON.stringify(inJson(payloads));
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const encrypted = async (value: unknown): Promise<Payload> =>
  (await codec.encode([payloadOf(value)], context))[0] ?? {};
const payloadsIn = ({ body }: Answered): Payload[] => payloadList.parse(JSON.parse(body)).payloads;
const valuesIn = (answer: Answered): unknown[] =>
  payloadsIn(answer).map((payload) => defaultPayloadConverter.fromPayload(payload));

test('the Web UI is shown what payloads say, as its page asks for it', async () => {
  const body = inBody(await encrypted({ name: '王小明' }), await encrypted(undefined));
  const answer = await asks({
    url: `${server.endpoint}/decode?preserveStorageRefs=true`,
    headers: { origin, 'content-type': 'application/json', 'x-namespace': 'default' },
    body,
  });
  expect(valuesIn(answer)).toEqual([{ name: '王小明' }, undefined]);
  expect(answer).toMatchObject({
    status: 200,
    headers: { 'access-control-allow-origin': origin, vary: 'Origin', 'cache-control': 'no-store' },
  });
});

test('what cannot be opened is shown with the reason, and plaintext as it is', async () => {
  const foreign = await payloadCodec(keyringOf([{ id: 'foreign', secret: randomBytes(32) }]), {
    roots: [],
  }).encode([payloadOf(1)]);
  const changed = { ...(await encrypted(1)), data: Buffer.alloc(60) };
  const answer = await asks({ body: inBody(...foreign, changed, payloadOf('typed past the codec')) });
  expect(valuesIn(answer)).toEqual([
    { $lipei: 'unreadable', why: 'unknown-key' },
    { $lipei: 'unreadable', why: 'tampered' },
    'typed past the codec',
  ]);
});

test('what is typed into a form is encrypted for any workflow, but for no activity', async () => {
  const answer = await asks({ url: `${server.endpoint}/encode`, body: inBody(payloadOf({ id: 'm-1' })) });
  const typed = payloadsIn(answer);
  expect(JSON.stringify(typed)).not.toContain('m-1');
  expect(
    (await codec.decode(typed, context)).map((payload) => defaultPayloadConverter.fromPayload(payload)),
  ).toEqual([{ id: 'm-1' }]);
  expect(
    (await codec.decode(typed, { ...context, type: 'activity', isLocal: false })).map((payload) =>
      defaultPayloadConverter.fromPayload(payload),
    ),
  ).toEqual([{ $lipei: 'unreadable', why: 'bound-elsewhere' }]);
});

test('a browser may ask for what the UI sends, and for nothing else', async () => {
  const answer = await asks({
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,x-namespace,x-other',
    },
  });
  expect(answer).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, x-namespace',
    },
  });
  expect(answer.headers).not.toHaveProperty('access-control-allow-credentials');
});

const json = { 'content-type': 'application/json' };
test.each<[string, () => Partial<Asking>, number]>([
  ['another site', () => ({ headers: { ...json, origin: 'https://evil.example' } }), 403],
  ['a site whose name begins alike', () => ({ headers: { ...json, origin: `${origin}.evil.example` } }), 403],
  [
    'the same machine on another port',
    () => ({ headers: { ...json, origin: 'http://127.0.0.1:8234' } }),
    403,
  ],
  ['the UI over another scheme', () => ({ headers: { ...json, origin: 'https://127.0.0.1:8233' } }), 403],
  ['a sandboxed page', () => ({ headers: { ...json, origin: 'null' } }), 403],
  ['a program that says no origin', () => ({ headers: json }), 403],
  [
    'a page whose name was pointed at our address',
    () => ({ headers: { ...json, origin, host: `evil.example:${new URL(server.endpoint).port}` } }),
    403,
  ],
  ['our address without its port', () => ({ headers: { ...json, origin, host: '127.0.0.1' } }), 403],
  [
    'the preflight of another site',
    () => ({ method: 'OPTIONS', headers: { origin: 'https://evil.example' } }),
    403,
  ],
  ['a guess of the path', () => ({ url: server.endpoint.replace('nobody', 'anybody') }), 404],
  ['no path', () => ({ url: `${new URL(server.endpoint).origin}/decode` }), 404],
  ['a look', () => ({ method: 'GET' }), 404],
  ['a form, which needs no preflight', () => ({ headers: { origin, 'content-type': 'text/plain' } }), 415],
  ['no JSON', () => ({ body: '{"payloads":[王小明' }), 400],
  ['no payloads', () => ({ body: '{}' }), 400],
  ['data that is not base64', () => ({ body: '{"payloads":[{"data":"王小明"}]}' }), 400],
  ['more than fits', () => ({ body: `{"payloads":[{"data":"${'A'.repeat(17 * 1024 * 1024)}"}]}` }), 413],
  [
    'protobuf to be encrypted',
    () => ({
      url: `${server.endpoint}/encode`,
      body: inBody({ metadata: { encoding: Buffer.from('json/protobuf') }, data: Buffer.from('{}') }),
    }),
    400,
  ],
  [
    'broken JSON to be encrypted',
    () => ({
      url: `${server.endpoint}/encode`,
      body: inBody({ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{oops') }),
    }),
    400,
  ],
])('%s gets nothing', async (_, asking, status) => {
  const answer = await asks(asking());
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toEqual({ message: expect.not.stringContaining('王') });
  if (status === 403) expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
});

test('the UI may be opened under each of its names', async () => {
  expect(
    (await asks({ headers: { ...json, origin: 'http://localhost:8233' } })).headers[
      'access-control-allow-origin'
    ],
  ).toBe('http://localhost:8233');
});

test('without tokens it listens neither to other machines nor under a path that can be guessed', async () => {
  await expect(
    startCodecServer({ port: 0, keyring, roots: testRoots, uiOrigins: [origin], path, host: '0.0.0.0' }),
  ).rejects.toThrow(/only listens on 127\.0\.0\.1/);
  await expect(
    startCodecServer({ port: 0, keyring, roots: testRoots, uiOrigins: [origin], path: '/codec' }),
  ).rejects.toThrow(/nobody can guess/);
  await expect(startCodecServer({ port: 0, keyring, roots: testRoots, uiOrigins: [origin] })).rejects.toThrow(
    /nobody can guess/,
  );
});

describe('with tokens', () => {
  const asked: Use[] = [];
  let recordsAreUp = true;
  let guarded: CodecServer;
  beforeAll(async () => {
    guarded = await startCodecServer({
      port: 0,
      keyring,
      roots: testRoots,
      uiOrigins: [origin],
      admit: async (token) =>
        token === 'good'
          ? { kind: 'admitted', colleague: { code: 'U-901', roles: ['supervisor'], branch: 'longkou' } }
          : { kind: 'denied' },
      record: async (use) => {
        if (!recordsAreUp) throw new Error('down');
        asked.push(use);
        return use.claims.includes(foreign) ? 'It is of another branch.' : undefined;
      },
      limits: { decoding: { requests: 4, seconds: 60 }, failed: { requests: 2, seconds: 60 } },
    });
  });
  afterAll(() => guarded.stop());

  const [claim, foreign] = [claimNumber('test', 'codec'), claimNumber('test', 'foreign')];
  const asksWith = async (token: string, about = claim): Promise<Answered> =>
    ask({
      url: `${guarded.endpoint}/decode`,
      headers: { ...json, origin, authorization: `Bearer ${token}` },
      body: inBody(
        ...(await codec.encode([payloadOf('王小明')], { ...context, workflowId: workflowIdOf(about) })),
      ),
    });

  test('nothing is decrypted that could not be recorded', async () => {
    recordsAreUp = false;
    const denied = await asksWith('good');
    recordsAreUp = true;
    expect(denied).toMatchObject({ status: 503, body: expect.stringContaining('nobody may look') });
    expect(asked).toEqual([]);
    expect((await asksWith('good')).status).toBe(200);
    expect(asked).toEqual([
      {
        by: { code: 'U-901', roles: ['supervisor'], branch: 'longkou' },
        act: 'decode',
        claims: [claim],
        payloads: 1,
      },
    ]);
  });

  test('what a person may not see is answered with why', async () => {
    expect(await asksWith('good', foreign)).toMatchObject({
      status: 403,
      body: expect.stringContaining('It is of another branch.'),
    });
  });

  test('too many requests of a person, and too many bad tokens, are denied for a while', async () => {
    expect((await asksWith('good')).status).toBe(200);
    const denied = await asksWith('good');
    expect(denied).toMatchObject({ status: 429, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } });
    const guesses = [await asksWith('bad'), await asksWith('bad'), await asksWith('bad')];
    expect(guesses.map(({ status }) => status)).toEqual([401, 401, 429]);
  });
});

import { connect } from 'node:net';
import { openDoor, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.close());

interface Answer {
  status: number;
  headers: Headers;
  text: string;
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
  const answer = await fetch(`${door.url}${path}`, init);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

const bearer = async () => ({ authorization: `Bearer ${await door.token('C-301')}` });
const json = async () => ({ ...(await bearer()), 'content-type': 'application/json' });

/** Every kind of answer: pages, descriptions, problems at the door, in the router, of a webhook. */
const everywhere: [string, string, RequestInit, number][] = [
  ['the front page', '/', { headers: { accept: 'text/html' } }, 200],
  ['the front page for programs', '/', {}, 200],
  ['the description', '/openapi.json', {}, 200],
  ['a claim without a token', '/claims/L7K3M-9Q2X4', {}, 401],
  ['an address where nothing is', '/nothing', {}, 404],
  ['an address that is no address', '/%zz', {}, 400],
  ['a claim of a name that is no name', '/claims/%zz', {}, 400],
  ['a name that is far too long', `/claims/${'a'.repeat(300)}`, {}, 400],
  ['an unsubscription', '/webhooks/unsubscribe?s=x', { method: 'POST' }, 200],
  ['a forged report of the bank', '/webhooks/bank', { method: 'POST', body: 'x' }, 403],
  ['another method', '/claims', { method: 'DELETE' }, 404],
  [
    'the preflight of another site',
    '/claims',
    { method: 'OPTIONS', headers: { origin: 'https://evil.example' } },
    404,
  ],
];

test.each(everywhere)(
  '%s is kept nowhere, guessed at by no browser, and shown in no page of others',
  async (_, path, init, status) => {
    const answer = await ask(path, init);
    expect(answer.status).toBe(status);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'content-security-policy': expect.stringMatching(/default-src 'none'.*frame-ancestors 'none'/),
    });
    expect(Object.fromEntries(answer.headers)).not.toHaveProperty('access-control-allow-origin');
    expect(Object.fromEntries(answer.headers)).not.toHaveProperty('server');
    if (status >= 400) expect(JSON.parse(answer.text)).toMatchObject({ status, detail: expect.any(String) });
    expect(answer.text).not.toMatch(/%zz|aaaaaaaaaa/);
  },
);

test('without a token a claim that exists, one that does not, and no claim at all are the same', async () => {
  const answers = await Promise.all(
    ['/claims/L7K3M-9Q2X4', '/claims/LZZZZ-ZZZZZ', '/claims/x', '/claims/L7K3M-9Q2X4/journal'].map((path) =>
      ask(path),
    ),
  );
  expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
});

test('a token counts in the Authorization header alone', async () => {
  const token = await door.token('C-301');
  for (const [path, headers] of [
    [`/claims?access_token=${token}`, {}],
    [`/claims?token=${token}`, {}],
    ['/claims', { cookie: `token=${token}` }],
    ['/claims', { authorization: `Basic ${token}` }],
    ['/claims', { 'x-api-key': token }],
  ] as const)
    expect((await ask(path, { headers })).status).toBe(401);
});

test('health says to anybody whether it is well; the reasons are for staff', async () => {
  const [anybody, guess, staff] = await Promise.all([
    ask('/health'),
    ask('/health', { headers: { authorization: 'Bearer guess' } }),
    ask('/health', { headers: await bearer() }),
  ]);
  expect(JSON.parse(anybody.text)).toMatchObject({ status: 'degraded' });
  expect(anybody.text).not.toMatch(/detail|waiting/);
  expect(guess.text).toBe(anybody.text);
  expect(JSON.parse(staff.text).parts).toContainEqual({
    name: 'records',
    ok: false,
    detail: expect.stringContaining('PostgreSQL does not answer'),
  });
});

const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

test.each<[string, string, string, number]>([
  ['more than fits', '/claims', `{"a":"${'a'.repeat(1_100_000)}"}`, 413],
  ['what is nested without end', '/claims', nested(400_000), 400],
  ['a field that is nested without end', '/claims', `{"items":${nested(400_000)}}`, 400],
  [
    'an act that is nested without end',
    '/claims/L7K3M-9Q2X4/acts/add-note',
    `{"note":${nested(400_000)}}`,
    400,
  ],
  ['what would change every object', '/claims', '{"__proto__":{"isAdmin":true}}', 400],
  ['what would change every constructor', '/claims', '{"constructor":{"prototype":{"a":1}}}', 400],
  ['half of JSON', '/claims', '{"source":', 400],
  ['nothing', '/claims', '', 400],
])('a body that is %s is a problem, and no fault of ours', async (_, path, body, status) => {
  const answer = await ask(path, { method: 'POST', headers: await json(), body });
  expect([answer.status, JSON.parse(answer.text).status]).toEqual([status, status]);
});

test.each([
  ['text/xml', '<a/>'],
  ['text/plain', '{}'],
  ['application/x-www-form-urlencoded', 'a=b'],
])('a body of the type %s is not read as a notice', async (type, body) => {
  const headers = { ...(await bearer()), 'content-type': type };
  expect((await ask('/claims', { method: 'POST', headers, body })).status).toBe(415);
});

test('webhooks take no more than a report has', async () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  for (const [path, bytes, headers] of [
    ['/webhooks/twilio/status', 70_000, form],
    ['/webhooks/twilio/inbound', 70_000, form],
    ['/webhooks/bank', 300_000, {}],
    ['/webhooks/unsubscribe?s=x', 2_000, form],
  ] as const)
    expect((await ask(path, { method: 'POST', headers, body: 'a'.repeat(bytes) })).status).toBe(413);
});

test.each<[string, string, RegExp]>([
  [
    'headers without end',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`,
    /^HTTP\/1\.1 431 /,
  ],
  ['what is no request', 'GARBAGE\r\n\r\n', /^HTTP\/1\.1 400 /],
  [
    'two lengths, so that a proxy and we would read two requests',
    'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    /^HTTP\/1\.1 400 /,
  ],
  [
    'a request to be repeated as it is',
    'TRACE / HTTP/1.1\r\nHost: a\r\nCookie: c\r\nConnection: close\r\n\r\n',
    /^HTTP\/1\.1 404 /,
  ],
  ['a tunnel', 'CONNECT evil.example:443 HTTP/1.1\r\nHost: a\r\n\r\n', /^$/],
])('%s opens nothing', async (_, text, answer) => {
  const answered = await raw(text);
  expect(answered).toMatch(answer);
  expect(answered).not.toMatch(/Cookie: c|aaaa|node_modules/);
});

test('no log line has a token or a body', async () => {
  const headers = await json();
  await ask('/claims', { method: 'POST', headers, body: '{"source":"王小明 13800138000"}' });
  const logged = door.logs.join('');
  expect(logged).toContain('"route":"/claims"');
  expect(logged).not.toMatch(/王小明|13800138000|Bearer|eyJ/);
});

/** What comes back on a bare connection, within a second. */
const raw = (text: string): Promise<string> =>
  new Promise((resolve) => {
    let answered = '';
    const socket = connect(Number(new URL(door.url).port), '127.0.0.1');
    socket.on('data', (piece: Buffer) => {
      answered += piece.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answered));
    socket.write(text);
    setTimeout(() => socket.destroy(), 1_000).unref();
  });

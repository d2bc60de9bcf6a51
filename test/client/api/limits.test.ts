import { connect, type Socket } from 'node:net';
import { pino } from 'pino';
import { startInboundMail } from '../../../client/api/webhooks/inbound-mail.ts';
import { mailConnections } from '../../../config/delivery-reports.ts';
import { connectDatabase } from '../../../records/database.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import type { RequestLimits } from '../../../config/request-limits.ts';
import { readRequestLimits } from '../../../config/request-limits.ts';
import { apiAt } from '../../../client/own-api/api.ts';
import { present } from '../../../domain/present.ts';
import { openDoor, type Door } from './door.ts';

const few = { requests: 2, seconds: 60 };
const doors: Door[] = [];
afterAll(() => Promise.all(doors.map((door) => door.close())));

async function doorWith(limits: Partial<RequestLimits>, trustedProxies?: string[]): Promise<Door> {
  const door = await openDoor({ limits, ...present({ trustedProxies }) });
  doors.push(door);
  return door;
}

const bearer = async (door: Door, staff: string) => ({ authorization: `Bearer ${await door.token(staff)}` });

async function statuses(times: number, ask: () => Promise<Response>): Promise<number[]> {
  const seen: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const answer = await ask();
    await answer.text();
    seen.push(answer.status);
  }
  return seen;
}

test('a person who sends too many requests gets a problem that says when to send again; others do not', async () => {
  const door = await doorWith({ person: few });
  const ask = async (staff: string) =>
    fetch(`${door.url}/claims?after=x`, { headers: await bearer(door, staff) });
  expect(await statuses(3, () => ask('C-301'))).toEqual([400, 400, 429]);
  const denied = await ask('C-301');
  expect(denied.headers.get('content-type')).toContain('application/problem+json');
  expect(Number(denied.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await denied.json()).toMatchObject({
    title: 'Too many requests',
    status: 429,
    detail: expect.stringMatching(/send this again in \d+ s/),
  });
  expect((await ask('U-901')).status).toBe(400);
});

test('filing and reading personal data have limits of their own', async () => {
  const door = await doorWith({ filing: few, personal: few });
  const headers = await bearer(door, 'C-301');
  expect(await statuses(3, () => fetch(`${door.url}/claims`, { method: 'POST', headers }))).toEqual([
    400, 400, 429,
  ]);
  const contact = `${door.url}/claims/nobody/parties/party-1/contact`;
  expect(await statuses(3, () => fetch(contact, { headers }))).toEqual([404, 404, 429]);
  expect((await fetch(`${door.url}/claims?after=x`, { headers })).status).toBe(400);
});

test.each<[string, string, RequestInit, number]>([
  ['the front page', '/', {}, 200],
  ['the description', '/openapi.json', {}, 200],
  ['the form of a notice', '/schemas/notice-of-loss.json', {}, 200],
  ['unsubscribing', '/webhooks/unsubscribe?s=x', { method: 'POST' }, 200],
  ['looking at the address for unsubscribing', '/webhooks/unsubscribe', {}, 405],
  ['an address where nothing is', '/wp-login.php', {}, 404],
  ['an address that is none', '/%zz', {}, 400],
])('%s needs no token, and is limited by address', async (_, path, init, status) => {
  const door = await doorWith({ open: few });
  expect(await statuses(3, () => fetch(`${door.url}${path}`, init))).toEqual([status, status, 429]);
});

test('tokens that are not ours are limited harder; a good one from the same address is still taken', async () => {
  const door = await doorWith({ failed: few });
  const guess = (): Promise<Response> =>
    fetch(`${door.url}/work`, { headers: { authorization: 'Bearer guess' } });
  expect(await statuses(4, guess)).toEqual([401, 401, 429, 429]);
  expect((await fetch(`${door.url}/work?after=x`, { headers: await bearer(door, 'C-301') })).status).toBe(
    400,
  );
});

test.each(['/webhooks/bank', '/webhooks/twilio/status', '/webhooks/twilio/inbound'])(
  'forged reports at %s are limited harder than reports',
  async (path) => {
    const door = await doorWith({ failed: few, webhook: { requests: 4, seconds: 60 } });
    const forge = (): Promise<Response> =>
      fetch(`${door.url}${path}`, { method: 'POST', body: new URLSearchParams({ MessageSid: 'SM1' }) });
    expect(await statuses(3, forge)).toEqual([403, 403, 429]);
    expect((await forge()).headers.get('retry-after')).toBe('60');
  },
);

const asked = (door: Door, forwarded: string): Promise<Response> =>
  fetch(`${door.url}/`, { headers: { 'x-forwarded-for': forwarded } });

describe('the address of a caller', () => {
  test('is the connection’s own, whatever X-Forwarded-For says', async () => {
    const door = await doorWith({ open: few });
    let n = 0;
    expect(await statuses(3, () => asked(door, `203.0.113.${(n += 1)}`))).toEqual([200, 200, 429]);
  });

  test('is the one that a trusted proxy gives, and no other that came with the request', async () => {
    const door = await doorWith({ open: few }, ['127.0.0.1']);
    let n = 0;
    const behind = (address: string) => asked(door, `198.51.100.${(n += 1)}, ${address}`);
    expect(await statuses(3, () => behind('203.0.113.1'))).toEqual([200, 200, 429]);
    expect((await behind('203.0.113.2')).status).toBe(200);
  });
});

test('the server for returned mail takes so many connections at once, and asks others to come later', async () => {
  const database = connectDatabase('postgresql://127.0.0.1:9/lipei');
  const mail = await startInboundMail(
    {
      database,
      keyring: testKeyring(),
      log: pino({ level: 'silent' }),
      bounces: 'bounces@claims.example.com',
      port: 0,
    },
    { forward: async () => undefined, round: async () => undefined, stop: async () => undefined },
  );
  const sockets = Array.from({ length: mailConnections }, () => connect(mail.port, '127.0.0.1'));
  try {
    for (const socket of sockets) expect(await greeting(socket)).toMatch(/^220 /);
    const late = connect(mail.port, '127.0.0.1');
    sockets.push(late);
    expect(await greeting(late)).toMatch(/^421 /);
  } finally {
    for (const socket of sockets) socket.destroy();
    await mail.stop();
    await database.$disconnect();
  }
});

const greeting = (socket: Socket): Promise<string> =>
  new Promise((resolve, reject) => {
    socket.once('data', (piece: Buffer) => resolve(piece.toString()));
    socket.once('error', reject);
  });

test('our own programs wait as long as they must, and send again', async () => {
  const door = await doorWith({ person: { requests: 1, seconds: 1 } });
  const token = await door.token('C-301');
  const api = apiAt(() => ({ url: door.url, token }));
  const since = Date.now();
  for (let time = 0; time < 3; time += 1)
    await expect(api.claim('nobody')).rejects.toThrow('There is no such claim');
  expect(Date.now() - since).toBeGreaterThan(1_000);
});

test('the limits are data: ours are whole, and a wrong file is named', () => {
  expect(readRequestLimits().webhook.requests).toBeGreaterThan(readRequestLimits().open.requests);
  expect(() => readRequestLimits('/nowhere.json')).toThrow(/limits of requests cannot be read.*nowhere/);
  expect(() => readRequestLimits('package.json')).toThrow(/limits of requests in package.json are wrong/);
});

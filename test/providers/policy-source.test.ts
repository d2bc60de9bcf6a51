import { createServer } from 'node:http';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startPolicySourceStandIn } from '../../local/servers/policy-source-stand-in.ts';
import { freePort } from '../../local/processes/ports.ts';
import { httpPolicySource } from '../../providers/policy-source/http.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const token = 'a token of some length';
const file = join(temporaryDirectory(), 'policies.jsonl');
writeFileSync(file, '{"number":"LK26-7","endorsement":"0"}\n\n{"number":"LK26-7","endorsement":"1"}\n');

test('a policy that the system has is found with all its rows; another one is unknown; away is away', async () => {
  const standIn = await startPolicySourceStandIn({ port: await freePort(), token, file });
  const source = httpPolicySource({ url: standIn.url, token });
  expect(await source.ask('lk26-7', '2026-06-01T00:00:00.000Z')).toEqual({
    kind: 'found',
    rows: [
      { number: 'LK26-7', endorsement: '0' },
      { number: 'LK26-7', endorsement: '1' },
    ],
  });
  expect(await source.ask('LK26-8/../7')).toEqual({ kind: 'unknown' });
  expect(await httpPolicySource({ url: standIn.url }).ask('LK26-7')).toEqual({
    kind: 'away',
    code: 'http-401',
  });
  const away = (isAway: boolean) =>
    fetch(`${standIn.url}/stand-in/away`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ away: isAway }),
    });
  await away(true);
  expect(await source.ask('LK26-7')).toEqual({ kind: 'away', code: 'http-503' });
  await away(false);
  expect(await source.ask('LK26-7')).toMatchObject({ kind: 'found' });
  await standIn.stop();
  expect(await source.ask('LK26-7')).toEqual({ kind: 'away', code: 'no-answer' });
});

test.each([
  ['no JSON', '<html>', 'unreadable'],
  ['nothing', '', 'unreadable'],
  ['no row', '[]', 'unreadable'],
  ['a text', '"LK26-7"', 'unreadable'],
  ['far too much', `[${'{},'.repeat(400_000)}{}]`, 'unreadable'],
  ['silence', undefined, 'no-answer'],
])('a system that answers with %s is away', async (_, body, code) => {
  const server = createServer((_request, response) => {
    if (body !== undefined) response.end(body);
  });
  const port = await freePort();
  await new Promise<void>((listening) => void server.listen(port, '127.0.0.1', listening));
  const source = httpPolicySource({ url: `http://127.0.0.1:${port}`, token, timeoutMs: 200 });
  expect(await source.ask('LK26-7')).toEqual({ kind: 'away', code });
  server.closeAllConnections();
  await new Promise((closed) => void server.close(closed));
});

test('a system elsewhere is asked over TLS alone', () => {
  expect(() => httpPolicySource({ url: 'http://policies.example.com' })).toThrow('neither https');
});

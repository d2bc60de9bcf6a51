import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';
import { freePortBase, isFree, portsFrom } from '../../local/ports.ts';
import { recordedProcess } from '../../local/process-record.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const addresses = z.strictObject({
  ready: z.literal(true), api: z.url(), temporalUi: z.url(), temporalAddress: z.string(), mail: z.url(), sms: z.url(), databaseUrl: z.url(),
});

test('a stack says in one line where it is, keeps its data directory to itself, and leaves nothing running when it is stopped', async () => {
  const [dataDir, base] = [temporaryDirectory(), await freePortBase()];
  const stack = lipei('up', '--json', '--data', dataDir, '--port-base', String(base));
  const line = await stack.firstLine;
  const { api, temporalUi, mail, sms } = addresses.parse(JSON.parse(line));
  const pages = await Promise.all([temporalUi, mail, sms].map(async (url) => (await fetch(url, { headers: { accept: 'text/html' } })).status));
  const second = lipei('up', '--json', '--data', dataDir, '--port-base', String(base));
  const refused = await second.ended;
  const askedToStopAt = Date.now();
  stack.process.kill('SIGTERM');
  const ended = await stack.ended;

  expect(api).toBe(`http://127.0.0.1:${base}`);
  expect(pages).toEqual([200, 200, 200]);
  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining(`Lipei already runs on ${dataDir}`) });
  expect(ended).toMatchObject({ code: 0, out: `${line}\n` });
  expect(Date.now() - askedToStopAt).toBeLessThan(15_000);
  expect(existsSync(join(dataDir, 'stack.json'))).toBe(false);
  expect(readdirSync(join(dataDir, 'run'))).toEqual([]);
  expect(await Promise.all(Object.values(portsFrom(base)).map(isFree))).not.toContain(false);
});

test('when the worker dies the stack ends with a sentence that names its log', async () => {
  const [dataDir, base] = [temporaryDirectory(), await freePortBase()];
  const stack = lipei('up', '--json', '--data', dataDir, '--port-base', String(base));
  await stack.firstLine;
  process.kill(recordedProcess(join(dataDir, 'run', 'worker.json')) ?? 0, 'SIGKILL');
  const { code, err } = await stack.ended;
  expect(code).toBe(1);
  expect(err).toContain(`The worker ended (SIGKILL); see ${join(dataDir, 'logs', 'worker.log')}.`);
  expect(await Promise.all(Object.values(portsFrom(base)).map(isFree))).not.toContain(false);
});

/** The command as people type it. What it says is kept; `firstLine` is of standard output. */
function lipei(...words: string[]) {
  const process = spawn(join(projectRoot, 'bin', 'lipei'), words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  const ended = new Promise<{ code: number | null; out: string; err: string }>((resolve) => process.once('close', (code) => resolve({ code, ...said })));
  process.stderr.on('data', (piece: Buffer) => { said.err += piece.toString(); });
  const firstLine = new Promise<string>((resolve, reject) => {
    process.stdout.on('data', (piece: Buffer) => {
      said.out += piece.toString();
      if (said.out.includes('\n')) resolve(said.out.slice(0, said.out.indexOf('\n')));
    });
    void ended.then(({ err }) => reject(new Error(`It ended before it was ready: ${err}`)));
  });
  firstLine.catch(() => undefined);
  return { process, ended, firstLine };
}

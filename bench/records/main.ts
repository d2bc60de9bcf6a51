import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { connectDatabase } from '../../records/database.ts';
import { answerOf, send } from '../../client/own-api/http.ts';
import { localKeys } from '../../config/env.ts';
import { instantOf } from '../../domain/time/time.ts';
import { startNode } from '../../local/processes/child.ts';
import { freePort } from '../../local/processes/ports.ts';
import { startPostgres } from '../../local/servers/postgres.ts';
import { migrate } from '../../prisma/migrate.ts';
import { ensureLocalKeyring, loadKeys } from '../../security/key-folder.ts';
import { issueToken } from '../../security/tokens.ts';
import { quantile } from '../report.ts';
import { fillRecords } from './fill.ts';
import { plansOf } from './plans.ts';
import { questions, samplesOf, type Question } from './questions.ts';

const usage = `npm run bench:records -- [--open N] [--closed N] [--times N] [--limit MS] [--only TEXT] [--plans] [--json FILE]
Fills records of their own with claims and asks the API for everything that it lists or shows, over HTTP.
  --open N      open claims (100000)
  --closed N    closed claims (1000000)
  --times N     how often each question is asked, each time of another claim, handler or page (30)
  --limit MS    what 95 of 100 answers must take at most (200); exit code 1 where they don't
  --only TEXT   only questions whose name holds this
  --plans       also each statement's plan, as PostgreSQL carried it out
  --data DIR    keep the records there, and use them again`;

const { values } = parseArgs({
  options: {
    open: { type: 'string', default: '100000' },
    closed: { type: 'string', default: '1000000' },
    times: { type: 'string', default: '30' },
    limit: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    plans: { type: 'boolean', default: false },
    json: { type: 'string' },
    data: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

interface Measured {
  name: string;
  rows: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'lipei-bench-records-'));
  mkdirSync(dataDir, { recursive: true });
  ensureLocalKeyring(localKeys(dataDir));
  const postgres = await startPostgres({ dataDir, port: await freePort() });
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const database = connectDatabase(postgres.url);
  try {
    const isNew = (await migrate(postgres.url)).applied.length > 0;
    if (isNew && (await database.claim.count()) === 0) {
      const since = Date.now();
      await fillRecords(
        client,
        { open: Number(values.open), closed: Number(values.closed) },
        instantOf(Date.now()),
      );
      say(`Filled in ${((Date.now() - since) / 1000).toFixed(0)} s`);
    }
    const asked = questions(await samplesOf(database, true), await samplesOf(database, false)).filter(
      ({ name }) => name.includes(values.only),
    );
    const measured = await overHttp(postgres.url, dataDir, asked, Number(values.times));
    process.stdout.write(`${table(measured)}\n`);
    if (values.plans)
      for (const question of asked)
        process.stdout.write(`\n${await plansOf(postgres.url, client, question)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
    const late = measured.filter(({ p95Ms }) => p95Ms > Number(values.limit));
    say(
      late.length === 0
        ? `Every p95 is within ${values.limit} ms.`
        : `Over ${values.limit} ms: ${late.map(({ name, p95Ms }) => `${name} (${p95Ms.toFixed(0)})`).join('; ')}`,
    );
    return late.length === 0 ? 0 : 1;
  } finally {
    await Promise.all([client.end(), database.$disconnect()]);
    await postgres.stop();
    if (values.data === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

/**
 * One question after another, as one person asks; the API is a process of its own, as in earnest, and has no
 * engine to ask.
 */
async function overHttp(
  databaseUrl: string,
  dataDir: string,
  asked: Question[],
  times: number,
): Promise<Measured[]> {
  const { privateKey } = loadKeys({ directory: localKeys(dataDir) }).token;
  if (!privateKey) throw new Error('There is no key that signs tokens.');
  const port = await freePort();
  const settings = {
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
    LIPEI_DATA: dataDir,
    API_PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
  };
  const api = await startNode({
    name: 'The API',
    script: 'client/api/main.ts',
    settings,
    nodeFlags: ['--max-old-space-size=256'],
    logFile: join(dataDir, 'logs', 'api.log'),
    recordFile: join(dataDir, 'run', 'api.json'),
  });
  try {
    const measured: Measured[] = [];
    for (const { name, as, path } of asked) {
      const token = await issueToken(privateKey, { staff: as, days: 1, now: new Date() });
      const connection = { url: `http://127.0.0.1:${port}`, token };
      const ms: number[] = [];
      let rows = 0;
      for (let time = -2; time < times; time += 1) {
        // two to warm up
        const since = performance.now();
        const { status, body } = await answerOf(await send(connection, { path: path() }));
        if (time >= 0) ms.push(performance.now() - since);
        if (status !== 200 && name !== 'journal')
          throw new Error(`${path()} is answered with ${status} ${JSON.stringify(body)}`);
        rows = Array.isArray(body) ? body.length : 1;
      }
      measured.push({
        name,
        rows,
        p50Ms: quantile(ms, 0.5),
        p95Ms: quantile(ms, 0.95),
        maxMs: Math.max(...ms),
      });
    }
    return measured;
  } finally {
    await api.stop();
  }
}

const table = (measured: Measured[]): string =>
  [
    '| Question | rows | p50 ms | p95 ms | max ms |',
    '| --- | --- | --- | --- | --- |',
    ...measured.map(
      ({ name, rows, p50Ms, p95Ms, maxMs }) =>
        `| ${name} | ${rows} | ${p50Ms.toFixed(0)} | ${p95Ms.toFixed(0)} | ${maxMs.toFixed(0)} |`,
    ),
  ].join('\n');

if (values.help) process.stdout.write(`${usage}\n`);
else {
  process.exitCode = await main().catch((fault: unknown) => {
    say(fault instanceof Error ? fault.message : String(fault));
    return 1;
  });
}

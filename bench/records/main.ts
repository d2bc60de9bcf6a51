import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Client } from 'pg';
import { connectDatabase, type Database } from '../../records/database.ts';
import { localKeys } from '../../config/env.ts';
import { instantOf } from '../../domain/time/time.ts';
import { freePort } from '../../local/processes/ports.ts';
import { programRole, startPostgres } from '../../local/servers/postgres.ts';
import { migrateFor } from '../../prisma/migrate.ts';
import { ensureLocalKeyring } from '../../security/key-folder.ts';
import { fillRecords } from './fill.ts';
import { overHttp, type Measured } from './measurement.ts';
import { plansOf } from './plans.ts';
import { questions, samplesOf, type Question } from './questions.ts';

const usage = `npm run bench:records -- [--open N] [--closed N] [--times N] [--limit MS] [--only TEXT]
                         [--plans] [--json FILE] [--data DIR]
Fills records of its own with claims and asks the API over HTTP for everything that it lists or shows.
  --open N      open claims (100000)
  --closed N    closed claims (1000000)
  --times N     how often each question is asked, each time for another claim, handler or page (30)
  --limit MS    the most that 95 of 100 answers may take (200); beyond it the exit code is 1
  --only TEXT   only questions with this in their name
  --plans       also each statement's plan, as PostgreSQL executed it
  --json FILE   write the figures for programs
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

const print = (line: string): void => void process.stderr.write(`${line}\n`);

async function main(): Promise<number> {
  const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'lipei-bench-records-'));
  mkdirSync(dataDir, { recursive: true });
  ensureLocalKeyring(localKeys(dataDir));
  const postgres = await startPostgres({ dataDir, port: await freePort() });
  const client = new Client({ connectionString: postgres.ownersUrl });
  await client.connect();
  const database = connectDatabase(postgres.ownersUrl);
  try {
    const isNew = (await migrateFor(postgres.ownersUrl, programRole)).applied.length > 0;
    if (isNew && (await database.claim.count()) === 0) await fill(client);
    const wanted = await wantedQuestions(database);
    const measured = await overHttp(postgres.programsUrl, dataDir, wanted, Number(values.times));
    process.stdout.write(`${table(measured)}\n`);
    if (values.plans)
      for (const question of wanted)
        process.stdout.write(`\n${await plansOf(postgres.ownersUrl, client, question)}\n`);
    if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
    return verdictOn(measured);
  } finally {
    await Promise.all([client.end(), database.$disconnect()]);
    await postgres.stop();
    if (values.data === undefined) rmSync(dataDir, { recursive: true, force: true });
  }
}

async function fill(client: Client): Promise<void> {
  const since = Date.now();
  const size = { open: Number(values.open), closed: Number(values.closed) };
  await fillRecords(client, size, instantOf(Date.now()));
  print(`Filled in ${((Date.now() - since) / 1000).toFixed(0)} s`);
}

async function wantedQuestions(database: Database): Promise<Question[]> {
  const all = questions(await samplesOf(database, true), await samplesOf(database, false));
  return all.filter(({ name }) => name.includes(values.only));
}

/** The exit code. */
function verdictOn(measured: Measured[]): number {
  const late = measured.filter(({ p95Ms }) => p95Ms > Number(values.limit));
  const names = late.map(({ name, p95Ms }) => `${name} (${p95Ms.toFixed(0)})`).join('; ');
  print(late.length === 0 ? `Every p95 is within ${values.limit} ms.` : `Over ${values.limit} ms: ${names}`);
  return late.length === 0 ? 0 : 1;
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
    print(fault instanceof Error ? fault.message : String(fault));
    return 1;
  });
}

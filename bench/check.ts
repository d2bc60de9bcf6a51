import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { journalKeeper } from '../activities/journal.ts';
import { checkRecords, type Checked } from '../client/check/records.ts';
import { apiAt } from '../client/own-api/api.ts';
import { localKeys } from '../config/env.ts';
import { recordsCheckSettings } from '../config/records-check.ts';
import { claimNumber, type ClaimNumber } from '../domain/ids.ts';
import { freePort } from '../local/processes/ports.ts';
import { programRole, startPostgres } from '../local/servers/postgres.ts';
import { migrateFor } from '../prisma/migrate.ts';
import { connectDatabase, type Database } from '../records/database.ts';
import { ensureLocalKeyring, loadKeys } from '../security/key-folder.ts';
import type { ChainEnd } from '../security/journal-chain.ts';
import { issueToken } from '../security/tokens.ts';
import { startApi } from './records/measurement.ts';
import { keysForSigning, signedJournal } from './signed-journal.ts';

const usage = `npm run bench:check -- [--claims N]
Fills records of its own with signed journals and measures the check of the records, by the API over HTTP:
every journal from its first entry, what was stored since the signed heads, and nothing new.
  --claims N    journals (1000)`;

const { values } = parseArgs({
  options: { claims: { type: 'string', default: '1000' }, help: { type: 'boolean', default: false } },
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'lipei-bench-check-'));
  mkdirSync(dataDir, { recursive: true });
  ensureLocalKeyring(localKeys(dataDir));
  const postgres = await startPostgres({ dataDir, port: await freePort() });
  const database = connectDatabase(postgres.ownersUrl);
  try {
    await migrateFor(postgres.ownersUrl, programRole);
    await keepAuditor(database);
    const port = await freePort();
    const api = await startApi(postgres.programsUrl, dataDir, port);
    await measure(database, `http://127.0.0.1:${port}`, dataDir).finally(() => api.stop());
  } finally {
    await database.$disconnect();
    await postgres.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function measure(database: Database, url: string, dataDir: string): Promise<void> {
  const { privateKey } = loadKeys({ directory: localKeys(dataDir) }).token;
  if (!privateKey) throw new Error('There is no key that signs tokens.');
  const token = await issueToken(privateKey, { staff: 'A-991', days: 1, now: new Date() });
  const keys = keysForSigning();
  const keep = journalKeeper(database, async () => 'missing');
  const run = 'run-1';
  const numbers = Array.from({ length: Number(values.claims) }, (_, index) =>
    claimNumber('bench', `r-${index}`),
  );
  const heads = new Map<ClaimNumber, ChainEnd>();
  const check = async (what: string): Promise<void> => {
    const before = process.cpuUsage();
    const checked = await checkRecords({
      api: apiAt(() => ({ url, token })),
      roots: [keys.root],
      anchors: { heads, accepted: new Map(), findings: [] },
      settings: recordsCheckSettings,
      now: new Date(),
      scope: 'new',
    });
    const { user, system } = process.cpuUsage(before);
    for (const { claim, seq, hash } of checked.heads) heads.set(claim, { seq, hash });
    print(lineOf(what, checked, (user + system) / 1e6));
  };
  const journals = numbers.map((number) => ({ number, ...signedJournal(number, keys) }));
  for (const { number, paid, rules } of journals)
    await keep({ claim: number, rules, entries: paid, run, stored: 0 });
  await check('every journal from its first entry');
  for (const { number, paid, later, rules } of journals)
    await keep({ claim: number, rules, entries: later, run, stored: paid.length });
  await check('what was stored since: a note of each');
  await check('nothing new');
}

function lineOf(what: string, { claims, entries, seconds, findings }: Checked, cpu: number): string {
  return (
    `${what}: ${claims} claims, ${entries} entries in ${seconds.toFixed(2)} s, ` +
    `${rate(entries, seconds)} entries and ${rate(claims, seconds)} claims a second; ` +
    `${rate(entries, cpu)} entries a second of the check's CPU; ${findings.length} findings`
  );
}

const rate = (of: number, by: number): string => (of / by).toFixed(0);

const keepAuditor = (database: Database): Promise<unknown> =>
  database.person.create({
    data: {
      code: 'A-991',
      name: 'Auditor',
      email: 'a-991@staff.example',
      roles: ['auditor'],
      branch: 'longkou',
      limits: {},
      conflicts: [],
    },
  });

if (values.help) print(usage);
else await main();

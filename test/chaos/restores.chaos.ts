import { execFile } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as pause } from 'node:timers/promises';
import { connectClaims, type Claims } from '../../client/engine/claims.ts';
import { localKeys } from '../../config/env.ts';
import { copyPolicy } from '../../local/policy-copies.ts';
import { freePortBase, portsFrom } from '../../local/processes/ports.ts';
import { sampleNotice } from '../../local/samples.ts';
import { connectDatabase, type Database } from '../../records/database.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { startLoad } from './load.ts';
import { startOffice, type Office } from './office.ts';
import { breaches } from './oracles.ts';
import { startOutside, type Outside } from './outside.ts';

/**
 * `npm run chaos -- restores`: under load, one of both databases is put back to what it was some time before,
 * as docs/runbook.md has it. RESTORE_SECONDS (45) says how long before.
 */
const agoMs = Number(process.env['RESTORE_SECONDS'] ?? 45) * 1_000;
const everyMs = 1_000 / Number(process.env['CHAOS_CLAIMS_PER_SECOND'] ?? 0.5);
const patienceMs = 12 * 60_000;

const dataDir = mkdtempSync(join(tmpdir(), 'lipei-restores-'));
const lipeiDir = join(dataDir, 'lipei');
const outsideDir = join(dataDir, 'outside');
let outside: Outside;
let office: Office;
let database: Database;
let claims: Claims;
let portBase = 0;
const filed: string[] = [];

beforeAll(async () => {
  portBase = await freePortBase();
  outside = await startOutside(outsideDir, portsFrom(portBase));
  office = await startOffice({ dataDir: lipeiDir, portBase, settings: outside.settings });
  database = connectDatabase(outside.records.ownersUrl);
  await copyPolicy(outside.records.ownersUrl, sampleNotice('silent-surveyor', new Date()).policy, 2_000);
  const keys = loadKeys({ directory: localKeys(lipeiDir) });
  claims = connectClaims({
    connection: { address: outside.engine.address },
    namespace: 'default',
    dataConverter: dataConverter(keys.keyring, keys),
  });
}, 180_000);

afterAll(async () => {
  await office?.stop();
  await Promise.allSettled([claims?.close(), database?.$disconnect()]);
  await outside?.stop();
  if (process.env['CHAOS_KEEP']) process.stdout.write(`Files and logs: ${dataDir}\n`);
  else rmSync(dataDir, { recursive: true, force: true });
}, 120_000);

const filesOf = { records: 'postgres', engine: 'temporal.sqlite*' } as const;

/** Copies the files of one database; it is down meanwhile. */
async function copies(part: keyof typeof filesOf, from: string, to: string): Promise<void> {
  await outside[part].goesDown();
  mkdirSync(to, { recursive: true });
  for (const file of globSync(filesOf[part], { cwd: to })) rmSync(join(to, file), { recursive: true });
  for (const file of globSync(filesOf[part], { cwd: from }))
    await promisify(execFile)('cp', ['-a', join(from, file), join(to, basename(file))]);
  await outside[part].comesBack();
}

/** Every entry of every journal, and every message that went out. */
async function kept(): Promise<{ entries: string[]; sent: string[]; payments: string[] }> {
  const [entries, sent, payments] = await Promise.all([
    database.journalEntry.findMany({ select: { claim: true, seq: true, hash: true } }),
    database.notification.findMany({
      where: { state: { in: ['accepted', 'delivered'] } },
      select: { reference: true },
    }),
    database.payment.findMany({ select: { id: true } }),
  ]);
  return {
    entries: entries.map(({ claim, seq, hash }) => `${claim} ${seq} ${hash}`),
    sent: sent.map(({ reference }) => reference),
    payments: payments.map(({ id }) => id),
  };
}

const lacking = (before: string[], after: string[]): string[] => {
  const found = new Set(after);
  return before.filter((each) => !found.has(each));
};

test.each(['records', 'engine'] as const)(
  '%s from a backup, under load: nothing that anybody was told or paid is lost or doubled, and every claim goes on',
  async (part) => {
    const backup = join(dataDir, `backup-${part}`);
    const load = startLoad(office, { everyMs, patienceMs });
    await pause(agoMs);
    await copies(part, outsideDir, backup);
    await pause(agoMs);
    const before = await kept();
    const down = Date.now();
    // What workers have in memory of a claim is of a later moment than a restored history.
    if (part === 'engine') await office.stop();
    await copies(part, backup, outsideDir);
    if (part === 'engine')
      office = await startOffice({ dataDir: lipeiDir, portBase, settings: outside.settings });
    const lost = part === 'records' ? await kept() : before;
    await office.as('O-951', AbortSignal.timeout(60_000)).resumeAll();
    await pause(agoMs / 3);
    await load.drain();
    filed.push(...load.filed);
    const after = await kept();
    process.stdout.write(
      `${part}: ${load.filed.length} claims filed, ${load.closed.length} paid, ${load.idle.length} left open; ` +
        `the backup lacked ${lacking(before.entries, lost.entries).length} entries, ` +
        `${lacking(before.sent, lost.sent).length} messages, ` +
        `${lacking(before.payments, lost.payments).length} payments; ` +
        `all at rest ${((Date.now() - down) / 1_000).toFixed(0)} s after the restore\n`,
    );
    expect(load.faults).toEqual([]);
    expect(load.closed.length + load.idle.length).toBe(load.filed.length);
    expect({
      entries: lacking(before.entries, after.entries),
      sent: lacking(before.sent, after.sent),
      payments: lacking(before.payments, after.payments),
    }).toEqual({ entries: [], sent: [], payments: [] });
    const found = await breaches({
      database,
      outside,
      office,
      claims,
      keyring: loadKeys({ directory: localKeys(lipeiDir) }).keyring,
      filed,
    });
    const unknown = await Promise.all(
      filed.map(async (claim) => ((await claims.state(claim)).kind === 'unknown' ? [claim] : [])),
    );
    // Mails to staff since the backup have no line any more: they are mailed again of what waits for them. A
    // claim that has closed since is no longer in Temporal.
    const expected = [
      /^<.*> was sent and is not in the ledger$/,
      ...unknown.flat().map((claim) => new RegExp(`^${claim}: the workflow and the read model differ$`)),
    ];
    expect(found.filter((breach) => !expected.some((each) => each.test(breach)))).toEqual([]);
    const open = await database.claim.findMany({ where: { outcome: null }, select: { number: true } });
    expect(open.filter(({ number }) => unknown.flat().includes(number))).toEqual([]);
  },
);

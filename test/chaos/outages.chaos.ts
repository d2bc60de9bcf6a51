import { copyPolicy } from '../../local/policy-copies.ts';
import { sampleNotice } from '../../local/samples.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connectDatabase, type Database } from '../../records/database.ts';
import { connectClaims, type Claims } from '../../client/engine/claims.ts';
import { localKeys } from '../../config/env.ts';
import { freePortBase, portsFrom } from '../../local/processes/ports.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { asGoodAsDone, startLoad, type Load } from './load.ts';
import { startOffice, type Office } from './office.ts';
import { breaches, countsOf, look, rungsDueBetween, type Counts } from './oracles.ts';
import { startOutside, type Outside, type Part } from './outside.ts';
import { restartInTurn } from './workers.ts';

const seconds = (name: string, usual: number): number => Number(process.env[name] ?? usual);
const outageMs = seconds('CHAOS_OUTAGE_SECONDS', 120) * 1_000;
const everyMs = 1_000 / Number(process.env['CHAOS_CLAIMS_PER_SECOND'] ?? 0.5);
const beforeMs = 15_000;
/** Longer than the longest wait between two attempts of any effect, and what piles up meanwhile. */
const patienceMs = 12 * 60_000;

const dataDir = mkdtempSync(join(tmpdir(), 'lipei-chaos-'));
const lipeiDir = join(dataDir, 'lipei');
let [outside, office, database, claims]: [
  Outside | undefined,
  Office | undefined,
  Database | undefined,
  Claims | undefined,
] = [undefined, undefined, undefined, undefined];
const filed: string[] = [];
const idle: string[] = [];
const report: string[] = [];

beforeAll(async () => {
  const portBase = Number(process.env['CHAOS_PORT_BASE'] ?? (await freePortBase()));
  outside = await startOutside(join(dataDir, 'outside'), portsFrom(portBase));
  office = await startOffice({ dataDir: lipeiDir, portBase, settings: outside.settings });
  database = connectDatabase(outside.records.ownersUrl);
  await copyPolicy(outside.records.ownersUrl, sampleNotice('silent-surveyor', new Date()).policy, 5_000);
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
  process.stdout.write(`\n${report.join('\n')}\n`);
  if (process.env['CHAOS_KEEP']) process.stdout.write(`Files and logs: ${dataDir}\n`);
  else rmSync(dataDir, { recursive: true, force: true });
}, 120_000);

const started = <T>(part: T | undefined): T => {
  if (part === undefined) throw new Error('Nothing runs');
  return part;
};

test.each(['sms', 'mail', 'bank', 'records', 'engine'] as const)(
  '%s is away under load: nothing is lost and nothing is doubled',
  async (name) => {
    const [everything, running] = [started(outside), started(office)];
    const part: Part = everything[name];
    await withdrawIdle();
    const load = startLoad(running, { everyMs, patienceMs });
    await pause(beforeMs);
    const before = await countsOf(started(database), everything);
    const repeatedBefore = running.repeated();
    const down = Date.now();
    await part.goesDown();
    const filedBefore = load.filed.length;
    const seen = await watch(running, outageMs);
    const filedMeanwhile = load.filed.length - filedBefore;
    await part.comesBack();
    const back = Date.now();
    const after = await countsOf(started(database), everything);
    await pause(beforeMs);
    await load.drain();
    const quietAfter = (await settled(load)) - back;
    const end = await countsOf(started(database), everything);
    filed.push(...load.filed);
    report.push(
      lines(
        part.name,
        { before, after, end },
        {
          seen,
          load,
          filedMeanwhile,
          rungs: await rungsDueBetween(started(database), down, back),
          repeated: running.repeated() - repeatedBefore,
          quietAfter,
        },
      ),
    );
    process.stdout.write(`${report.at(-1)}\n`);

    expect(load.faults).toEqual([]);
    expect(load.closed.length + load.idle.length).toBe(load.filed.length);
    expect(await rungsDueBetween(started(database), down, back)).toBeGreaterThan(0);
    // Filing needs only the engine; it continues without any of the others.
    if (name !== 'engine') expect(filedMeanwhile).toBeGreaterThan((outageMs / everyMs) * 0.5);
    idle.push(...load.idle);
    expect(await breaches(scene())).toEqual([]);
  },
);

test('two workers are restarted in turn under load: nothing is lost and nothing is doubled', async () => {
  const [everything, running] = [started(outside), started(office)];
  await withdrawIdle();
  const load = startLoad(running, { everyMs, patienceMs });
  await pause(beforeMs);
  const before = await countsOf(started(database), everything);
  const { restarts } = await restartInTurn({ dataDir: lipeiDir, settings: everything.settings }, outageMs);
  const after = await countsOf(started(database), everything);
  await load.drain();
  await settled(load);
  filed.push(...load.filed);
  report.push(
    [
      `Two workers restarted ${restarts} times in turn under load`,
      row('before', before),
      row('after', after),
      row('at rest', await countsOf(started(database), everything)),
      `  claims paid ${load.closed.length}, left open ${load.idle.length}`,
    ].join('\n'),
  );
  process.stdout.write(`${report.at(-1)}\n`);

  expect(load.faults).toEqual([]);
  expect(load.closed.length + load.idle.length).toBe(load.filed.length);
  expect(restarts).toBeGreaterThan(1);
  idle.push(...load.idle);
  expect(await breaches(scene())).toEqual([]);
});

/** A check that cannot fail shows nothing. */
test('what the checks look for they find, each by its name', async () => {
  const [records, [no = '']] = [started(database), idle];
  await fetch(
    `${started(outside).sms.url}/2010-04-01/Accounts/${started(outside).settings['TWILIO_ACCOUNT_SID']}/Messages.json`,
    {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${started(outside).settings['TWILIO_ACCOUNT_SID']}:${started(outside).settings['TWILIO_AUTH_TOKEN']}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        To: '+8613800000107',
        From: '+15005550006',
        Body: 'again',
        StatusCallback: `http://127.0.0.1:9/?s=${encodeURIComponent(`${no}/acknowledgement-1-sms`)}`,
      }),
    },
  );
  await records.notification.deleteMany({ where: { reference: `${no}/acknowledgement-1-email` } });
  await records.notification.updateMany({
    where: { reference: `${no}/acknowledgement-1-sms` },
    data: { state: 'retryable' },
  });
  // Of closed ones: whatever an open claim does next stores it anew, as its worker knows it.
  await records.$executeRaw`
    UPDATE claim SET outcome = NULL
    WHERE number = (SELECT max(number) FROM claim WHERE outcome IS NOT NULL)`;
  await records.$executeRaw`
    UPDATE claim SET state = jsonb_set(state::jsonb, '{branch}', '"elsewhere"')
    WHERE number = (SELECT min(number) FROM claim WHERE outcome IS NOT NULL)`;
  await records.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`;
  await records.$executeRaw`
    UPDATE journal_entry SET entry = replace(entry, '"notification-ended"', '"note-added"')
    WHERE claim = ${no} AND kind = 'notification-ended'`;
  await records.$executeRaw`
    UPDATE journal_entry SET entry = replace(entry, '"payment-instructed"', '"note-added"')
    WHERE kind = 'payment-instructed'
      AND seq = (SELECT min(seq) FROM journal_entry WHERE kind = 'payment-instructed')`;
  const found = (await look({ ...scene(), filed: [...filed, 'LZZZZ-ZZZZZ'] })).join('\n');
  for (const words of [
    /acknowledgement-1-sms was sent 2 times/,
    /was sent and is not in the ledger/,
    /is open and waits for nobody/,
    /the workflow and the read model differ/,
    /The journal of \S+ is broken at entry \d+/,
    /acknowledgement-1-sms ended as nothing/,
    /is at the bank and in no journal/,
    /LZZZZ-ZZZZZ was answered as filed/,
  ])
    expect(found).toMatch(words);
});

const scene = () => ({
  database: started(database),
  outside: started(outside),
  office: started(office),
  claims: started(claims),
  keyring: loadKeys({ directory: localKeys(lipeiDir) }).keyring,
  filed,
});

/** The problems that operations see meanwhile, and the most claims that they block. */
async function watch(running: Office, ms: number): Promise<Record<string, number>> {
  const most: Record<string, number> = {};
  for (const until = Date.now() + ms; Date.now() < until; await pause(5_000)) {
    const standing = await running
      .once('O-951')
      .problems()
      .catch(() => []);
    const now = Map.groupBy(standing, ({ problem }) => problem);
    for (const [problem, held] of now) most[problem] = Math.max(most[problem] ?? 0, held.length);
  }
  return most;
}

/** Waits until nothing is on its way and nothing is broken. Gives the moment. */
async function settled(load: Load): Promise<number> {
  for (const until = Date.now() + patienceMs; Date.now() < until; await pause(2_000)) {
    const problems = await started(claims).blocked();
    const underWay = await started(database).notification.count({
      where: { state: { in: ['planned', 'sending', 'retryable'] } },
    });
    // What waits for its turn behind a message that is tried again is in no ledger yet.
    const [waiting] = await started(database).$queryRaw<
      { claims: bigint }[]
    >`SELECT count(*) AS claims FROM claim WHERE jsonb_array_length(state::jsonb -> 'outbox') > 0`;
    const isStored = await Promise.all(
      load.filed.map((no) =>
        started(database).claim.findUnique({ where: { number: no }, select: { number: true } }),
      ),
    );
    if (
      problems.kind === 'known' &&
      problems.claims.length === 0 &&
      underWay === 0 &&
      waiting?.claims === 0n &&
      isStored.every(Boolean)
    )
      return Date.now();
  }
  throw new Error(`It does not come to rest: ${JSON.stringify(await started(claims).blocked())}`);
}

/** What was left open before would only add its reminders to what is measured. */
async function withdrawIdle(): Promise<void> {
  for (const no of idle.splice(0))
    await started(office)
      .as('H-101', AbortSignal.timeout(60_000))
      .act(no, 'withdraw', {})
      .catch(asGoodAsDone);
}

const row = (when: string, each: Counts): string =>
  `  ${when.padEnd(22)} ${Object.entries(each)
    .map(([name, count]) => `${name} ${String(count).padStart(5)}`)
    .join('  ')}`;

function lines(
  part: string,
  counts: { before: Counts; after: Counts; end: Counts },
  of: {
    seen: Record<string, number>;
    load: Load;
    filedMeanwhile: number;
    rungs: number;
    repeated: number;
    quietAfter: number;
  },
): string {
  const problems =
    Object.entries(of.seen)
      .map(([problem, most]) => `"${problem}" at most ${most}`)
      .join(', ') || 'none reached its bound';
  return [
    `${part} away for ${outageMs / 1_000} s under load`,
    row('before', counts.before),
    row('when it came back', counts.after),
    row('at rest', counts.end),
    `  filed meanwhile ${of.filedMeanwhile}; claims paid ${of.load.closed.length}, ` +
      `left open ${of.load.idle.length}; rungs due meanwhile and taken once ${of.rungs}; ` +
      `requests sent again ${of.repeated}; at rest ${Math.round(of.quietAfter / 1_000)} s after`,
    `  claims standing still: ${problems}`,
  ].join('\n');
}

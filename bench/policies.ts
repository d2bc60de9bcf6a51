import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { localKeys, projectRoot } from '../config/env.ts';
import { connectDatabase } from '../records/database.ts';
import { marking } from '../records/keys/contact-key.ts';
import { policyOf } from '../records/policies/policies.ts';
import { loadKeys } from '../security/key-folder.ts';
import { startWholeStack } from './acts/stack.ts';
import { table } from './markdown.ts';
import { plateOf, phoneOf, policyLines, policyNumberOf } from './policy-file.ts';
import { quantile } from './quantile.ts';

/**
 * `npm run bench:policies -- N`: imports a file of N policies (1,000,000) as people do, with `bin/lipei` into
 * the stack of `npm start`, twice, and looks policies up among them.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const lookUps = 500;
const cpuOf = ['command', 'API', 'PostgreSQL'].map((part) => `${part}, µs of CPU a row`);
const at = '2026-06-01T00:00:00.000Z';

const folder = mkdtempSync(join(tmpdir(), 'lipei-bench-policies-'));
const rowsFile = join(folder, 'policies.jsonl');
const stack = await startWholeStack();
try {
  const units = join(folder, 'units.jsonl');
  writeFileSync(
    units,
    [
      { unit: 'head', name: 'Head office', kind: 'head-office' },
      { unit: 'longkou', name: 'Longkou', kind: 'branch', above: 'head' },
      { unit: 'washington', name: 'Washington', kind: 'branch', above: 'head' },
    ]
      .map((each) => `${JSON.stringify(each)}\n`)
      .join(''),
  );
  await lipei('staff', 'import', units);
  await write();
  const rows = [await importOnce('a file of new policies'), await importOnce('the same file again')];
  const apiMegabytes = peakOf(pidOf('api')) / 1024;
  process.stdout.write(
    `${table(['Import', 'rows', 'minutes', 'rows a second', ...cpuOf, 'command, MB at most'], rows)}\n\n` +
      `The API had ${apiMegabytes.toFixed(0)} MB at most.\n\n`,
  );
  process.stdout.write(`${table(['Looked up by', 'p50 ms', 'p95 ms'], await lookedUp())}\n`);
} finally {
  await stack.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function write(): Promise<void> {
  const out = createWriteStream(rowsFile);
  for (const line of policyLines(count)) if (!out.write(line)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}

async function importOnce(what: string): Promise<string[]> {
  const since = performance.now();
  const before = [cpuSeconds(pidOf('api')), cpuSeconds(pidOf('postgres'))];
  const { megabytes, out, cpu } = await lipei(
    'policies',
    'import',
    rowsFile,
    '--rejects',
    join(folder, 'rejects.csv'),
  );
  const seconds = (performance.now() - since) / 1000;
  process.stderr.write(out);
  return [
    what,
    String(count),
    (seconds / 60).toFixed(1),
    (count / seconds).toFixed(0),
    ...[
      cpu,
      cpuSeconds(pidOf('api')) - (before[0] ?? 0),
      cpuSeconds(pidOf('postgres')) - (before[1] ?? 0),
    ].map((spent) => ((spent / count) * 1e6).toFixed(0)),
    (megabytes / 1024).toFixed(0),
  ];
}

/** Throws when the command fails. */
async function lipei(...words: string[]): Promise<{ out: string; megabytes: number; cpu: number }> {
  const child = spawn(
    join(projectRoot, 'bin', 'lipei'),
    [...words, '--data', stack.dataDir, '--as', 'O-951'],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let [out, megabytes, cpu] = ['', 0, 0];
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString();
  });
  const ended = once(child, 'exit');
  const watching = new AbortController();
  const watched = (async () => {
    while (!watching.signal.aborted) {
      megabytes = Math.max(megabytes, peakOf(child.pid ?? 0));
      cpu = Math.max(cpu, cpuSeconds(child.pid ?? 0));
      await pause(200, undefined, { signal: watching.signal }).catch(() => undefined);
    }
  })();
  const [code] = await ended;
  watching.abort();
  await watched;
  if (code !== 0) throw new Error(`lipei ${words.join(' ')} ended with ${String(code)}: ${out}`);
  return { out, megabytes, cpu };
}

/** The most resident memory that a process has had, in kilobytes; 0 where it is gone. */
function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function pidOf(program: string): number {
  const file = readFileSync(join(stack.dataDir, 'run', `${program}.json`), 'utf8');
  return Number(/"pid":\s*(\d+)/.exec(file)?.[1]);
}

/** What a process and those that it started have spent so far, also the ended ones. */
function cpuSeconds(pid: number): number {
  const all = readdirSync('/proc').flatMap((name) => statOf(name) ?? []);
  const own = all.filter((each) => each.pid === pid || each.parent === pid);
  return own.reduce((sum, { ticks }) => sum + ticks, 0) / 100;
}

function statOf(name: string): { pid: number; parent: number; ticks: number } | undefined {
  try {
    const [, rest = ''] = /\) (.*)$/s.exec(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
    const fields = rest.split(' ').map(Number);
    return {
      pid: Number(name),
      parent: fields[1] ?? 0,
      ticks: fields.slice(11, 15).reduce((sum, each) => sum + each, 0),
    };
  } catch {
    return undefined;
  }
}

async function lookedUp(): Promise<string[][]> {
  const database = connectDatabase(stack.databaseUrl);
  const { keyring } = loadKeys({ directory: localKeys(stack.dataDir) });
  const mark = await marking(database, keyring);
  const found = async (marked: string): Promise<void> => {
    const [hit] = await database.policyMark.findMany({ where: { mark: marked }, take: 10 });
    if (!hit || !(await policyOf(database, hit.number, at))) throw new Error(`${marked} finds no policy`);
  };
  const ways: [string, (nth: number) => Promise<unknown>][] = [
    ['number', (nth) => policyOf(database, policyNumberOf(nth), at)],
    ['plate', (nth) => found(mark('vehicle', plateOf(nth)))],
    ['telephone', (nth) => found(mark('telephone', phoneOf(nth)))],
  ];
  const answers = [];
  for (const [name, look] of ways) answers.push([name, ...(await timed(look))]);
  await database.$disconnect();
  return answers;
}

async function timed(look: (nth: number) => Promise<unknown>): Promise<string[]> {
  const times: number[] = [];
  for (let each = 0; each < lookUps; each += 1) {
    // A vehicle's; some policies have two rows.
    const nth = Math.floor((each * count * 0.9) / lookUps / 10) * 10 + 1;
    const since = performance.now();
    await look(nth);
    times.push(performance.now() - since);
  }
  return [quantile(times, 0.5).toFixed(1), quantile(times, 0.95).toFixed(1)];
}

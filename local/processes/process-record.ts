import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const recorded = z.object({ pid: z.number().int().positive(), startedAt: z.string() });

/**
 * Writes into a file which process does a job. A later run can then find out whether the same process still
 * runs.
 */
export function recordProcess(file: string, pid: number): void {
  writeFileSync(file, `${JSON.stringify({ pid, startedAt: startOf(pid) ?? '' })}\n`, { mode: 0o600 });
}

/**
 * The pid in the record, if that process still runs. Pids are used again, after a reboot or in a new
 * container even the same ones. So the start of the process must also be the recorded one.
 */
export function recordedProcess(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const { data } = recorded.safeParse(parsed(readFileSync(file, 'utf8')));
  return data && startOf(data.pid) === data.startedAt ? data.pid : undefined;
}

/**
 * Ends the process in the record, if it runs: with `signal`, and after `patienceMs` with SIGKILL. Removes the
 * record.
 */
export async function endRecordedProcess(
  file: string,
  signal: NodeJS.Signals,
  patienceMs: number,
): Promise<void> {
  const pid = recordedProcess(file);
  if (pid !== undefined) {
    send(pid, signal);
    await gone(file, patienceMs);
    if (recordedProcess(file) !== undefined) send(pid, 'SIGKILL');
    await gone(file, 2_000);
  }
  rmSync(file, { force: true });
}

/** The command line of a running process; undefined if there is no such process. */
export function commandOf(pid: number): string | undefined {
  return fromProc(pid, 'cmdline')?.replaceAll('\0', ' ') ?? fromPs(pid, 'args');
}

async function gone(file: string, patienceMs: number): Promise<void> {
  const until = Date.now() + patienceMs;
  while (recordedProcess(file) !== undefined && Date.now() < until)
    await new Promise((wake) => setTimeout(wake, 25));
}

/** Field 3 is the state: a zombie (Z) has ended and waits only for its parent. Field 22 is the start. */
function startOf(pid: number): string | undefined {
  const stat = fromProc(pid, 'stat');
  if (stat === undefined) return fromPs(pid, 'lstart');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields[0] === 'Z' ? undefined : fields[19];
}

function fromProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}

function fromPs(pid: number, field: string): string | undefined {
  if (existsSync('/proc/self/stat')) return undefined;
  try {
    return (
      execFileSync('ps', ['-o', `${field}=`, '-p', String(pid)], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim() || undefined
    );
  } catch {
    return undefined;
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended in the meantime, as it should.
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

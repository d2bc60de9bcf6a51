import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { staffRoles } from '../../domain/people/people.ts';
import type { Colleague, Staff } from '../../records/parties/staff.ts';

/** Who may come in, at hand without a database. */
export interface StaffCache {
  colleague(code: string): Colleague | undefined;
  readonly revoked: ReadonlySet<string>;
  /** False until anybody was read, from the records or from the file. */
  readonly isFilled: boolean;
  /** Reads the records now; keeps what it has when they cannot be reached. */
  refresh(): Promise<void>;
  stop(): void;
}

const everyMs = 10_000;

const kept = z.object({
  people: z.array(
    z.object({
      code: z.string(),
      roles: z.array(z.enum(staffRoles)),
      branch: z.string(),
      active: z.boolean(),
    }),
  ),
  revoked: z.array(z.string()),
});

/**
 * Read from the records at the start and every ten seconds, and kept in `file`, so that people are still
 * known, and revoked tokens
 * still refused, when the API starts while PostgreSQL is down. `read` throws when the records cannot be
 * reached.
 */
export async function openStaffCache(file: string, read: () => Promise<Staff>): Promise<StaffCache> {
  let staff: Staff | undefined;
  let people = new Map<string, Colleague>();
  let revoked: ReadonlySet<string> = new Set();
  let written = '';

  const take = (fresh: Staff): void => {
    staff = fresh;
    people = new Map(fresh.people.map((colleague) => [colleague.code, colleague]));
    revoked = new Set(fresh.revoked);
  };
  const refresh = async (): Promise<void> => {
    const fresh = await read().catch(() => undefined);
    if (!fresh) return;
    take(fresh);
    const text = JSON.stringify(fresh);
    if (text !== written && (await wasWritten(file, text))) written = text;
  };

  await refresh();
  if (!staff) {
    const old = await readKept(file);
    if (old) take(old);
  }
  const timer = setInterval(() => void refresh(), everyMs);
  timer.unref();
  return {
    colleague: (code) => people.get(code),
    get revoked() {
      return revoked;
    },
    get isFilled() {
      return staff !== undefined;
    },
    refresh,
    stop: () => clearInterval(timer),
  };
}

async function readKept(file: string): Promise<Staff | undefined> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/** Whole or not at all. A disk that is full costs the file, not the people who are at work. */
async function wasWritten(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return true;
  } catch {
    return false;
  }
}

import { readFile, rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { staffRoles } from '../../domain/people/people.ts';
import type { Colleague, Staff } from '../../records/staff/staff.ts';

/** What is read together: the staff, and the wrapped secret of marks (`records/keys/contact-key.ts`). */
export type Cached = Staff & { contactKey: string };

/** The staff and the secret of marks, readable without a database. */
export interface StaffCache {
  /** Wrapped by an encryption key; undefined until it was read once. */
  readonly contactKey: string | undefined;
  colleague(code: string): Colleague | undefined;
  readonly revoked: ReadonlySet<string>;
  /** False until the staff was read once, from the records or from the file. */
  readonly isFilled: boolean;
  /** Reads the records now; keeps the present list when they cannot be reached. */
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
  contactKey: z.string(),
});

/**
 * Reads the staff from the records at the start and every ten seconds, and keeps it in `file`. So an API that
 * starts while PostgreSQL is down still knows the people and the revoked tokens. `read` throws when the
 * records cannot be reached.
 */
export async function openStaffCache(file: string, read: () => Promise<Cached>): Promise<StaffCache> {
  let staff: Cached | undefined;
  let people = new Map<string, Colleague>();
  let revoked: ReadonlySet<string> = new Set();
  let written = '';

  const take = (fresh: Cached): void => {
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
    get contactKey() {
      return staff?.contactKey;
    },
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

async function readKept(file: string): Promise<Cached | undefined> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

/**
 * Writes the whole file or none of it. On a full disk only the file is missing; the people can still work.
 */
async function wasWritten(file: string, text: string): Promise<boolean> {
  try {
    await writeFile(`${file}.new`, text, { mode: 0o600 });
    await rename(`${file}.new`, file);
    return true;
  } catch {
    return false;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { bookLimits } from '../../config/import-limits.ts';
import { present } from '../../domain/present.ts';
import { instantOf } from '../../domain/time/time.ts';
import { isDatabaseUnreachable } from '../database-errors.ts';
import type { Database } from '../database.ts';
import { bookNames, type BookName } from '../../config/books/fields.ts';
import type { Book, OpenImport } from './book.ts';
import {
  deleteStaged,
  forgetEarlierRejects,
  importOf,
  keepCounts,
  nextImport,
  tidyImports,
  type ImportOnRecord,
} from './imports.ts';

export type BookOf = (name: BookName) => Promise<Book>;

export interface Running {
  books: Database;
  bookOf: BookOf;
  /** Why an import could not be taken, for operations. */
  failed: (of: { import: string; book: BookName; fault: unknown }) => void;
}

/** Takes imports in the background. */
export interface ImportRunner {
  /** There is something to take. */
  wake(): void;
  /** Ends after what is being taken; what waits for its turn is taken up at the next start. */
  stop(): Promise<void>;
}

const lookEveryMs = 60_000;

/**
 * Takes what waits for its turn, one import of a book at a time, in however many processes: the records hold
 * the queue, and a lock for each book. What a crash has cut off is taken again from the beginning.
 */
export function runImports(running: Running): ImportRunner {
  const stopping = new AbortController();
  const { signal } = stopping;
  let work: Promise<void> = Promise.resolve();
  let isAsked = false;
  const round = async (): Promise<void> => {
    isAsked = false;
    for (const name of bookNames)
      while (!signal.aborted && (await takeNext(running, name).catch(() => false)));
    if (!signal.aborted)
      await tidyImports(running.books, { ...bookLimits, now: new Date() }).catch(() => undefined);
  };
  const wake = (): void => {
    if (isAsked || signal.aborted) return;
    isAsked = true;
    work = work.then(round);
  };
  const timer = setInterval(wake, lookEveryMs);
  timer.unref();
  wake();
  return {
    wake,
    async stop() {
      stopping.abort();
      clearInterval(timer);
      await work;
    },
  };
}

const longestTakeMs = 6 * 3_600_000;

/** Takes the next import of a book. False when there is none, or another process is at work on the book. */
async function takeNext(running: Running, name: BookName): Promise<boolean> {
  if (!(await nextImport(running.books, name))) return false;
  const took = await whileLocked(running.books, name, async () => {
    const next = await nextImport(running.books, name);
    if (next) await takeOrReport(running, next);
    return next !== undefined;
  });
  return took === true;
}

/** What `act` answers while nobody else takes anything into the book; `busy` when somebody does. */
export const whileLocked = <T>(books: Database, name: BookName, act: () => Promise<T>): Promise<T | 'busy'> =>
  books.$transaction(
    async (lock) => {
      const [answer] = await lock.$queryRaw<{ locked: boolean }[]>`
        SELECT pg_try_advisory_xact_lock(hashtextextended(${`lipei-import-${name}`}, 0)) AS locked`;
      return answer?.locked ? act() : 'busy';
    },
    { timeout: longestTakeMs, maxWait: 10_000 },
  );

const attempts = 3;

/** While the records are away it stays in the queue. A fault of another kind is reported at the import. */
async function takeOrReport(running: Running, next: ImportOnRecord): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await take(running, next);
    } catch (fault) {
      running.failed({ import: next.id, book: next.book, fault });
      if (isDatabaseUnreachable(fault)) throw fault;
      if (attempt >= attempts)
        return keepCounts(
          running.books,
          next.id,
          { ...next.counts, fault: whatFailed(next) },
          { state: next.undoes === undefined ? 'open' : 'dropped' },
        );
      await pause(500 * attempt);
    }
  }
}

const whatFailed = ({ undoes }: ImportOnRecord): string =>
  `It failed ${attempts} times; operations can find the reason in the log of the API. ` +
  (undoes === undefined
    ? 'Take it again: what was taken already changes nothing the second time.'
    : 'Undo it again: what is undone already changes nothing the second time.');

async function take({ books, bookOf }: Running, next: ImportOnRecord): Promise<void> {
  const { id, by, undoes, state, book: name } = next;
  const book = await bookOf(name);
  const of: OpenImport = { id, by, now: instantOf(Date.now()) };
  if (undoes === undefined) return takeRows(books, book, of, state === 'checking');
  const { restored, left } = await book.undo(books, of, undoes);
  await keepCounts(books, undoes, (await importOf(books, undoes))?.counts ?? {}, { state: 'undone' });
  await keepCounts(books, id, { restored, left: left.slice(0, mostLeft) }, { state: 'taken' });
}

const mostLeft = 1_000;

const progressEveryMs = 1_000;

/** Takes the rows of an import, with what became of them. */
export async function takeRows(books: Database, book: Book, of: OpenImport, dryRun: boolean): Promise<void> {
  await forgetEarlierRejects(books, of.id);
  let shownAt = 0;
  let showing: Promise<void> = Promise.resolve();
  const progress = (done: number): void => {
    if (Date.now() - shownAt < progressEveryMs) return;
    shownAt = Date.now();
    showing = keepCounts(books, of.id, { done }).catch(() => undefined);
  };
  const taken = await book.take(books, of, { dryRun, progress });
  await showing;
  await keepCounts(books, of.id, present(taken), { state: dryRun ? 'open' : 'taken' });
  if (!dryRun) await deleteStaged(books, of.id, 'taken');
}

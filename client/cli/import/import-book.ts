import { basename, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BookName } from '../../../config/books/fields.ts';
import { environmentWith, readEnv } from '../../../config/env.ts';
import { bookLimits } from '../../../config/import-limits.ts';
import { readBookMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import type { Import, RejectedRow } from '../../own-api/schemas/imports.ts';
import type { Cli, CommandResult } from '../command-action.ts';
import { changesPage, type FirstReject } from '../pages/imports-page.ts';
import { progressLine, type Progress } from '../progress.ts';
import { misuse, notDone } from '../stop.ts';
import { rowsOfLines, rowsOfTable, type BookRow, type BookRows } from './book-rows.ts';
import type { Encoding } from './encoding.ts';
import { asMisuse, sentence, unavailable } from './failures.ts';
import { readText } from './import-file.ts';
import { untilInterrupted } from './interruption.ts';
import { openJsonLines } from './json-lines.ts';
import type { Reject } from './notices.ts';
import {
  forEachPaced,
  isUnavailable,
  untilAnswered,
  withoutBacklog,
  type Pace,
  type Unavailable,
} from './pace.ts';
import { rejectsFile } from './rejects.ts';
import { openTable } from './table.ts';

export interface BookFlags {
  map?: string;
  encoding?: Encoding;
  dryRun?: true;
  rejects?: string;
  /** Without the API: the first people of a company. */
  first?: true;
}

/** Imports one file into a book: CSV, or JSON Lines where its name ends so. Throws a Stop. */
export async function importBook(
  cli: Cli,
  book: BookName,
  file: string,
  flags: BookFlags,
): Promise<CommandResult> {
  const { dryRun = false, rejects: rejectsPath = `${basename(file)}.rejects.csv` } = flags;
  cli.say(`Reading ${file} …`);
  const { rows, source } = await openRows(book, file, flags);
  // Do not wait for an API that never answered: the address may be wrong.
  if (!flags.first) await cli.api.health();
  const rejects = collected(resolve(rejectsPath));
  const progress = progressLine(cli, rows.size);
  const ended = flags.first
    ? await importedFirst(cli, { source, rows, rejects, dryRun })
    : await untilInterrupted((stop) =>
        imported(cli, { book, source, rows, rejects, progress, stop, dryRun }),
      );
  const { counts } = ended;
  const rejected = rejects.count();
  const value = {
    import: ended.id,
    ...counts,
    rows: rows.size,
    rejected,
    ...present({ rejects: rejected > 0 ? rejects.file : undefined }),
  };
  const text = changesPage(ended, { dryRun, rejected, size: rows.size, encoding: rows.encoding, ...rejects });
  return { value, text };
}

/** The rows of a file, and the name under which they are sent. */
export async function openRows(
  book: BookName,
  file: string,
  { map: mapFile, encoding }: Pick<BookFlags, 'map' | 'encoding'>,
): Promise<{ rows: BookRows; source: string }> {
  if (/\.(?:jsonl|ndjson)$/i.test(file)) {
    if (mapFile !== undefined)
      throw misuse('A mapping is for tables: the rows of JSON Lines have the names of the fields.');
    const lines = await openJsonLines(file, encoding).catch(asMisuse);
    return { rows: rowsOfLines(lines), source: basename(file) };
  }
  const map =
    mapFile === undefined ? undefined : sentence(() => readBookMap(book, readText(mapFile), mapFile));
  const csv = { ...map?.csv, ...present({ encoding: encoding ?? map?.csv.encoding }) };
  const table = await openTable(file, csv).catch(asMisuse);
  const source = map === undefined ? basename(file) : `${map.source}: ${basename(file)}`;
  return { rows: sentence(() => rowsOfTable(book, table, map)), source };
}

/** On a machine with the keys and the records. */
async function importedFirst(
  { dataDir }: Cli,
  { source, rows, rejects, dryRun }: Pick<Importing, 'source' | 'rows' | 'rejects' | 'dryRun'>,
): Promise<Pick<Import, 'id' | 'counts'>> {
  const { importFirstStaff } = await import('../../../local/first-import.ts');
  const env = readEnv(environmentWith(dataDir === undefined ? {} : { LIPEI_DATA: dataDir }));
  const readable = async function* (): AsyncGenerator<SentRow> {
    for await (const row of rows.rows()) {
      if (row.kind === 'row') yield { line: row.line, value: row.value };
      else rejects.add(row.line, [row]);
    }
  };
  const { id, counts, rejects: others } = await importFirstStaff(env, { source, rows: readable(), dryRun });
  for (const { line, mistakes } of others) rejects.add(line, columned(rows, line, mistakes));
  return { id, counts };
}

const columned = (rows: BookRows, line: number, mistakes: RejectedRow['mistakes']): Reject[] =>
  mistakes.map(({ field, reason }) => ({ line, column: rows.columnOf(field), reason }));

interface Importing {
  book: BookName;
  source: string;
  rows: BookRows;
  rejects: Collected;
  progress: Progress;
  stop: AbortSignal;
  dryRun: boolean;
}

/** Sends all rows, has them taken, and waits for it. When it is stopped before that, nothing was changed. */
async function imported(cli: Cli, importing: Importing): Promise<Import> {
  const { book, source, rows, rejects, progress, stop, dryRun } = importing;
  const pace: Pace = { ...withoutBacklog, waits: progress.waits, stop, atOnce: bookLimits.atOnce };
  const { id } = await cli.api.openImport(book, source);
  // What cannot be dropped now is dropped by itself a day later.
  const orDrop = (fault: unknown): Promise<never> =>
    drop(cli, id).then(
      () => Promise.reject(fault),
      () => Promise.reject(fault),
    );
  const sent = await sendRows(cli, id, importing, pace).catch(orDrop);
  if (sent === 0 && !stop.aborted) return drop(cli, id);
  const taken = stop.aborted ? undefined : await answered(() => cli.api.takeImport(id, dryRun), pace);
  if (!taken)
    return orDrop(
      notDone(`Stopped after ${sent} of ${rows.size} rows: nothing was changed. Run the same command again.`),
    );
  const ended = await untilEnded(cli, id, pace, ({ counts }) =>
    progress.show(counts.done ?? 0, dryRun ? 'checked' : 'taken'),
  );
  progress.show(rows.size, dryRun ? 'checked' : 'taken');
  progress.end();
  for await (const page of cli.api.rejects(id))
    for (const { line, mistakes } of page) rejects.add(line, columned(rows, line, mistakes));
  if (ended.counts.fault !== undefined) throw notDone(ended.counts.fault);
  if (dryRun) await drop(cli, id);
  return ended;
}

/** How many rows the API has; rows that are none are rejected here. */
async function sendRows(
  cli: Cli,
  id: string,
  { rows, rejects, progress }: Importing,
  pace: Pace,
): Promise<number> {
  let [sent, rejected] = [0, 0];
  const own = (reject: Reject): void => {
    rejected += 1;
    rejects.add(reject.line, [reject]);
  };
  await forEachPaced(inParts(rows.rows(), own), pace, async (part) => {
    const answer = await answered(() => cli.api.addRows(id, part), pace);
    if (!answer) return;
    sent += part.length;
    progress.show(sent + rejected, 'sent');
  });
  return sent;
}

type SentRow = { line: number; value: unknown };

/** As many rows as one request takes, and not too long. */
async function* inParts(
  rows: AsyncIterable<BookRow>,
  reject: (row: Reject) => void,
): AsyncGenerator<SentRow[]> {
  let [part, size]: [SentRow[], number] = [[], 0];
  for await (const row of rows) {
    if (row.kind === 'reject') {
      reject(row);
      continue;
    }
    const { line, value } = row;
    part.push({ line, value });
    // A character has up to three bytes in JSON of UTF-8.
    size += 3 * JSON.stringify(value).length;
    if (part.length < bookLimits.rowsAtOnce && size < bookLimits.bodyBytes / 2) continue;
    yield part;
    [part, size] = [[], 0];
  }
  if (part.length > 0) yield part;
}

/** Asks until there is an answer; undefined when it is to stop. Throws what waiting does not fix. */
async function answered<T extends object>(ask: () => Promise<T>, pace: Pace): Promise<T | undefined> {
  const one = (): Promise<{ kind: 'answer'; value: T } | Unavailable> =>
    ask().then((value) => ({ kind: 'answer' as const, value }), unavailable);
  const answer = await untilAnswered(one, pace);
  if (answer && isUnavailable(answer)) throw notDone(answer.why);
  return answer?.value;
}

const lookEveryMs = 500;

/** Waits until an import is no longer under way. Throws a Stop when it is interrupted; the import is not. */
export async function untilEnded(
  { api }: Pick<Cli, 'api'>,
  id: string,
  pace: Pace,
  show: (now: Import) => void,
): Promise<Import> {
  while (!pace.stop.aborted) {
    const now = await answered(() => api.importOf(id), pace);
    if (now && now.state !== 'checking' && now.state !== 'taking') return now;
    if (now) show(now);
    await sleep(lookEveryMs, undefined, { signal: pace.stop }).catch(() => undefined);
  }
  throw notDone(
    `The API continues without this command; bin/lipei imports show ${id} says how far it is, ` +
      `and bin/lipei imports undo ${id} undoes it.`,
  );
}

const drop = ({ api }: Pick<Cli, 'api'>, id: string): Promise<Import> => api.dropImport(id);

interface Collected {
  file: string;
  first: FirstReject[];
  add(line: number, mistakes: Reject[]): void;
  /** Rows, and not mistakes. */
  count(): number;
}

const firstFew = 5;

/** Rejected rows go to a file; the first of them are shown. */
function collected(file: string): Collected {
  const write = sentence(() => rejectsFile(file));
  const first: FirstReject[] = [];
  let rows = 0;
  return {
    file,
    first,
    count: () => rows,
    add(line, mistakes) {
      rows += 1;
      if (first.length < firstFew) first.push({ line, ...mistakes[0] });
      for (const each of mistakes) write(each);
    },
  };
}

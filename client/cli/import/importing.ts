import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { readImportMap, type ImportMap } from '../../../config/import-map.ts';
import { fileAll, type Counts, type FilingAnswer } from './filing.ts';
import { openLog, ownClaims, type Own } from './log.ts';
import { columnOf, noticesOf, type Mapped } from './notices.ts';
import type { Unavailable } from './pace.ts';
import { rejectsFile } from './rejects.ts';
import { openTable } from './table.ts';
import { tryAll } from './trial.ts';
import { ApiFailure, type Problem } from '../../own-api/failure.ts';
import { undoAll, type Undone, type LookAnswer, type WithdrawalAnswer } from './undo.ts';
import type { CommandResult, Cli } from '../command-action.ts';
import { progressLine } from '../progress.ts';
import { asStop, misuse, notDone, Stop } from '../stop.ts';
import { present } from '../../../domain/present.ts';

export interface ImportFlags {
  /** Not commander's to require: it would require it of `import undo` too. */
  map?: string;
  limit?: number;
  dryRun?: true;
  out?: string;
}

export interface UndoFlags {
  reason?: string;
  dryRun?: true;
  out?: string;
}

/** Files what it can of one CSV file, and says what it could not. */
export async function importFile(
  cli: Cli,
  file: string,
  { map: mapFile, limit, dryRun, out = '.' }: ImportFlags,
): Promise<CommandResult> {
  if (mapFile === undefined)
    throw misuse(
      'Say with --map FILE how the rows become notices of loss; docs/import.md tells how to write one, and samples/imports has one.',
    );
  const map = sentence(() => readImportMap(readText(mapFile), mapFile));
  cli.say(`Reading ${file} …`);
  const table = await openTable(file, map.csv).catch(asMisuse);
  const notices = sentence(() => noticesOf(table, map, new Date()));
  const size = Math.min(limit ?? table.size, table.size);
  const [log, rejects] = [logOf(file, out), resolve(out, `${basename(file)}.rejects.csv`)];
  if (dryRun) {
    const tried = await tryAll(
      first(notices, size),
      map,
      new Date(),
      sentence(() => rejectsFile(rejects)),
    );
    return {
      value: {
        ...tried,
        encoding: table.encoding,
        columns: table.columns,
        ...present({ rejects: tried.rejected > 0 ? rejects : undefined }),
      },
      text: triedText(tried, table.encoding, rejects),
    };
  }
  // What never answered yet is not waited for: the address is wrong, or nothing runs there.
  await cli.api.health();
  const counts = await fileIn(cli, first(notices, size), { file, map, size, log, rejects });
  return ended(counts, size, { rejects, log });
}

/** What is being filed, and where what becomes of it is written. */
interface Filed {
  file: string;
  map: ImportMap;
  size: number;
  log: string;
  rejects: string;
}

function fileIn(
  cli: Cli,
  notices: AsyncIterable<Mapped>,
  { file, map, size, log: logFile, rejects }: Filed,
): Promise<Counts> {
  const log = sentence(() => openLog(logFile, { import: resolve(file), source: map.source }));
  const reject = sentence(() => rejectsFile(rejects));
  const progress = progressLine(cli, size);
  return untilInterrupted(async (stop) => {
    const counts = await fileAll(notices, {
      file: (notice) => filed(cli, notice),
      waitingTasks: () => waitingTasks(cli),
      columnOf: (field) => columnOf(field, map),
      progress: ({ rows, filed: now, alreadyFiled, rejected }) =>
        progress.show(rows, `${now} filed · ${alreadyFiled} before · ${rejected} rejected`),
      waits: progress.waits,
      reject,
      log,
      stop,
    });
    progress.end();
    return counts;
  });
}

async function* first(notices: AsyncIterable<Mapped>, limit: number): AsyncGenerator<Mapped> {
  let count = 0;
  for await (const each of notices) {
    count += 1;
    yield each;
    if (count >= limit) return;
  }
}

async function filed({ api }: Cli, notice: object): Promise<FilingAnswer | Unavailable> {
  try {
    return await api.file(notice);
  } catch (fault) {
    const { status = 0, field = '', detail } = problemIn(fault);
    return [400, 409, 413, 422].includes(status)
      ? { kind: 'denied', field, reason: detail }
      : unavailable(fault);
  }
}

async function waitingTasks({ api }: Cli): Promise<number | undefined> {
  try {
    const { parts } = await api.health();
    return parts.find(({ name }) => name === 'worker')?.waiting ?? undefined;
  } catch {
    return undefined;
  }
}

function problemIn(fault: unknown): Problem {
  if (fault instanceof Stop || fault instanceof ApiFailure) return fault.problem;
  throw fault;
}

/** Throws what is no matter of waiting: who may not act, or acts wrongly, will not be able to later. */
function unavailable(fault: unknown): Unavailable {
  const { status, detail } = problemIn(fault);
  const passes = status === undefined ? asStop(fault).exitCode === 1 : status === 429 || status >= 500;
  if (!passes) throw fault;
  return {
    kind: 'unavailable',
    why: detail,
    ...present({
      broken:
        status !== undefined && status >= 500 && ![502, 503, 504].includes(status)
          ? (true as const)
          : undefined,
    }),
  };
}

function triedText(
  { rows, mapped, rejected, firstRejects, sample }: Awaited<ReturnType<typeof tryAll>>,
  encoding: string,
  rejects: string,
): string {
  return [
    `${rows} rows, read as ${encoding}: ${mapped} become notices of loss${rejected > 0 ? ` and ${rejected} do not, see ${rejects}` : ''}. Nothing was filed.`,
    ...firstRejects.map(
      ({ line, column, reason }) => `line ${line}: ${column ? `${column}: ` : ''}${reason}`,
    ),
    ...(sample ? ['The first notice:', JSON.stringify(sample, null, 2)] : []),
  ].join('\n');
}

function ended(
  counts: Counts,
  size: number,
  { rejects, log }: { rejects: string; log: string },
): CommandResult {
  const { rows, filed: now, alreadyFiled, rejected } = counts;
  const value = { ...counts, ...present({ rejects: rejected > 0 ? rejects : undefined }), log };
  const text = `${now} filed, ${alreadyFiled} were filed before, ${rejected} rejected${rejected > 0 ? `: see ${rejects}` : ''}. To take the import back: bin/lipei claims import undo ${log}`;
  if (rows >= size) return { value, text };
  throw notDone(
    `Stopped after ${rows} of ${size} rows: ${text}. The same command again goes on with the rest.`,
  );
}

const logOf = (file: string, out: string): string =>
  file.endsWith('.import.jsonl') ? resolve(file) : resolve(out, `${basename(file)}.import.jsonl`);

/** Withdraws what one import filed. */
export async function undoImport(
  cli: Cli,
  file: string,
  { reason, dryRun, out = '.' }: UndoFlags,
): Promise<CommandResult> {
  const logFile = logOf(file, out);
  const own = sentence(() => ownClaims(logFile));
  if (dryRun) return { value: { claims: own.length }, text: wouldBeWithdrawn(own) };
  await cli.api.health();
  const log = sentence(() => openLog(logFile));
  const note =
    reason === undefined ? undefined : `The import of ${basename(log.of.import)} was taken back: ${reason}`;
  const progress = progressLine(cli, own.length);
  const undone = await untilInterrupted((stop) =>
    undoAll(own, {
      look: (claim) => looked(cli, claim),
      withdraw: (claim) => withdrawn(cli, claim, note),
      waitingTasks: () => waitingTasks(cli),
      progress: (so) => progress.show(doneOf(so), `${so.withdrawn} withdrawn · ${so.kept.length} stay`),
      waits: progress.waits,
      log,
      stop,
    }),
  );
  progress.end();
  return undoEnded(undone, own.length);
}

function wouldBeWithdrawn(own: Own[]): string {
  const uncertain = own.filter(({ certain }) => !certain).length;
  return `${own.length} claims would be withdrawn${uncertain > 0 ? `, ${uncertain} of them if they turn out to be this import's: nobody heard how their filing ended` : ''}.`;
}

async function looked({ api }: Cli, claim: string): Promise<LookAnswer | Unavailable> {
  try {
    return { kind: 'found', noticedAt: (await api.claim(claim)).noticedAt };
  } catch (fault) {
    return problemIn(fault).status === 404 ? { kind: 'unknown' } : unavailable(fault);
  }
}

/**
 * The reason first: a claim that is closed takes no more notes. Both count once, however often they are sent.
 */
async function withdrawn(
  { api }: Cli,
  claim: string,
  note: string | undefined,
): Promise<WithdrawalAnswer | Unavailable> {
  try {
    if (note !== undefined) await api.act(claim, 'add-note', { text: note }, `import-undo-note-${claim}`);
    await api.act(claim, 'withdraw', {}, `import-undo-${claim}`);
    return { kind: 'withdrawn' };
  } catch (fault) {
    const { status, detail, reason } = problemIn(fault);
    if (status === 404) return { kind: 'unknown' };
    if (status !== 409 && status !== 422) return unavailable(fault);
    // It may be closed because we withdrew it and did not hear of it.
    const wasWithdrawn =
      reason === 'claim-closed' && (await api.claim(claim).catch(() => undefined))?.outcome === 'withdrawn';
    return wasWithdrawn ? { kind: 'withdrawn' } : { kind: 'denied', reason: detail };
  }
}

const doneOf = ({ withdrawn: done, neverFiled, kept }: Undone): number => done + neverFiled + kept.length;

const shownKept = 20;

function undoEnded(undone: Undone, size: number): CommandResult {
  const { kept } = undone;
  const text = [
    `${undone.withdrawn} of ${size} claims withdrawn.`,
    ...kept.slice(0, shownKept).map(({ claim, reason }) => `${claim} stays: ${reason}`),
    ...(kept.length > shownKept ? [`${kept.length - shownKept} more stay; --json names them.`] : []),
  ].join('\n');
  if (doneOf(undone) >= size) return { value: undone, text };
  throw notDone(`Stopped: ${text} The same command again goes on with the rest.`);
}

const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw misuse(`${file} cannot be read: is that its name?`);
  }
};

/** A mistake in what was given, in the sentence that says so. */
function sentence<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw asMisuse(fault);
  }
}

function asMisuse(fault: unknown): never {
  throw misuse(fault instanceof Error ? fault.message : String(fault));
}

/** The first Ctrl-C asks it to end, so that nothing is cut off; a second one ends it. */
async function untilInterrupted<T>(act: (stop: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    return await act(controller.signal);
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}

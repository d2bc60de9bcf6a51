import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Command } from 'commander';
import { readImportMap } from '../../../config/import-map.ts';
import { fileAll, type Counts, type FilingAnswer } from '../../import/filing.ts';
import { openLog } from '../../import/log.ts';
import { noticesOf, type Mapped } from '../../import/notices.ts';
import { rejectsFile } from '../../import/rejects.ts';
import { openTable, type Table } from '../../import/table.ts';
import { answered, type Answer, type Desk } from '../answered.ts';
import { progressLine } from '../progress.ts';
import { misuse, refusal, Stop } from '../stop.ts';
import { wholeNumber } from '../given.ts';

interface ImportFlags {
  map: string;
  limit?: number;
  dryRun?: true;
  out?: string;
}

/** Claims that come as files. */
export function importCommands(claims: Command): void {
  const command = claims
    .command('import')
    .description('file the rows of a CSV file as claims; importing the same file again files nothing twice')
    .argument('<file>', 'CSV file with a header: UTF-8, UTF-16 or GB18030; commas, semicolons or tabs')
    .requiredOption('--map <file>', 'how its rows become notices of loss (docs/import.md)')
    .option('--limit <n>', 'only the first rows', wholeNumber)
    .option('--dry-run', 'read and map everything, file nothing')
    .option('--out <dir>', 'where FILE.import.jsonl goes, for import undo, and FILE.rejects.csv (default: this directory)')
    .action(answered(importFile));

  command
    .command('undo')
    .description('withdraw what one import filed, and not what was there before it')
    .argument('<log>', 'the log that the import wrote')
    .option('--dry-run', 'only say how many')
    .action(answered(undo));
}

async function importFile(desk: Desk, file: string, { map: mapFile, limit, dryRun, out = '.' }: ImportFlags): Promise<Answer> {
  const map = sentence(() => readImportMap(readText(mapFile), mapFile));
  desk.say(`Reading ${file} …`);
  const table = await openTable(file, map.csv).catch(asMisuse);
  const notices = sentence(() => noticesOf(table, map, new Date()));
  const size = Math.min(limit ?? table.size, table.size);
  const rejects = rejectsFile(resolve(out, `${basename(file)}.rejects.csv`));
  if (dryRun) return tried(await tryAll(first(notices, size), rejects.add), table, rejects.file);
  const logFile = resolve(out, `${basename(file)}.import.jsonl`);
  const [stop, progress] = [untilInterrupted(), progressLine(desk, size)];
  try {
    const counts = await fileAll(first(notices, size), {
      file: (notice) => filed(desk, notice),
      waitingTasks: () => waitingTasks(desk),
      log: sentence(() => openLog(logFile)),
      reject: rejects.add,
      progress: progress.show,
      stop: stop.signal,
    });
    progress.end();
    return ended(counts, size, rejects.written() ? rejects.file : undefined, logFile);
  } finally {
    stop.forget();
  }
}

async function* first(notices: AsyncIterable<Mapped>, limit: number): AsyncGenerator<Mapped> {
  let count = 0;
  for await (const each of notices) {
    if (count >= limit) return;
    count += 1;
    yield each;
  }
}

async function filed({ api }: Desk, notice: object): Promise<FilingAnswer> {
  try {
    return await api.file(notice);
  } catch (fault) {
    if (!(fault instanceof Stop)) throw fault;
    const { status, field = '', detail } = fault.problem;
    if (status === 400 || status === 409 || status === 422) return { kind: 'refused', field, reason: detail };
    // Who may not file one may file none; a row is not to blame.
    if (status === 401 || status === 403) throw fault;
    return { kind: 'unavailable', why: detail };
  }
}

async function waitingTasks({ api }: Desk): Promise<number | undefined> {
  try {
    const { parts } = await api.health();
    return parts.find(({ name }) => name === 'worker')?.waiting ?? undefined;
  } catch {
    return undefined;
  }
}

async function tryAll(notices: AsyncIterable<Mapped>, reject: (each: Extract<Mapped, { kind: 'reject' }>) => void) {
  const found: { mapped: number; rejected: number; sample?: object } = { mapped: 0, rejected: 0 };
  for await (const each of notices) {
    if (each.kind === 'reject') [found.rejected] = [found.rejected + 1, reject(each)];
    else [found.mapped, found.sample] = [found.mapped + 1, found.sample ?? each.notice];
  }
  return found;
}

function tried({ mapped, rejected, sample }: Awaited<ReturnType<typeof tryAll>>, { encoding, size, columns }: Table, rejects: string): Answer {
  const value = { rows: mapped + rejected, mapped, rejected, encoding, columns, ...(sample && { sample }) };
  const text = [
    `${size} rows, read as ${encoding}. Of ${mapped + rejected}, ${mapped} become notices of loss${rejected > 0 ? ` and ${rejected} do not: see ${rejects}` : ''}. Nothing was filed.`,
    ...(sample ? ['The first one:', JSON.stringify(sample, null, 2)] : []),
  ].join('\n');
  return { value, text };
}

function ended(counts: Counts, size: number, rejects: string | undefined, log: string): Answer {
  const value = { ...counts, ...(rejects && { rejects }), log };
  const text = `${counts.filed} filed, ${counts.alreadyFiled} were filed before, ${counts.rejected} rejected${rejects ? `: see ${rejects}` : ''}. To take the import back: bin/lipei claims import undo ${log}`;
  if (counts.rows >= size) return { value, text };
  throw refusal(`Stopped after ${counts.rows} of ${size} rows. ${text}. The same command goes on where it stopped.`);
}

async function undo(desk: Desk, logFile: string, { dryRun }: { dryRun?: true }): Promise<Answer> {
  readText(logFile);
  const log = sentence(() => openLog(logFile));
  const own = log.own();
  if (dryRun) return { value: { claims: own.length }, text: `${own.length} claims would be withdrawn.` };
  const [stop, progress] = [untilInterrupted(), progressLine(desk, own.length)];
  const kept: { claim: string; reason: string }[] = [];
  let withdrawn = 0;
  for (const row of own) {
    if (stop.signal.aborted) break;
    const problem = await problemWithdrawing(desk, row.claim);
    if (problem === undefined) [withdrawn] = [withdrawn + 1, log.note('withdrawn', row)];
    else kept.push({ claim: row.claim, reason: problem });
    progress.show({ rows: withdrawn + kept.length, filed: withdrawn, alreadyFiled: 0, rejected: kept.length });
  }
  stop.forget();
  progress.end();
  return { value: { withdrawn, kept }, text: [`${withdrawn} of ${own.length} claims withdrawn.`, ...kept.map(({ claim, reason }) => `${claim} stays: ${reason}`)].join('\n') };
}

/** Undefined when it is withdrawn now. */
async function problemWithdrawing({ api }: Desk, claim: string): Promise<string | undefined> {
  try {
    await api.act(claim, 'withdraw', {});
    return undefined;
  } catch (fault) {
    // Nobody answers, or this person may not: that is so for all of them.
    if (fault instanceof Stop && [404, 409, 422].includes(fault.problem.status ?? 0)) return fault.message;
    throw fault;
  }
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
function untilInterrupted(): { signal: AbortSignal; forget(): void } {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return { signal: controller.signal, forget: () => void process.off('SIGINT', stop).off('SIGTERM', stop) };
}

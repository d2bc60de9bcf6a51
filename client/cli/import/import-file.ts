import { readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { readImportMap, type ImportMap } from '../../../config/import-map.ts';
import { present } from '../../../domain/present.ts';
import type { CommandResult, Cli } from '../command-action.ts';
import { progressLine } from '../progress.ts';
import { misuse, notDone } from '../stop.ts';
import type { Encoding } from './encoding.ts';
import { asMisuse, problemIn, sentence, unavailable, waitingTasks } from './failures.ts';
import { fileAll, type Counts, type FilingAnswer } from './filing.ts';
import { untilInterrupted } from './interruption.ts';
import { logOf, openLog } from './log.ts';
import { columnOf, noticesOf, type Mapped } from './notices.ts';
import type { Unavailable } from './pace.ts';
import { rejectsFile } from './rejects.ts';
import { openTable } from './table.ts';
import { tryAll } from './trial.ts';

export interface ImportFlags {
  /** Not commander's to require: it would require it of `import undo` too. */
  map?: string;
  limit?: number;
  dryRun?: true;
  /** Instead of the mapping's. */
  encoding?: Encoding;
  out?: string;
}

/** Files the rows of one CSV file as claims, and reports the rows that it could not file. Throws a Stop. */
export async function importFile(
  cli: Cli,
  file: string,
  { map: mapFile, limit, dryRun, encoding, out = '.' }: ImportFlags,
): Promise<CommandResult> {
  if (mapFile === undefined)
    throw misuse(
      'Give a mapping with --map FILE: how the rows become notices of loss. ' +
        'docs/import.md explains it, and samples/imports has an example.',
    );
  const map = sentence(() => readImportMap(readText(mapFile), mapFile));
  cli.say(`Reading ${file} …`);
  const table = await openTable(file, {
    ...map.csv,
    ...present({ encoding: encoding ?? map.csv.encoding }),
  }).catch(asMisuse);
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
  // Do not wait for an API that never answered: the address may be wrong.
  await cli.api.health();
  const counts = await fileIn(cli, first(notices, size), { file, map, size, log, rejects });
  return ended(counts, size, { rejects, log });
}

/** The import, and the files for its log and rejected rows. */
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
      file: (notice) => filed(cli, notice, map),
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

/** The day of import is another each time, and so it is no content of the row. */
const today = '{@today}';

async function* first(notices: AsyncIterable<Mapped>, limit: number): AsyncGenerator<Mapped> {
  let count = 0;
  for await (const each of notices) {
    count += 1;
    yield each;
    if (count >= limit) return;
  }
}

async function filed({ api }: Cli, notice: object, map: ImportMap): Promise<FilingAnswer | Unavailable> {
  try {
    const { kind, claim, differs = [] } = await api.file(notice);
    const others = differs.filter((field) => field !== 'lossAt' || map.notice.lossAt !== today);
    return { kind, claim, ...present({ differs: others.length > 0 ? others : undefined }) };
  } catch (fault) {
    const { status = 0, field = '', detail } = problemIn(fault);
    return [400, 409, 413, 422].includes(status)
      ? { kind: 'denied', field, reason: detail }
      : unavailable(fault);
  }
}

function triedText(
  { rows, mapped, rejected, firstRejects, sample }: Awaited<ReturnType<typeof tryAll>>,
  encoding: string,
  rejects: string,
): string {
  const rest = rejected > 0 ? ` and ${rejected} do not, see ${rejects}` : '';
  return [
    `${rows} rows, read as ${encoding}: ${mapped} become notices of loss${rest}. Nothing was filed.`,
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
  const { rows, filed: now, alreadyFiled, differing, rejected } = counts;
  const isWritten = rejected + differing > 0;
  const value = { ...counts, ...present({ rejects: isWritten ? rejects : undefined }), log };
  const where = isWritten ? `: see ${rejects}` : '';
  const others = differing > 0 ? ` (${differing} with other content)` : '';
  const text =
    `${now} filed, ${alreadyFiled} were filed before${others}, ${rejected} rejected${where}. ` +
    `To undo the import: bin/lipei claims import undo ${log}`;
  if (rows >= size) return { value, text };
  throw notDone(`Stopped after ${rows} of ${size} rows: ${text}. Run the same command again to continue.`);
}

/** Throws a Stop. */
export const readText = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw misuse(`${file} cannot be read. Check its name.`);
  }
};

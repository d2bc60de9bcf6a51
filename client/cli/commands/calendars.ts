import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Command } from 'commander';
import { calendarsFolder, environmentWith } from '../../../config/env.ts';
import type { HolidayList } from '../../../config/holidays/list.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { present } from '../../../domain/present.ts';
import { print, type CommandResult } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import type { ListedCalendar } from '../pages/calendars-page.ts';
import { misuse, notDone } from '../stop.ts';
import { counted } from '../table.ts';

/** The published lists of holidays: files of this machine, so these commands need no running stack. */
export function calendarCommands(lipei: Command): void {
  const calendars = lipei
    .command('calendars')
    .description('show and add the published lists of holidays (docs/how-to/add-a-holiday-list.md)');

  calendars
    .command('list')
    .description('list what says which days are off, and until when a list is published')
    .action(async function list(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      print(await listed(folderOf(globals)), globals);
    });

  calendars
    .command('show')
    .description('show the days off and the worked weekends of a year')
    .argument('<jurisdiction>', 'such as CN')
    .argument('<year>', 'such as 2027')
    .action(async function show(this: Command, jurisdiction: string, year: string) {
      const globals = this.optsWithGlobals<Globals>();
      print(await shown(folderOf(globals), jurisdiction, year), globals);
    });

  calendars
    .command('check')
    .description('check a file with a list, or else the added lists; adds nothing')
    .argument('[file]', 'path of the file')
    .action(async function check(this: Command, file?: string) {
      const globals = this.optsWithGlobals<Globals>();
      print(file === undefined ? await allChecked(folderOf(globals)) : await checked(file), globals);
    });

  calendars
    .command('add')
    .description('add a list on this machine; running programs count with it at once, without a restart')
    .argument('<file>', 'path of the file')
    .option('--dry-run', 'print only which days would change')
    .action(async function add(this: Command, file: string, { dryRun }: { dryRun?: true }) {
      const globals = this.optsWithGlobals<Globals>();
      print(await added(folderOf(globals), file, dryRun === true), globals);
    });
}

const folderOf = ({ data }: Globals): string =>
  calendarsFolder(environmentWith(data === undefined ? {} : { LIPEI_DATA: resolve(data) }));

async function listed(folder: string): Promise<CommandResult> {
  const { jurisdictions, placeOf } = await import('../../../config/places.ts');
  const { coverages } = await import('../../../config/holidays/coverage.ts');
  const { listFolder } = await import('../../../config/holidays/folder.ts');
  const { lastProgramYear } = await import('../../../config/holidays/program-lists.ts');
  const { calendarsPage } = await import('../pages/calendars-page.ts');
  const lists = listFolder(folder).lists();
  const covered = coverages(instantOf(Date.now()), folder);
  const value = jurisdictions.map((jurisdiction): ListedCalendar => {
    const { law, lists: published } = placeOf(jurisdiction).holidays;
    return {
      jurisdiction,
      law,
      ...present({
        coverage: covered.find((each) => each.jurisdiction === jurisdiction),
        programUntil: published && lastProgramYear(jurisdiction),
      }),
      added: lists
        .filter((list) => list.jurisdiction === jurisdiction)
        .map(({ year, version, source, file }) => ({ year, version, source, file })),
    };
  });
  return { value: { folder, calendars: value }, text: calendarsPage(folder, value) };
}

async function shown(folder: string, jurisdiction: string, text: string): Promise<CommandResult> {
  const { jurisdictions } = await import('../../../config/places.ts');
  const { daysOffIn } = await import('../../../config/holidays/days-off.ts');
  const { daysPage } = await import('../pages/calendars-page.ts');
  if (!jurisdictions.includes(jurisdiction))
    throw misuse(`There is no jurisdiction "${jurisdiction}"; there are ${jurisdictions.join(', ')}.`);
  if (!/^20\d\d$/.test(text)) throw misuse(`"${text}" is no year; it should be one such as 2027.`);
  const value = daysOffIn(jurisdiction, Number(text), folder);
  return { value, text: daysPage(`by the ${value.origin}`, value) };
}

async function checked(file: string): Promise<CommandResult> {
  const { list, unusual } = await listIn(file);
  return {
    value: { kind: 'right', jurisdiction: list.jurisdiction, year: list.year, unusual },
    text: [`${file} is a right list of ${list.year} of ${list.jurisdiction}.`, ...remarks(unusual)].join(
      '\n',
    ),
  };
}

async function allChecked(folder: string): Promise<CommandResult> {
  const { calendarProblems } = await import('../../../config/holidays/coverage.ts');
  const { listFolder } = await import('../../../config/holidays/folder.ts');
  const problems = calendarProblems(instantOf(Date.now()), folder);
  const mistakes = problems.filter(({ state }) => state === 'wrong').map(({ problem }) => problem);
  if (mistakes.length > 0) throw notDone(mistakes.join('\n'));
  const lists = listFolder(folder).lists().length;
  return {
    value: { kind: 'right', folder, lists, problems },
    text: [`${counted(lists, 'added list')} in ${folder}.`, ...problems.map(({ problem }) => problem)].join(
      '\n',
    ),
  };
}

async function added(folder: string, file: string, isDryRun: boolean): Promise<CommandResult> {
  const { daysOffBy } = await import('../../../config/holidays/days-off.ts');
  const { coveredUntil } = await import('../../../config/holidays/coverage.ts');
  const { keepList, listFolder } = await import('../../../config/holidays/folder.ts');
  const { changedDays, changesPage } = await import('../pages/calendars-page.ts');
  const { list, unusual } = await listIn(file);
  const { jurisdiction, year } = list;
  const next = Number(coveredUntil(jurisdiction, folder)?.slice(0, 4)) + 1;
  if (year > next) throw misuse(`The list of ${next} of ${jurisdiction} is missing: add it first.`);
  const lists = listFolder(folder).lists();
  const same = lists.find((each) => each.jurisdiction === jurisdiction && each.year === year);
  const of = `list of ${year} of ${jurisdiction}`;
  if (same && isSameList(same, list))
    return {
      value: { kind: 'already-added', jurisdiction, year, file: same.file, changes: [] },
      text: `This ${of} was added already (${same.file}).`,
    };
  const after = [...lists.filter((each) => each !== same), list];
  const changes = [year - 1, year].flatMap((each) =>
    changedDays(daysOffBy(lists, jurisdiction, each), daysOffBy(after, jurisdiction, each)),
  );
  const kept = isDryRun ? undefined : keepList(folder, list);
  const heading =
    kept === undefined
      ? `The ${of} would be added; nothing was done.`
      : `The ${of} is added: ${kept}. Put this file on each machine of the workers and of the API.`;
  return {
    value: {
      kind: kept === undefined ? 'would-be-added' : 'added',
      jurisdiction,
      year,
      ...present({ file: kept }),
      unusual,
      changes,
    },
    text: [heading, ...remarks(unusual), changesPage(changes)].join('\n'),
  };
}

const isSameList = (one: HolidayList, other: HolidayList): boolean =>
  isDeepStrictEqual([one.source, one.holidays, one.worked], [other.source, other.holidays, other.worked]);

async function listIn(file: string): Promise<{ list: HolidayList; unusual: string[] }> {
  const { readList } = await import('../../../config/holidays/list.ts');
  const read = readList(textOf(file));
  if (read.kind === 'list') return read;
  throw misuse([`${file} is no right list:`, ...read.mistakes.map((each) => `- ${each}`)].join('\n'));
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw misuse(`${file} cannot be read.`);
  }
}

const remarks = (unusual: string[]): string[] => unusual.map((each) => `Look again: ${each}.`);

import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { RulePackUnreadable } from '../rules/unreadable-rules.ts';
import { readList, type HolidayList } from './list.ts';

/** A list in a folder, with its file `<jurisdiction>-<year>@<version>`. */
export interface KeptList extends HolidayList {
  file: string;
  version: number;
}

/** The lists of an installation, which are added without a new version of the program. */
export interface ListFolder {
  path: string;
  /** Changes whenever a file does. */
  state: string;
  /** The newest version of each list. Throws a RulePackUnreadable that names the file and its mistakes. */
  lists(): KeptList[];
  /** Files that are no list by their name, and so count for nothing. */
  strangers(): string[];
}

const listName = /^([A-Z]{2}-\d{4})@(\d+)\.json$/;

/** Reads the names and times of the files; their content only once. */
export function listFolder(path: string): ListFolder {
  const files = existsSync(path) ? readdirSync(path).toSorted() : [];
  const state = JSON.stringify([path, files.map((file) => stateOf(join(path, file)))]);
  return {
    path,
    state,
    strangers: () => files.filter((file) => file.endsWith('.json') && !listName.test(file)),
    lists() {
      const read = known.get(path);
      const lists = read?.state === state ? read.lists : newestIn(path, files);
      known.set(path, { state, lists });
      return lists;
    },
  };
}

/** The lists of the folders that were read, as long as no file changes. */
const known = new Map<string, { state: string; lists: KeptList[] }>();

/** Keeps a list as the newest version of its year, whole or not at all. Earlier versions stay. */
export function keepList(path: string, list: HolidayList): string {
  mkdirSync(path, { recursive: true });
  const name = `${list.jurisdiction}-${list.year}`;
  const versions = readdirSync(path).flatMap((file) => {
    const [, of, version] = listName.exec(file) ?? [];
    return of === name ? [Number(version)] : [];
  });
  const file = join(path, `${name}@${Math.max(0, ...versions) + 1}.json`);
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(list, null, 2)}\n`);
  try {
    linkSync(draft, file); // unlike a renaming it overwrites nothing
  } finally {
    unlinkSync(draft);
  }
  return file;
}

function newestIn(path: string, files: string[]): KeptList[] {
  const newest = new Map<string, { file: string; version: number }>();
  for (const file of files) {
    const [, name, number] = listName.exec(file) ?? [];
    const version = Number(number);
    if (name !== undefined && version > (newest.get(name)?.version ?? 0)) newest.set(name, { file, version });
  }
  return [...newest].map(([name, { file, version }]) => ({ ...listIn(path, file, name), file, version }));
}

function listIn(path: string, file: string, name: string): HolidayList {
  const part = `calendars/${file.replace('.json', '')}`;
  const read = readList(readFileSync(join(path, file), 'utf8'));
  if (read.kind === 'wrong')
    throw new RulePackUnreadable(part, `${join(path, file)}: ${read.mistakes.join('; ')}.`);
  const { jurisdiction, year } = read.list;
  if (`${jurisdiction}-${year}` !== name)
    throw new RulePackUnreadable(
      part,
      `${join(path, file)}: it is the list of ${year} of ${jurisdiction}, and its name says another.`,
    );
  return read.list;
}

function stateOf(file: string): [string, number, number] {
  const { mtimeMs, size } = statSync(file);
  return [file, mtimeMs, size];
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../config/env.ts';
import { searchAttributes } from '../config/search-attributes.ts';
import { roomOf, rooms, shelves } from '../docs/generate/rooms.ts';
import { actNames, isActName } from '../domain/claim/acts.ts';
import { reportNames } from '../domain/claim/reports.ts';
import { describedMessage } from '../domain/claim/senders.ts';
import { circlesIn, importsOf, sourcesIn, type Import } from './support/imports.ts';

const topFolders = [...new Set(rooms.map(({ room }) => room.split('/')[0] ?? room))];
const within = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);

/** What one import may see, by the row of the room that it stands in. */
function isAllowed({ file, from, typeOnly }: Import): boolean {
  const row = roomOf(file);
  if (!row) return false;
  const isPackage = !from.endsWith('.ts') && !from.endsWith('.cjs');
  if (isPackage) return !row.packages || row.packages.some((name) => within(from, name));
  const target = roomOf(from);
  if (!target) return false;
  if (target === row) return true;
  return row.sees.some((seen) =>
    seen.startsWith('types:') ? typeOnly && within(from, seen.slice('types:'.length)) : within(from, seen),
  );
}

const wrong = (imports: Import[]): string[] =>
  imports.filter((seen) => !isAllowed(seen)).map(({ file, from }) => `${file} imports ${from}`);

test('imports point one way', () => {
  expect(wrong(sourcesIn(...topFolders).flatMap(importsOf))).toEqual([]);
});

test('there is no import circle', () => {
  expect(circlesIn(sourcesIn(...topFolders).flatMap(importsOf))).toEqual([]);
});

test('every folder is a room or a shelf, and every room is there', () => {
  const folders = readdirSync(projectRoot, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name);
  const known = [...topFolders, ...shelves.map(({ room }) => room), 'bin'];
  expect(folders.filter((name) => !known.includes(name))).toEqual([]);
  expect(rooms.filter(({ room }) => !existsSync(join(projectRoot, room)))).toEqual([]);
});

test.each([
  ['domain/claim/claim.ts', "import { read } from '../../activities/journal.ts';"],
  ['domain/claim/claim.ts', "import { DateTime } from 'luxon';"],
  ['workflows/claim/item.ts', "import { contactOf } from '../../records/parties/parties.ts';"],
  ['workflows/claim/item.ts', "import { z } from 'zod';"],
  ['activities/bank.ts', "import { up } from '../local/up.ts';"],
  ['client/api/server.ts', "import { chase } from '../../workflows/claim/chaser.ts';"],
  ['client/api/server.ts', "import { program } from '../cli/program.ts';"],
  ['client/own-api/claims.ts', "import { server } from '../api/server.ts';"],
  ['records/claims/list.ts', "import { append } from '../../activities/journal.ts';"],
  ['wording/check/check.ts', "import { connectDatabase } from '../../records/database.ts';"],
  ['client/api/server.ts', "const later = import('../../workflows/claim/chaser.ts');"],
])('a wrong import is found: %s, %s', (file, text) => {
  expect(wrong(importsOf({ file, text }))).toHaveLength(1);
});

test('the domain knows no clock, no environment and no formatting of its surroundings', () => {
  const forbidden =
    /\bDate\.now\b|\bnew Date\(\)|\bIntl\b|\bprocess\.|\bMath\.random\b|\bawait\b|\bconsole\./;
  expect(
    sourcesIn('domain')
      .filter(({ text }) => forbidden.test(text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '')))
      .map(({ file }) => file),
  ).toEqual([]);
});

test('only config/env.ts reads the environment', () => {
  expect(
    sourcesIn(...topFolders)
      .filter(({ text }) => /\bprocess\.env\b/.test(text))
      .map(({ file }) => file),
  ).toEqual(['config/env.ts']);
});

test('only client/engine uses the Temporal client', () => {
  const users = sourcesIn('client', 'demo')
    .flatMap(importsOf)
    .filter(({ from, typeOnly }) => from === '@temporalio/client' && !typeOnly)
    .map(({ file }) => file);
  expect(users).toContain('client/engine/engine.ts');
  expect(users.filter((file) => !file.startsWith('client/engine/'))).toEqual([]);
});

test('no line of code is wider than 110 columns, and no module re-exports', () => {
  const sources = sourcesIn(...topFolders);
  const wide = sources.flatMap(({ file, text }) =>
    text.split('\n').flatMap((line, index) => (line.length > 110 ? [`${file}:${index + 1}`] : [])),
  );
  expect(wide).toEqual([]);
  expect(sources.filter(({ text }) => /^export (type )?(\*|\{)/m.test(text)).map(({ file }) => file)).toEqual(
    [],
  );
});

test('no condition waits on a promise, which is always true, and no handler has a validator that could stick a claim', () => {
  expect(
    sourcesIn('workflows')
      .filter(({ text }) => /condition\(\s*async|validator\s*:/.test(text))
      .map(({ file }) => file),
  ).toEqual([]);
});

test("every message is described for the Temporal UI's pickers", () => {
  for (const name of [...actNames, ...reportNames]) {
    const description = describedMessage(name);
    expect(description.length).toBeGreaterThan(10);
    expect(description).toMatch(
      isActName(name) ? /through the API|Anybody/ : /^[^.]+\. Only .+ may report it/,
    );
  }
});

test('the search attributes that claims set are those that are registered', () => {
  const set = [
    ...readFileSync(join(projectRoot, 'workflows', 'claim', 'search-attributes.ts'), 'utf8').matchAll(
      /defineSearchAttributeKey\('(\w+)', '(\w+)'\)/g,
    ),
  ].map(([, name = '', type = '']) => [name, type.replaceAll('_', '').toLowerCase()]);
  expect(Object.fromEntries(set)).toEqual(
    Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, type.toLowerCase()])),
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../config/env.ts';
import { loadRulePacks } from '../config/rules.ts';
import { searchAttributes } from '../config/search-attributes.ts';
import { notificationsPage } from '../docs/generate/notifications-page.ts';
import { processPage } from '../docs/generate/process-page.ts';
import { notificationKinds } from '../domain/messages/notifications.ts';
import { factMessages, humanMessages } from '../workflows/contract.ts';
import { importsOf, sourcesIn, type Import } from './support/imports.ts';

const folders = [
  'domain',
  'workflows',
  'activities',
  'workers',
  'client',
  'config',
  'security',
  'local',
  'prisma',
  'demo',
  'bench',
];

/** What each folder may see of the others; packages that touch the outside are for the folders that do. */
const allowed: Record<string, (seen: Import) => boolean> = {
  domain: ({ from }) =>
    within(from, 'domain') || from.startsWith('@noble/hashes/') || from === 'canonicalize',
  workflows: ({ from, typeOnly }) =>
    within(from, 'domain', 'workflows') ||
    (typeOnly && within(from, 'activities')) ||
    from === '@temporalio/workflow' ||
    from === '@temporalio/common',
  activities: ({ from }) =>
    within(from, 'domain', 'activities', 'config', 'security', 'prisma') || isPackage(from),
  workers: ({ from }) =>
    within(from, 'domain', 'activities', 'workers', 'config', 'security') || isPackage(from),
  client: ({ from, file }) =>
    within(from, 'domain', 'activities', 'client', 'config', 'security', 'prisma') ||
    from === 'workflows/contract.ts' ||
    (within(file, 'client/cli') && within(from, 'local')) ||
    isPackage(from),
  config: ({ from }) => within(from, 'domain', 'config') || isPackage(from),
  security: ({ from }) => within(from, 'domain', 'security') || isPackage(from),
  local: ({ from }) => !within(from, 'workflows', 'workers', 'test'),
  prisma: ({ from }) => within(from, 'prisma') || isPackage(from),
  demo: ({ from }) => !within(from, 'workflows', 'workers', 'test'),
  bench: ({ from }) => !within(from, 'demo', 'test'),
};

const within = (path: string, ...places: string[]): boolean =>
  places.some((place) => path === place || path.startsWith(`${place}/`));
const isPackage = (from: string): boolean =>
  !folders.some((folder) => within(from, folder)) && !from.endsWith('.ts');

const wrong = (imports: Import[]): string[] =>
  imports
    .filter((seen) => !allowed[seen.file.split('/')[0] ?? '']?.(seen))
    .map(({ file, from }) => `${file} imports ${from}`);

test('imports point one way', () => {
  expect(wrong(sourcesIn(...folders).flatMap(importsOf))).toEqual([]);
});

test.each([
  ['domain/claim/claim.ts', "import { read } from '../activities/journal.ts';"],
  ['domain/claim/claim.ts', "import { DateTime } from 'luxon';"],
  ['workflows/item.ts', "import { contactOf } from '../records/parties/parties.ts';"],
  ['workflows/item.ts', "import { z } from 'zod';"],
  ['activities/bank.ts', "import { up } from '../local/up.ts';"],
  ['client/api/server.ts', "import { chase } from '../../workflows/chaser.ts';"],
  ['client/api/server.ts', "const later = import('../../workflows/chaser.ts');"],
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
    sourcesIn(...folders)
      .filter(({ text }) => /\bprocess\.env\b/.test(text))
      .map(({ file }) => file),
  ).toEqual(['config/env.ts']);
});

test('only client/engine/claims.ts, and the programs that start from it, use the Temporal client', () => {
  const users = sourcesIn('client', 'demo')
    .flatMap(importsOf)
    .filter(({ from, typeOnly }) => from === '@temporalio/client' && !typeOnly)
    .map(({ file }) => file);
  expect(users).toEqual(['client/engine/claims.ts']);
});

test('no condition waits on a promise, which is always true, and no handler has a validator that could stick a claim', () => {
  expect(
    sourcesIn('workflows')
      .filter(({ text }) => /condition\(\s*async|validator\s*:/.test(text))
      .map(({ file }) => file),
  ).toEqual([]);
});

test("every message is described for the Temporal UI's pickers", () => {
  for (const { description } of [...Object.values(humanMessages), ...Object.values(factMessages)])
    expect(description.length).toBeGreaterThan(10);
});

test('every rule pack is valid, and says by which channels each notification goes', () => {
  for (const name of readdirSync(join(projectRoot, 'config', 'rules'))) {
    for (const pack of loadRulePacks(name))
      expect(Object.keys(pack.channels).toSorted()).toEqual([...notificationKinds].toSorted());
  }
});

test('the search attributes that claims set are those that are registered', () => {
  const set = [
    ...readFileSync(join(projectRoot, 'workflows', 'journal-writer.ts'), 'utf8').matchAll(
      /defineSearchAttributeKey\('(\w+)', '(\w+)'\)/g,
    ),
  ].map(([, name = '', type = '']) => [name, type.replaceAll('_', '').toLowerCase()]);
  expect(Object.fromEntries(set)).toEqual(
    Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, type.toLowerCase()])),
  );
});

test("the diagram in docs/process.md is the road's (npm run docs)", () => {
  for (const [file, made] of [
    ['process.md', processPage],
    ['notifications.md', notificationsPage],
  ] as const) {
    const page = readFileSync(join(projectRoot, 'docs', file), 'utf8');
    expect(page).toBe(made(page));
  }
});

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, ownClaims } from '../../../../client/cli/import/log.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
const about = { import: '/files/claims.csv', source: 'test' };
let logs = 0;
const certainties = (file: string) =>
  Object.fromEntries(ownClaims(file).map(({ claim, certain }) => [claim, certain]));
const newLog = (): string => join(directory, `log-${(logs += 1)}.import.jsonl`);

test('what was there before belongs to somebody else, what was on its way when a run was killed to it, and what was withdrawn to nobody', () => {
  const file = newLog();
  const log = openLog(file, about);
  for (const claim of ['before', 'own', 'cut-off', 'wrong']) log.note('filing', { claim, line: 1 });
  log.note('already-filed', { claim: 'before', line: 1 });
  log.note('filed', { claim: 'own', line: 1 });
  log.note('not-filed', { claim: 'wrong', line: 1 });
  expect(certainties(file)).toEqual({ own: true, 'cut-off': false });
  const again = openLog(file, about);
  for (const claim of ['before', 'own', 'cut-off']) again.note('filing', { claim, line: 1 });
  expect(certainties(file)).toEqual({ own: true, 'cut-off': false });
  for (const claim of ['before', 'own', 'cut-off']) again.note('already-filed', { claim, line: 1 });
  expect(certainties(file)).toEqual({ own: true, 'cut-off': false });
  log.note('withdrawn', { claim: 'own', line: 1 });
  expect(certainties(file)).toEqual({ 'cut-off': false });
});

test('a claim with a lost answer keeps the time of its first request', () => {
  const file = newLog();
  const before = new Date().toISOString();
  openLog(file, about).note('filing', { claim: 'A', line: 2 });
  const between = new Date().toISOString();
  appendFileSync(file, '{"claim":"A","line":2,"state":"filing","at":"2099-01-01T00:00:00.000Z"}\n');
  const asked = ownClaims(file)[0]?.askedAt ?? '';
  expect([before <= asked, asked <= between]).toEqual([true, true]);
});

test('a claim that was filed stays this import’s own when another row was taken for it', () => {
  const file = newLog();
  const log = openLog(file, about);
  for (const state of ['filing', 'filed', 'filing', 'not-filed'] as const)
    log.note(state, { claim: 'A', line: 2 });
  expect(certainties(file)).toEqual({ A: true });
});

test('a long log is read whole, and one of nothing but a cut-off line is none', () => {
  const file = newLog();
  const log = openLog(file, { ...about, import: `/files/${'理'.repeat(500)}.csv` });
  for (let n = 0; n < 2_000; n += 1) log.note('filed', { claim: `A${n}`, line: n + 2 });
  expect(ownClaims(file)).toHaveLength(2_000);
  writeFileSync(file, '{"import":"/files/cl');
  expect(() => ownClaims(file)).toThrow('is not the log of an import.');
});

test('what was withdrawn and is imported again is not this import’s own', () => {
  const file = newLog();
  const log = openLog(file, about);
  for (const state of ['filing', 'filed', 'withdrawn', 'filing', 'already-filed'] as const)
    log.note(state, { claim: 'A', line: 2 });
  expect(ownClaims(file)).toEqual([]);
});

test('a line that a crash cut off is removed, and the log continues', () => {
  const file = newLog();
  openLog(file, about).note('filed', { claim: 'A', line: 2 });
  appendFileSync(file, '{"claim":"B","line":3,"sta');
  expect(ownClaims(file)).toHaveLength(1);
  openLog(file, about).note('filed', { claim: 'C', line: 4 });
  expect(ownClaims(file).map(({ claim }) => claim)).toEqual(['A', 'C']);
  expect(readFileSync(file, 'utf8')).not.toContain('"B"');
});

test.each([
  ['another file', { ...about, import: '/other/claims.csv' }],
  ['another source', { ...about, source: 'other' }],
])('the log of %s is not gone on with', (_, other) => {
  const file = newLog();
  openLog(file, about);
  expect(() => openLog(file, other)).toThrow(
    'is the log of the import of /files/claims.csv as "test". Choose another directory for this import with --out.',
  );
});

test('a file that is no log, or none, is said in a sentence', () => {
  expect(() => ownClaims(import.meta.filename)).toThrow('is not the log of an import.');
  expect(() => openLog(import.meta.filename, about)).toThrow('is not the log of an import.');
  expect(() => ownClaims(join(directory, 'nothing.jsonl'))).toThrow('cannot be opened (ENOENT)');
  expect(() => ownClaims(directory)).toThrow('cannot be opened (EISDIR)');
  expect(() => openLog(join(import.meta.filename, 'log.jsonl'), about)).toThrow(
    /cannot be opened \((EEXIST|ENOTDIR)\)/,
  );
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { table } from '../../../client/cli/table.ts';
import { printable, printableJson } from '../../../client/cli/terminal.ts';
import { projectRoot } from '../../../config/env.ts';

test.each([
  ['a colour', '路\u001b[31m口', '路\\x1b[31m口'],
  ['a title of the window', '\u001b]0;pwn\u0007', '\\x1b]0;pwn\\x07'],
  ['a command of one byte', '\u009b2Jx', '\\x9b2Jx'],
  ['a return to the beginning of the line', 'denied\rpaid', 'denied\\x0dpaid'],
  ['a backspace', 'no\b\bok', 'no\\x08\\x08ok'],
  ['a turn of the direction of writing', '12\u202e34', '12\\u202e34'],
])('%s is printed, and not obeyed', (_, typed, printed) => expect(printable(typed)).toBe(printed));

test('words, lines and tabs are printed as they are', () =>
  expect(printable('理赔 – Müller\n\t👍')).toBe('理赔 – Müller\n\t👍'));

test('JSON means the same, and no terminal obeys it', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const json = printableJson({ text });
      expect(JSON.parse(json)).toEqual({ text: text });
      expect(json).not.toMatch(/\p{Cc}|[\u202a-\u202e]/u);
    }),
    { numRuns: 40 },
  );
});

test('a table is as wide as what is printed', () =>
  expect(table(['a', 'b'], [['\u001b[1m', 'x']])).toBe('a        b\n\\x1b[1m  x'));

test('nothing in the command line writes to the terminal by another way', () => {
  const root = join(projectRoot, 'client/cli');
  const writers = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) =>
      file.endsWith('.ts') &&
      /\bstd(?:out|err)\.write\(|console\./.test(readFileSync(join(root, file), 'utf8')),
  );
  // The bar of progress draws itself, and the end of the program waits for what was written.
  expect(writers.toSorted()).toEqual(['commands/file-claim.ts', 'main.ts', 'progress.ts', 'terminal.ts']);
});

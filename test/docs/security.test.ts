import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';

/** `test/trust/doors.ts`: the test as it is written in that file. */
const named = [
  ...readFileSync(join(projectRoot, 'docs', 'security.md'), 'utf8').matchAll(
    /\| `([\w/-]+(?:\.test)?\.ts)`: (.+) \|$/gm,
  ),
].map(([, file = '', name = '']): [string, string] => [file, name]);

test('docs/security.md names the test of each promise', () => {
  expect(named.length).toBeGreaterThan(25);
});

test.each(named)('%s has the test "%s"', (file, name) => {
  expect(readFileSync(join(projectRoot, file), 'utf8')).toContain(`'${name}'`);
});

import { readFileSync } from 'node:fs';
import { cliDocs, docsFile } from '../../docs/generate/cli-reference.ts';

it('docs/cli.md says what the program takes (node docs/generate/cli-docs.ts writes it anew)', () => {
  expect(readFileSync(docsFile, 'utf8')).toBe(cliDocs());
});

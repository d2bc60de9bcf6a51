import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from '../../config/env.ts';

const pages = ['README.md', 'samples/README.md', 'templates/README.md', ...markdownIn('docs')];

function markdownIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
}

/** Links to files of ours, and source files that are named in backticks with their folder. */
function namedIn(page: string): string[] {
  const text = readFileSync(join(projectRoot, page), 'utf8');
  const links = [...text.matchAll(/\]\((?!https?:|mailto:|#)([^)#\s]+)/g)].map(([, to = '']) =>
    join(dirname(page), to),
  );
  const sources = [...text.matchAll(/`([a-z][\w-]*(?:\/[\w.@-]+)+\.(?:ts|sql|json|cjs|mjs))`/g)].map(
    ([, to = '']) => to,
  );
  return [...links, ...sources.filter((file) => !isAnExample(file))];
}

/** `rules/lines/motor-xx@1.json`: a file that the reader is to make. */
const isAnExample = (file: string): boolean => /xx/i.test(file);

test.each(pages)('every file that %s names is there', (page) => {
  expect(namedIn(page).filter((file) => !existsSync(join(projectRoot, file)))).toEqual([]);
});

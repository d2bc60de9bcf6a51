import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { cliReference } from './cli-reference.ts';
import { fieldTable } from './field-tables.ts';
import { messageStates } from './message-states.ts';
import { messageTable } from './message-table.ts';
import { needTable } from './need-table.ts';
import { permissionTable } from './permission-table.ts';
import { readmeMap } from './readme-map.ts';
import { senderTable } from './sender-table.ts';
import { roadPart } from './road-part.ts';

/**
 * Everything in our pages that is made from code or data: the page's file, the name of its marks where the
 * page has several parts, and what stands between them.
 */
export const generated: readonly { file: string; mark?: string; part: () => string }[] = [
  { file: 'README.md', part: readmeMap },
  { file: 'docs/process.md', part: roadPart },
  { file: 'docs/process.md', mark: 'permissions', part: permissionTable },
  { file: 'docs/security.md', part: senderTable },
  { file: 'docs/security.md', mark: 'needs', part: needTable },
  { file: 'docs/notifications.md', part: messageStates },
  { file: 'docs/cli.md', part: cliReference },
  {
    file: 'docs/how-to/connect-the-company-systems.md',
    mark: 'policies',
    part: () => fieldTable('policies'),
  },
  { file: 'docs/how-to/connect-the-company-systems.md', mark: 'staff', part: () => fieldTable('staff') },
  { file: 'templates/README.md', part: messageTable },
];

const beginOf = (mark?: string): string => `<!-- made by \`npm run docs\`${mark ? `: ${mark}` : ''} -->`;
const end = '<!-- /made -->';

export const pageNow = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

/** The page with its part made anew. Throws when the page has no marks. */
export function pageAnew({ file, mark, part }: (typeof generated)[number]): string {
  const begin = beginOf(mark);
  const [before, rest] = pageNow(file).split(begin);
  const after = rest?.slice(rest.indexOf(end) + end.length);
  if (before === undefined || after === undefined || !rest?.includes(end))
    throw new Error(`${file} needs ${begin} and ${end}`);
  return `${before}${begin}\n${part()}\n${end}${after}`;
}

export function writeAnew(): void {
  for (const page of generated) writeFileSync(join(projectRoot, page.file), pageAnew(page));
}

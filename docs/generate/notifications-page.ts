import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moves } from '../../domain/messages/ledger.ts';
import { notificationKinds, purposeOf, purposes, type Purpose } from '../../domain/messages/notifications.ts';

const begin =
  '<!-- made from domain/messages/ledger.ts and domain/messages/notifications.ts by `npm run docs` -->';
const end = '<!-- end -->';

/** `docs/notifications.md` with its diagram and its table made anew. */
export function notificationsPage(page: string): string {
  const [before = '', rest = ''] = page.split(begin);
  return `${before}${begin}\n${diagram()}\n\n${table()}\n${end}${rest.split(end)[1] ?? ''}`;
}

function diagram(): string {
  const lines = Object.entries(moves).flatMap(([name, { from, to }]) =>
    from.map((state) => `  ${state} --> ${to}: ${name}`),
  );
  return [
    '```mermaid',
    'stateDiagram-v2',
    '  [*] --> planned',
    ...lines,
    '```',
    '',
    '| move | to | when |',
    '|---|---|---|',
    ...Object.entries(moves).map(([name, { to, when }]) => `| ${name} | ${to} | ${when} |`),
  ].join('\n');
}

const names = (purpose: Purpose): string[] => notificationKinds.filter((kind) => purposeOf[kind] === purpose);

const table = (): string =>
  [
    '| purpose | kinds | may be left out |',
    '|---|---|---|',
    ...Object.entries(purposes).map(
      ([purpose, need]) =>
        `| ${purpose} | ${names(purpose as Purpose).join(', ')} | ${need === 'optional' ? 'yes' : 'no'} |`,
    ),
  ].join('\n'); // oxlint-disable-line no-unsafe-type-assertion -- its own keys

if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, '..', 'notifications.md');
  writeFileSync(file, notificationsPage(readFileSync(file, 'utf8')));
}

import { moves } from '../../domain/messages/ledger.ts';
import { notificationKinds, purposeOf, purposes, type Purpose } from '../../domain/messages/notifications.ts';

/** The diagram and the tables of docs/notifications.md. */
export const messageStates = (): string => `${diagram()}

${table()}`;

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

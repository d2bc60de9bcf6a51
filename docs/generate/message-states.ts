import { channelRules } from '../../domain/messages/channels.ts';
import { moves } from '../../domain/messages/ledger.ts';
import { notificationKinds, purposeOf, purposes, type Purpose } from '../../domain/messages/notifications.ts';
import { overtaken } from '../../domain/messages/overtaken.ts';
import { reasonsNotSent } from '../../domain/messages/reasons.ts';

/** The diagram and the tables of docs/notifications.md, from the tables that decide. */
export const messageStates = (): string =>
  [
    diagram(),
    table(),
    '## Whether, how and when a message goes',
    whatDecides,
    '### How: the first rule that has an answer',
    channelTable(),
    '### Whether: what has been overtaken',
    overtakenTable(),
    '### Why a message was not sent',
    reasonTable(),
  ].join('\n\n');

const whatDecides = [
  'Five places decide, each about one thing, and nothing else decides it again:',
  '',
  '| question | where | asked |',
  '|---|---|---|',
  '| by which channel, or who sees to it | `routeOf` in `domain/messages/channels.ts` | when it is planned |',
  '| alone, or gathered with its kind | `planOf` in `domain/messages/planning.ts` | when it is planned |',
  '| is it overtaken? | `domain/messages/overtaken.ts` | at every attempt, repeats too |',
  "| at this hour of the reader's own clock? | `domain/messages/contact-hours.ts` | at every attempt |",
  '| caps, opt-outs | `lease_messages` in `records/sql` | in the transaction that takes it |',
].join('\n');

const channelTable = (): string =>
  ['| rule | |', '|---|---|', ...channelRules.map(({ name, says }) => `| ${name} | ${says} |`)].join('\n');

const overtakenTable = (): string =>
  [
    '| kind | is not sent any more when |',
    '|---|---|',
    ...notificationKinds.map((kind) => `| ${kind} | ${overtaken[kind].when} |`),
  ].join('\n');

const nextSteps = { 'another-channel': 'another channel says it', nothing: 'nothing' };

const reasonTable = (): string =>
  [
    '| reason | in words | then |',
    '|---|---|---|',
    ...Object.entries(reasonsNotSent).map(
      ([name, { says, next }]) => `| \`${name}\` | ${says} | ${nextSteps[next]} |`,
    ),
  ].join('\n');

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

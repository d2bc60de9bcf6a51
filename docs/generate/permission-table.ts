import { acts, isActName, recordActs } from '../../domain/claim/acts.ts';
import { hands } from '../../domain/people/hands.ts';
import {
  accesses,
  accessNames,
  handInWords,
  permissions,
  permittedActs,
  rolesInWords,
  type Apart,
  type Permission,
} from '../../domain/people/permissions.ts';

/** Who may do what to a claim, and who may look at or operate what, for docs/process.md. */
export const permissionTable = (): string =>
  [
    table(
      ['act', 'what it is', 'who may', 'who is kept away', 'journal'],
      permittedActs.map((name) => [
        `\`${name}\``,
        { ...acts, ...recordActs }[name].does,
        rolesInWords(name),
        keptAway(permissions[name]),
        isActName(name) ? Object.keys(acts[name].events).join(', ') : '',
      ]),
    ),
    apartTable(),
    table(
      ['access', 'what it is', 'who may'],
      accessNames.map((name) => [`\`${name}\``, accesses[name].does, rolesInWords(name)]),
    ),
  ].join('\n\n');

const keptAway = ({ conflict, branch, limit }: Permission): string =>
  [
    ...(conflict === 'kept away' ? ['who is related to the policy or the claim'] : []),
    ...(branch === 'own' ? ['who is of another branch'] : []),
    ...(limit ? ['whose limit is below the total of the claim'] : []),
  ].join('; ');

const inCell = (apart: Apart | undefined): string => (apart ? words[apart] : '');
const words: Record<Apart, string> = { always: 'no', above: 'not above `separateAboveMinor`' };

/** Which earlier acts bar a person from a decision: a row for each act, a column for each decision. */
function apartTable(): string {
  const deciding = permittedActs.filter((name) => permissions[name].apart);
  return table(
    ['who', ...deciding.map((name) => `\`${name}\``)],
    hands.map((hand) => [
      handInWords[hand],
      ...deciding.map((name) => inCell(permissions[name].apart?.[hand])),
    ]),
  );
}

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

import { acts, isActName, recordActs } from '../../domain/claim/acts.ts';
import {
  accesses,
  accessNames,
  permissions,
  permittedActs,
  rolesInWords,
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
    table(
      ['access', 'what it is', 'who may'],
      accessNames.map((name) => [`\`${name}\``, accesses[name].does, rolesInWords(name)]),
    ),
  ].join('\n\n');

function keptAway({ conflict, segregation = [], limit }: Permission): string {
  const related = conflict === 'kept away' ? ['who is related to the policy or the claim'] : [];
  const before = segregation.map(
    (what) => `who ${pasts[what] ?? `has ${what.replaceAll('-', ' ')} the item`}`,
  );
  const above = limit ? [`whose limit is below the total of the claim`] : [];
  return [...related, ...before, ...above].join('; ');
}

const pasts: Record<string, string> = {
  approved: 'has approved this payment already',
  'approved the held payment': 'has approved the held payment',
  'proposed the refusal': 'proposed the refusal',
};

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

import type { KeptLook } from '../../own-api/schemas/looks.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { Named } from '../staff-names.ts';
import { table } from '../table.ts';

/** The looks, the newest first; under a broken glass its reason. */
export function readersPage(looks: KeptLook[], named: Named): string {
  if (looks.length === 0) return 'Nobody has looked.';
  const rows = looks.map((look) => [
    localTime(look.at),
    named(look.by),
    seen(look),
    [look.what, look.party].filter(Boolean).join(' of '),
    look.purpose ?? '',
    whyOf(look),
  ]);
  const broken = looks.filter(({ what, because }) => what === 'glass' && because === 'glass');
  return [
    table(['at', 'who', 'claim or policy', 'what', 'purpose', 'why it was allowed'], rows),
    ...(broken.length > 0 ? ['', `A broken glass is closed by close-out CLAIM glass-CODE looked-at.`] : []),
    '',
    zoneLine(),
  ].join('\n');
}

const seen = ({ claims, policies = [] }: KeptLook): string => {
  const all = [...claims, ...policies];
  return all.length > 1 ? `${all[0]} and ${all.length - 1} more` : (all[0] ?? '');
};

const inWords: Record<string, string> = {
  task: 'their task needs it',
  named: 'their claim',
  branch: 'role and branch',
  glass: 'the glass was broken',
  audit: 'audit',
  denied: 'it was denied',
};

const whyOf = ({ because, reason }: KeptLook): string =>
  [inWords[because] ?? because, reason && `“${reason}”`].filter(Boolean).join(': ');

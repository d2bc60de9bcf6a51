import type { Standing } from '../../own-api/schemas/problems.ts';
import { localTime } from '../input/times.ts';
import { counted, table } from '../table.ts';

const shownClaims = 3;

/** Each problem, since when if that is known, the number of claims that it blocks, and the first of them. */
export function problemsPage(standing: Standing[]): string {
  if (standing.length === 0) return 'No problems: no claim is blocked.';
  const groups = Object.entries(Object.groupBy(standing, nameOf));
  const rows = groups.flatMap(([parts, blocked = []]) =>
    byWords(blocked).map(([words, claims]) => [
      parts,
      words + sinceOf(claims),
      counted(claims.length, 'claim'),
      first(claims),
    ]),
  );
  return table(['problem', 'in words', 'blocks', 'such as'], rows);
}

const nameOf = ({ parts, since }: Standing): string =>
  parts.join(', ') || (since === undefined ? 'unknown' : 'run');

/** The earliest of them. */
function sinceOf(claims: Standing[]): string {
  const [earliest] = claims.flatMap(({ since }) => since ?? []).toSorted();
  return earliest === undefined ? '' : `, since ${localTime(earliest)}`;
}

const byWords = (blocked: Standing[]): [string, Standing[]][] => [
  ...Map.groupBy(blocked, ({ problem }) => problem),
];

const first = (claims: Standing[]): string =>
  `${claims
    .slice(0, shownClaims)
    .map(({ claim }) => claim)
    .join(' ')}${claims.length > shownClaims ? ' …' : ''}`;

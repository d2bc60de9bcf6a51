import type { Standing } from '../../own-api/schemas/problems.ts';
import { counted, table } from '../table.ts';

const shownClaims = 3;

/** What is broken, how many claims it holds up, and the first of them. */
export function problemsPage(standing: Standing[]): string {
  if (standing.length === 0) return 'Nothing is broken: no claim stands still.';
  const groups = Object.entries(
    Object.groupBy(standing, ({ parts }) => parts.join(', ') || 'to be looked into'),
  );
  const rows = groups.flatMap(([parts, blocked = []]) =>
    byWords(blocked).map(([words, claims]) => [parts, words, counted(claims.length, 'claim'), first(claims)]),
  );
  return table(['problem', 'in words', 'holds up', 'such as'], rows);
}

const byWords = (blocked: Standing[]): [string, Standing[]][] => [
  ...Map.groupBy(blocked, ({ problem }) => problem),
];

const first = (claims: Standing[]): string =>
  `${claims
    .slice(0, shownClaims)
    .map(({ claim }) => claim)
    .join(' ')}${claims.length > shownClaims ? ' …' : ''}`;

import type { Plan } from '../../own-api/schemas/retention.ts';
import { localTime } from '../input/times.ts';
import { counted, table } from '../table.ts';

/** A plan: what would go, how many, how old, and by which rule. */
export function planPage({ id, claims, staying, classes }: Plan): string {
  const rows = Object.entries(classes).map(([name, { rows: count, before, oldest }]) => [
    name,
    String(count),
    oldest === undefined ? '' : localTime(oldest),
    `older than ${localTime(before)}`,
  ]);
  return [
    claims.length === 0
      ? 'The time of no claim is over.'
      : table(
          ['claim', 'closed', 'kept until', 'by'],
          claims.map(({ claim, closedAt, until, law }) => [
            claim,
            localTime(closedAt),
            localTime(until),
            law,
          ]),
        ),
    ...staying.map(({ claim, why }) => `${claim} stays: ${staysInWords[why]}.`),
    '',
    table(['class', 'rows', 'oldest', 'goes'], rows),
    '',
    `Nothing was deleted. Somebody else carries this plan out: bin/lipei records retention --run ${id}`,
  ].join('\n');
}

const staysInWords = { hold: 'somebody holds it', 'follow-up': 'a follow-up of it is open' };

/** What was deleted. */
export function retiredPage({
  retired,
  archives,
  kept,
}: {
  retired: Record<string, number>;
  archives: string[];
  kept: { claim: string; why: string }[];
}): string {
  const { claims = 0, ...rows } = retired;
  return [
    `${counted(claims, 'claim')} deleted, each archived before ` +
      `(${counted(archives.length, 'file')} in the folder of archives).`,
    ...Object.entries(rows).map(([name, count]) => `${name}: ${counted(count, 'row')} deleted.`),
    ...kept.map(({ claim, why }) => `${claim} stays: ${why}.`),
  ].join('\n');
}

import { counted, table } from '../table.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { DrawnSample, KeptSample } from '../../own-api/schemas/records.ts';

/** The claims that were drawn, and the command that draws them again. */
export function samplePage(sample: DrawnSample): string {
  const { seed, seedFrom, of, population, populationHash, drawnBefore, claims } = sample;
  const again = Object.entries({
    count: String(claims.length),
    seed,
    'closed-from': of.closedFrom,
    'closed-to': of.closedTo,
    line: of.line,
    branch: of.branch,
    outcome: of.outcome,
  }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${value}`]));
  const rows = claims.map(({ claim, line, branch, outcome, closedAt, currency, claimed, paid }) => [
    claim,
    line,
    branch,
    outcome,
    localTime(closedAt),
    `${currency} ${claimed}`,
    paid,
  ]);
  return [
    claims.length > 0
      ? table(['claim', 'line', 'branch', 'outcome', 'closed at', 'claimed', 'paid'], rows)
      : 'No closed claim is like that.',
    '',
    `${claims.length} of ${counted(population, 'closed claim')}, drawn by ` +
      `${seedFrom === 'given' ? 'your' : 'a random'} seed.`,
    `You have drawn ${counted(drawnBefore, 'sample')} before; this one is recorded, too.`,
    `SHA-256 of all their numbers: ${populationHash}`,
    ...(claims.length > 0 ? [`The same again: bin/lipei claims sample ${again.join(' ')}`] : []),
    zoneLine(),
  ].join('\n');
}

/** Every sample that was drawn. */
export function samplesPage(samples: readonly KeptSample[]): string {
  if (samples.length === 0) return 'Nobody has drawn a sample.';
  const rows = samples.map(({ at, by, seed, seedFrom, of, population, claims }) => [
    localTime(at),
    by,
    seedFrom === 'given' ? `${seed} (chosen)` : seed,
    Object.entries(of)
      .map(([name, value]) => `${name} ${value}`)
      .join('\n'),
    `${claims.length} of ${population}`,
    claims.join('\n'),
  ]);
  return [table(['at', 'by', 'seed', 'from', 'drawn', 'claims'], rows), '', zoneLine()].join('\n');
}

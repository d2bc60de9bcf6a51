import type { HandedClaim } from '../../own-api/schemas/hand-overs.ts';
import { withName, type Named } from '../staff-names.ts';
import { counted, table } from '../table.ts';

/** `60 to C-302, 59 to C-303, 1 denied`. */
export function inShort(claims: readonly HandedClaim[]): string {
  const denied = claims.length - claims.filter(isTaken).length;
  const by = Map.groupBy(claims.filter(isTaken), ({ to = '' }) => to);
  return [
    ...[...by].map(([to, all]) => `${all.length} to ${to}`),
    ...(denied > 0 ? [`${denied} denied`] : []),
  ].join(', ');
}

const isTaken = ({ outcome }: HandedClaim): boolean => outcome !== 'denied';

/** Each claim with who takes it over, or why nobody does; the denied ones last. */
export function handOversPage(
  claims: readonly HandedClaim[],
  { from, role, notes, isDryRun }: { from: string; role: string; notes: string[]; isDryRun: boolean },
  named: Named,
): string {
  if (claims.length === 0) return `${named(from)} is the ${role} of no open claim like that.`;
  const inOrder = [...claims.filter(isTaken), ...claims.filter((each) => !isTaken(each))];
  return [
    table(
      ['claim', 'to', 'why not'],
      inOrder.map(({ claim, to, toName, sentence = '' }) => [
        claim,
        to === undefined ? '' : withName(to, toName),
        named(sentence),
      ]),
    ),
    '',
    named(`${counted(claims.length, 'claim')} of ${from} as ${role}: ${inShort(claims)}.`),
    ...notes.map(named),
    ...(isDryRun ? ['Nothing was handed over.'] : []),
  ].join('\n');
}

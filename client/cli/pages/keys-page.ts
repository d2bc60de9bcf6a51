import type { KeyUse } from '../../own-api/schemas/keys.ts';
import { counted, table } from '../table.ts';

/** The keys from old to new, with the reason why each is still needed. */
export const keysPage = (uses: KeyUse[]): string =>
  table(
    ['key', '', 'still needed for'],
    uses.map((use) => [use.id, stateOf(use), neededFor(use)]),
  );

function stateOf({ encrypts, here }: KeyUse): string {
  if (encrypts) return 'encrypts';
  return here ? '' : 'missing';
}

/** "nothing" only for a key that may be removed. */
function neededFor({ encrypts, here, parties, policies, contacts, unchecked, histories }: KeyUse): string {
  if (encrypts) return 'everything new';
  const wrapped = [
    ...(parties > 0 ? [counted(parties, 'party key')] : []),
    ...(policies > 0 ? [counted(policies, 'policy key')] : []),
    ...(contacts ? ['the list of people who have opted out'] : []),
    ...(unchecked ? ['what programs wrapped lately'] : []),
  ];
  const rewrap =
    wrapped.length > 0 ? [`${wrapped.join(', ')} (${here ? '' : 'put it back, then '}keys rewrap)`] : [];
  const kept =
    histories === 0
      ? []
      : [
          histories === null
            ? 'histories of claims: Temporal does not say how many'
            : `histories of ${counted(histories, 'run')} of claims, ` +
              "until they have ended and Temporal's retention is over",
        ];
  return [...rewrap, ...kept].join('; ') || 'nothing: you may remove it';
}

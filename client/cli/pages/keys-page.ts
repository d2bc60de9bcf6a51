import type { KeyUse } from '../../own-api/schemas/keys.ts';
import { counted, table } from '../table.ts';

/** The keys from old to new, and what each is still needed for. */
export const keysPage = (uses: KeyUse[]): string =>
  table(
    ['key', '', 'still needed for'],
    uses.map((use) => [use.id, stateOf(use), neededFor(use)]),
  );

function stateOf({ encrypts, here }: KeyUse): string {
  if (encrypts) return 'encrypts';
  return here ? '' : 'missing';
}

/** Nothing at all is said only of a key that may be taken away. */
function neededFor({ encrypts, here, parties, contacts, messages, histories }: KeyUse): string {
  if (encrypts) return 'everything new';
  const wrapped = [
    ...(parties > 0 ? [counted(parties, 'party key')] : []),
    ...(contacts ? ['who has opted out'] : []),
    ...(messages ? ['words of messages'] : []),
  ];
  const rewrap =
    wrapped.length > 0 ? [`${wrapped.join(', ')} (${here ? '' : 'put it back, then '}keys rewrap)`] : [];
  const kept =
    histories === 0
      ? []
      : [
          histories === null
            ? 'histories of claims: Temporal does not say'
            : `histories of ${counted(histories, 'run')} of claims, until they have ended and Temporal's retention is over`,
        ];
  return [...rewrap, ...kept].join('; ') || 'nothing: it may be taken away';
}

import type { Fields } from '../../../domain/claim/fields.ts';
import { forgetNote, keepNote, keptWords, type TypedWords } from '../../../records/claims/notes.ts';
import type { Recorded } from '../../own-api/schemas/acts.ts';
import { colleagueOf } from '../authentication.ts';
import { isProblem, problem, type ApiProblem } from '../problem.ts';
import type { Content } from './body.ts';
import type { Errand } from './door.ts';

/**
 * Sends content of which the records keep the typed words first, sealed: the claim gets their id and hash
 * only. The words of a denied message are deleted again.
 */
export async function withKeptWords(
  of: Fields,
  content: Content,
  errand: Errand,
): Promise<Recorded | ApiProblem> {
  const { database, keyring } = errand.context;
  const typed = typedIn(of, content, errand);
  const keepAll = () =>
    Promise.all(typed.map(async ({ words }) => ({ words, kept: await keepNote(database, keyring, words) })));
  const notes = await keepAll();
  if (notes.some(({ kept }) => kept === 'erased'))
    return problem(409, 'The personal data of this claim have been erased; no note can be added.');
  const answer = await errand.perform({
    ...content,
    ...Object.fromEntries(typed.map(({ field, words }) => [field, keptWords(words)])),
  });
  if (isProblem(answer)) {
    // Without an answer, the message may still count.
    const mine = notes.filter(({ kept }) => kept === 'kept' && answer.status !== 503);
    await Promise.all(mine.map(({ words }) => forgetNote(database, keptWords(words))));
  } else if (notes.some(({ kept }) => kept === 'is-kept')) {
    // The request that kept them first may have been denied since, and have deleted them.
    await keepAll();
  }
  return answer;
}

const typedIn = (
  of: Fields,
  content: Content,
  { request, found, act, id }: Errand,
): { field: string; words: TypedWords }[] =>
  Object.entries(content).flatMap(([field, text]) =>
    of[field]?.is === 'words' && typeof text === 'string'
      ? [
          {
            field,
            words: {
              claim: found.claim.number,
              by: colleagueOf(request).code,
              of: [act, id, field],
              text,
            },
          },
        ]
      : [],
  );

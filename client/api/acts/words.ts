import { itemOf } from '../../../domain/claim/claim.ts';
import type { Fields } from '../../../domain/claim/fields.ts';
import { forgetNote, keepNote, type TypedWords } from '../../../records/claims/notes.ts';
import { partyId } from '../../../domain/claim/notice.ts';
import type { PartyId } from '../../../domain/people/people.ts';
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
    Promise.all(
      typed.map(async ({ field, words }) => ({ field, ...(await keepNote(database, keyring, words)) })),
    );
  const notes = await keepAll();
  if (notes.some(({ kind }) => kind === 'erased'))
    return problem(
      409,
      'The personal data of the party that the words are about have been erased; no words can be added.',
    );
  const kept = notes.flatMap((note) => (note.kind === 'erased' ? [] : [note]));
  const answer = await errand.perform({
    ...content,
    ...Object.fromEntries(kept.map(({ field, words }) => [field, words])),
  });
  if (isProblem(answer)) {
    // Without an answer, the message may still count.
    const mine = kept.filter(({ kind }) => kind === 'kept' && answer.status !== 503);
    await Promise.all(mine.map(({ words }) => forgetNote(database, words)));
  } else if (kept.some(({ kind }) => kind === 'is-kept')) {
    // The request that kept them first may have been denied since, and have deleted them.
    await keepAll();
  }
  return answer;
}

/** The party that an act names, or the one of its item; else the claimant. */
function aboutParty({ party, item }: Content, { claim }: Errand['found']): PartyId {
  const of = typeof item === 'string' ? itemOf(claim, item)?.party : undefined;
  return typeof party === 'string' ? party : (of ?? partyId(0));
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
              party: aboutParty(content, found),
              by: colleagueOf(request).code,
              of: [act, id, field],
              text,
            },
          },
        ]
      : [],
  );

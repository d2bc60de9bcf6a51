import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { recordedSchema } from '../../own-api/schemas/acts.ts';
import { keepNote } from '../../../records/claims/notes.ts';
import { openClaim, perform } from '../acting.ts';
import { colleagueOf } from '../authentication.ts';
import type { Desk } from '../desk.ts';
import { isProblem, problem, problems, sendProblem } from '../problem.ts';
import { claimParams, fields, text } from '../schemas.ts';

const body = fields({ text: text('a note of up to 5000 characters', 5000) });

/** Notes are words about people, so the claim hears only that there is one. */
export function noteRoutes(app: FastifyInstance, desk: Desk): void {
  const { database, keyring } = desk;
  const schema = {
    tags: ['notes'],
    summary: 'Write a note to a claim',
    params: claimParams,
    body,
    response: { 200: recordedSchema, ...problems },
  };

  app.withTypeProvider<ZodTypeProvider>().post('/claims/:no/notes', { schema }, async (request, reply) => {
    const { no } = request.params;
    const found = await openClaim(desk, request, no);
    if (isProblem(found)) return sendProblem(reply, found);
    const note = await keepNote(database, keyring, {
      claim: no,
      by: colleagueOf(request).code,
      text: request.body.text,
    });
    if (!note)
      return sendProblem(
        reply,
        problem(409, 'The personal data of this claim have been erased; no note can be added.'),
      );
    const answer = await perform(desk, request, no, 'add-note', { note: note.id });
    if (!isProblem(answer)) return answer;
    if (answer.status !== 503) await note.forget();
    return sendProblem(reply, answer);
  });
}

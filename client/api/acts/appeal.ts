import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { acts } from '../../../domain/claim/acts.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { followUpOnAppeal } from '../../../records/claims/follow-ups.ts';
import { appealKeptSchema, recordedSchema, type Recorded } from '../../own-api/schemas/acts.ts';
import { anyClaim, messageId, perform, unknownName } from '../acting.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { claimParams } from '../schemas.ts';
import type { Postman } from '../webhooks/postman.ts';
import { bodyOf, type Content } from './body.ts';
import { withKeptWords } from './words.ts';

const { fields } = acts['record-appeal'];

/** An appeal about what a closed claim decided is kept as a follow-up for supervisors, with its words. */
export function appealRoute(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  const schema = {
    tags: ['acts'],
    summary: actInWords('record-appeal'),
    params: claimParams,
    body: bodyOf(fields),
    response: { 200: recordedSchema, 202: appealKeptSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/record-appeal', { schema }, async (request, reply) => {
      const answer = await appeal(context, request, request.params.no, request.body, postman);
      if (isProblem(answer)) return sendProblem(reply, answer);
      return answer.kind === 'kept' ? reply.code(202).send(answer) : answer;
    });
}

type Kept = { kind: 'kept'; followUp: string };

async function appeal(
  context: ApiContext,
  request: FastifyRequest,
  no: string,
  given: Content,
  postman: Postman,
): Promise<Recorded | Kept | ApiProblem> {
  const act = 'record-appeal';
  const found = await anyClaim(context, request, no);
  if (isProblem(found)) return found;
  const item = String(given['item']);
  const wrong = unknownName(found, { item }) ?? barredFrom(colleagueOf(request), act);
  if (wrong) return wrong;
  const id = messageId(request);
  if (typeof id !== 'string') return id;
  let followUp: string | undefined;
  const keep = async (): Promise<Recorded> => {
    followUp = await followUpOnAppeal(context.database, { claim: no, item, id });
    return { kind: 'recorded', seq: found.claim.seq };
  };
  const answer = await withKeptWords(fields, given, {
    context,
    postman,
    request,
    found,
    act,
    id,
    perform: async (content) => {
      if (found.claim.outcome) return keep();
      const performed = await perform(context, request, { claim: no, act, id, content });
      return isProblem(performed) && performed.reason === 'claim-closed' ? keep() : performed;
    },
  });
  return followUp !== undefined && !isProblem(answer) ? { kind: 'kept', followUp } : answer;
}

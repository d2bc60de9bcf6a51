import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { acts, actNames, type ActName } from '../../../domain/claim/acts.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { recordedSchema } from '../../own-api/schemas/acts.ts';
import { anyClaim, messageId, openClaim, perform, unknownName } from '../acting.ts';
import { bodyOf } from '../acts/body.ts';
import { appealRoute } from '../acts/appeal.ts';
import { addDocumentRoute } from '../acts/document.ts';
import { doorOf } from '../acts/doors.ts';
import { colleagueOf, mayNotAct } from '../authentication.ts';
import { whenUp, type ApiContext } from '../context.ts';
import { isProblem, problems, recordsDown, sendProblem, unknownClaimNumber } from '../problem.ts';
import { claimParams } from '../schemas.ts';
import type { Postman } from '../webhooks/postman.ts';

/** Every act of people: `POST /claims/:no/acts/<its name>`. */
export async function actRoutes(app: FastifyInstance, context: ApiContext, postman: Postman): Promise<void> {
  const own: readonly ActName[] = ['add-document', 'record-appeal', 'retry'];
  for (const name of actNames.filter((each) => !own.includes(each))) actRoute(app, context, name, postman);
  appealRoute(app, context, postman);
  retryRoute(app, context);
  await addDocumentRoute(app, context);
}

const named = z.object({
  item: z.string().optional(),
  party: z.string().optional(),
  document: z.string().optional(),
  documents: z.array(z.string()).optional(),
});

function actRoute(app: FastifyInstance, context: ApiContext, name: ActName, postman: Postman): void {
  const { body, carryOut, isForClosed } = doorOf(name);
  const schema = {
    tags: ['acts'],
    summary: actInWords(name),
    params: claimParams,
    body,
    response: { 200: recordedSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(`/claims/:no/acts/${name}`, { schema }, async (request, reply) => {
      const { no } = request.params;
      const found = await (isForClosed ? anyClaim : openClaim)(context, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const strange = unknownName(found, named.parse(request.body));
      if (strange) return sendProblem(reply, strange);
      const id = messageId(request);
      if (typeof id !== 'string') return sendProblem(reply, id);
      const answer = await carryOut(request.body, {
        context: context,
        postman,
        request,
        found,
        act: name,
        id,
        perform: (content) => perform(context, request, { claim: no, act: name, id, content }),
      });
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    });
}

/**
 * Unlike other acts it may be for a claim that could not be opened yet, or for a closed one whose last
 * messages are blocked.
 */
function retryRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags: ['acts'],
    summary: actInWords('retry'),
    params: claimParams,
    body: bodyOf(acts.retry.fields),
    response: { 200: recordedSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/retry', { schema }, async (request, reply) => {
      const { no } = request.params;
      const barred = mayNotAct(colleagueOf(request));
      if (barred) return sendProblem(reply, barred);
      if (!isClaimNumber(no)) return sendProblem(reply, unknownClaimNumber(no));
      if ((await whenUp(context.database.$queryRaw`SELECT 1`)) === 'down')
        return sendProblem(reply, recordsDown());
      const id = messageId(request);
      if (typeof id !== 'string') return sendProblem(reply, id);
      const answer = await perform(context, request, { claim: no, act: 'retry', id, content: request.body });
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    });
}

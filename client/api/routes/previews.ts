import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { strictFields } from '../../../config/field-sentences.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import { item as anItem } from '../../../domain/claim/fields.ts';
import { isDenied } from '../../../domain/claim/open-item.ts';
import { factsOfRefusal } from '../../../domain/messages/triggers.ts';
import { refusedBy } from '../../../domain/money/insured.ts';
import { readRefusal } from '../../../domain/money/review.ts';
import { lacksRole } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { wordsOfTerm } from '../../../records/policies/policies.ts';
import { createRenderer, templatesFolder } from '../../../wording/renderer/renderer.ts';
import { previewedSchema } from '../../own-api/schemas/messages.ts';
import { openClaim, unknownName } from '../acting.ts';
import { colleagueOf } from '../authentication.ts';
import { whenUp, type ApiContext } from '../context.ts';
import { isProblem, problemOf, problems, recordsDown, sendProblem } from '../problem.ts';
import { claimParams, code } from '../schemas.ts';

const body = strictFields({
  item: code(anItem.help, anItem.max),
  clause: code('the clause that is cited, such as not-in-force').optional(),
  reasons: z.array(code('a reason code')).min(1).max(20).optional(),
});

/** What the customer will read of a decision before it is made: no name, nothing is sent or recorded. */
export function previewRoutes(app: FastifyInstance, context: ApiContext): void {
  const renderer = createRenderer(templatesFolder);
  const schema = {
    tags: ['acts'],
    summary: 'What the customer will read of a refusal; without clause and reasons, of the proposed one',
    params: claimParams,
    body,
    response: { 200: previewedSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/previews/refuse', { schema }, async (request, reply) => {
      const barred = lacksRole(colleagueOf(request), 'refuse');
      if (barred) return sendProblem(reply, problemOf(barred));
      const found = await openClaim(context, request, request.params.no);
      if (isProblem(found)) return sendProblem(reply, found);
      const { item: id, clause, reasons } = request.body;
      const item = itemOf(found.claim, id);
      const strange = unknownName(found, { item: id });
      if (strange || !item) return strange ? sendProblem(reply, strange) : undefined;
      const read = readRefusal(found.pack, {
        clause: clause ?? item.refusal?.clause,
        reasons: reasons ?? (clause === undefined ? item.refusal?.reasons : undefined),
      });
      if (isDenied(read)) return sendProblem(reply, problemOf(read));
      const { claim, pack } = found;
      const reader = await whenUp(
        context.database.party.findUnique({
          where: { claim_id: { claim: claim.number, id: item.party } },
          select: { locale: true, timeZone: true },
        }),
      );
      if (reader === 'down' || reader === null) return sendProblem(reply, recordsDown());
      const byPolicy = refusedBy(claim.cover, item);
      const cited = read.clause === byPolicy?.clause ? byPolicy.term : undefined;
      const term = clause === undefined ? item.refusal?.term : cited;
      const facts = factsOfRefusal(claim, id, { ...read, ...present({ term }) });
      const termWords = await whenUp(wordsOfTerm(context.database, facts.term));
      if (termWords === 'down') return sendProblem(reply, recordsDown());
      return pack.channels.refused.map((channel) => {
        const { subject, text } = renderer.render({
          kind: 'refused',
          channel,
          ...reader,
          facts,
          ...present({ termWords }),
          claim,
          recipient: {},
        });
        return { channel, locale: reader.locale, text, ...present({ subject }) };
      });
    });
}

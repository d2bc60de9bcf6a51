import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must } from '../../../config/field-sentences.ts';
import { followUpOutcomes } from '../../../domain/claim/follow-ups.ts';
import { recordActs } from '../../../domain/claim/acts.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { settleFollowUp } from '../../../records/claims/follow-ups.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { contactTurns } from '../../../records/messages/contact-status.ts';
import { readContact } from '../../../records/parties/contacts.ts';
import { optInKeptSchema } from '../../own-api/schemas/acts.ts';
import { followUpSettledSchema } from '../../own-api/schemas/work.ts';
import { openClaim, unknownName } from '../acting.ts';
import { erased } from '../acts/contact.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, problems, sendProblem } from '../problem.ts';
import { claimParams, fields, text } from '../schemas.ts';
import type { Postman } from '../webhooks/postman.ts';

/** What people do to what the records have of a claim: the claim itself is told nothing of it by name. */
export function recordActRoutes(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  optInRoute(app, context, postman);
  closeOutRoute(app, context);
}

function optInRoute(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  const { database, keyring } = context;
  const { party: aParty, channel: channels, source: words } = recordActs['opt-in'].fields;
  const schema = {
    tags: ['acts'],
    summary: actInWords('opt-in'),
    params: claimParams,
    body: fields({
      party: text(aParty.help, aParty.max),
      channel: z.enum(['sms', 'email'], { error: must(`one of ${channels.choices?.join(', ')}`) }),
      source: text(words.help, 200),
    }),
    response: { 200: optInKeptSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/opt-in', { schema }, async (request, reply) => {
      const { no } = request.params;
      const { party, channel, source } = request.body;
      const found = await openClaim(context, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const colleague = colleagueOf(request);
      const strange = unknownName(found, { party }) ?? barredFrom(colleague, 'opt-in');
      if (strange) return sendProblem(reply, strange);
      const known = await readContact(database, keyring, no, party);
      if (!known || 'kind' in known) return sendProblem(reply, erased());
      const [address, called] =
        channel === 'sms' ? [known.phone, 'telephone number'] : [known.email, 'email address'];
      if (!address)
        return sendProblem(reply, problem(409, `${party} has no ${called}; correct the contact first.`));
      const hashContact = await contactHashing(database, keyring);
      const id = `opt-in:${randomUUID()}`;
      const reached = await contactTurns(database, keyring, {
        id,
        contact: hashContact(address),
        channel,
        kind: 'opted-in',
        source,
        by: colleague.code,
      });
      await postman
        .forward(...reached.map((each) => `${id}:${each.claim}:${each.party}`))
        .catch(() => request.log.warn('what came in is told to its claim later'));
      return { kind: 'kept' as const, claims: [...new Set(reached.map(({ claim }) => claim))] };
    });
}

/** What came after a claim had closed: no workflow hears of it any more, so it is settled in the records. */
function closeOutRoute(app: FastifyInstance, { database, log }: ApiContext): void {
  const { id: name, how: ways } = recordActs['close-out'].fields;
  const schema = {
    tags: ['acts'],
    summary: actInWords('close-out'),
    params: claimParams,
    body: fields({
      id: text(name.help, 100),
      how: z.enum(followUpOutcomes, { error: must(`one of ${ways.choices?.join(', ')}`) }),
    }),
    response: { 200: followUpSettledSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/close-out', { schema }, async (request, reply) => {
      const { no } = request.params;
      const { id, how } = request.body;
      const { code } = colleagueOf(request);
      const barred = barredFrom(colleagueOf(request), 'close-out');
      if (barred) return sendProblem(reply, barred);
      const isSettled = await settleFollowUp(database, { claim: no, id, by: code, how });
      if (!isSettled)
        return sendProblem(
          reply,
          problem(404, `Claim ${no} has nothing of that name to be seen to; the claim shows what there is.`),
        );
      log.info({ by: code, claim: no, followUp: id }, 'closed out');
      return { kind: 'settled' as const };
    });
}

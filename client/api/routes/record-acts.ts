import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { followUpOutcomes, whoBroke } from '../../../domain/claim/follow-ups.ts';
import { recordActs } from '../../../domain/claim/acts.ts';
import { actInWords } from '../../../domain/people/permissions.ts';
import { isTakenBy } from '../../../domain/people/reading.ts';
import { openFollowUps, settleFollowUp } from '../../../records/claims/follow-ups.ts';
import { keepNote } from '../../../records/claims/notes.ts';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { contactTurns } from '../../../records/messages/contact-status.ts';
import { readContact } from '../../../records/parties/contacts.ts';
import { companyOn, dayOf } from '../../../records/staff/company.ts';
import type { Colleague } from '../../../records/staff/staff.ts';
import { optKeptSchema } from '../../own-api/schemas/acts.ts';
import { followUpSettledSchema } from '../../own-api/schemas/work.ts';
import { anyClaim, unknownName } from '../acting.ts';
import { erased } from '../acts/contact.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../problem.ts';
import { claimParams, code, text } from '../schemas.ts';
import type { Postman } from '../webhooks/postman.ts';

/** Acts on the records of a claim. Its workflow gets no message by the name of the act. */
export function recordActRoutes(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  optRoute(app, context, 'opt-in', postman);
  optRoute(app, context, 'opt-out', postman);
  closeOutRoute(app, context);
}

type Opt = 'opt-in' | 'opt-out';

/** A contact outlives the claim, so a party may also opt out after the closure. */
function optRoute(app: FastifyInstance, context: ApiContext, act: Opt, postman: Postman): void {
  const { party, channel, source } = recordActs[act].fields;
  const schema = {
    tags: ['acts'],
    summary: actInWords(act),
    params: claimParams,
    body: strictFields({
      party: code(party.help, party.max),
      channel: z.enum(['sms', 'email'], { error: must(`one of ${channel.choices?.join(', ')}`) }),
      source: text(source.help, 200),
    }),
    response: { 200: optKeptSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(`/claims/:no/acts/${act}`, { schema }, async (request, reply) => {
      const found = await anyClaim(context, request, request.params.no);
      if (isProblem(found)) return sendProblem(reply, found);
      const { party: id } = request.body;
      const wrong = unknownName(found, { party: id }) ?? barredFrom(colleagueOf(request), act);
      if (wrong) return sendProblem(reply, wrong);
      const kept = await keepOpt(
        context,
        request,
        { act, claim: found.claim.number, ...request.body },
        postman,
      );
      return isProblem(kept) ? sendProblem(reply, kept) : kept;
    });
}

type OptKept = z.output<typeof optKeptSchema>;

interface Asked {
  act: Opt;
  claim: string;
  party: string;
  channel: 'sms' | 'email';
  source: string;
}

/** Keeps it for the contact, and forwards it to all open claims that have this contact. */
async function keepOpt(
  { database, keyring }: ApiContext,
  request: FastifyRequest,
  { act, claim, party, channel, source }: Asked,
  postman: Postman,
): Promise<OptKept | ApiProblem> {
  const known = await readContact(database, keyring, claim, party);
  if (!known || 'kind' in known) return erased();
  const [address, called] =
    channel === 'sms' ? [known.phone, 'telephone number'] : [known.email, 'email address'];
  if (!address) return problem(409, `${party} has no ${called}; correct the contact first.`);
  const hashContact = await contactHashing(database, keyring);
  const id = `${act}:${randomUUID()}`;
  const by = colleagueOf(request).code;
  const contact = hashContact(address);
  const words = { claim, party, by, of: [id, 'source'], text: source };
  const note = await keepNote(database, keyring, words);
  if (note.kind === 'erased') return erased();
  const reached = await contactTurns(database, keyring, {
    id,
    contact,
    channel,
    kind: act === 'opt-in' ? 'opted-in' : 'opted-out',
    source: `note ${note.words.note}`,
    by,
  });
  await postman
    .forward(...reached.map((each) => `${id}:${each.claim}:${each.party}`))
    .catch(() => request.log.warn('it is forwarded to its claims later'));
  return { kind: 'kept', claims: [...new Set(reached.map((each) => each.claim))] };
}

/** A follow-up is beside the workflow, so the records settle it. */
function closeOutRoute(app: FastifyInstance, { database, log }: ApiContext): void {
  const { id: name, how: ways } = recordActs['close-out'].fields;
  const schema = {
    tags: ['acts'],
    summary: actInWords('close-out'),
    params: claimParams,
    body: strictFields({
      id: code(name.help),
      how: z.enum(followUpOutcomes, { error: must(`one of ${ways.choices?.join(', ')}`) }),
    }),
    response: { 200: followUpSettledSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/acts/close-out', { schema }, async (request, reply) => {
      const { no } = request.params;
      const { id, how } = request.body;
      const by = colleagueOf(request).code;
      const barred = barredFrom(colleagueOf(request), 'close-out');
      if (barred) return sendProblem(reply, barred);
      const kept = await ofSupervisor(database, colleagueOf(request), no, id);
      if (kept) return sendProblem(reply, kept);
      const isSettled = await settleFollowUp(database, { claim: no, id, by, how });
      if (!isSettled)
        return sendProblem(
          reply,
          problem(404, `Claim ${no} has no open follow-up of that name; the claim shows them.`),
        );
      log.info({ by, claim: no, followUp: id }, 'closed out');
      return { kind: 'settled' as const };
    });
}

/** A superior of the claim's branch looks at why a person broke the glass, and never that person. */
async function ofSupervisor(
  database: ApiContext['database'],
  me: Colleague,
  claim: string,
  id: string,
): Promise<ApiProblem | undefined> {
  const broke = whoBroke(id);
  const open = broke && (await openFollowUps(database, claim)).find((each) => each.id === id);
  if (!open) return undefined;
  const company = await companyOn(database, dayOf(new Date().toISOString()));
  const isManager = me.roles.includes('manager') && me.branch === open.branch;
  if (broke !== me.code && (isManager || isTakenBy(me, open, company))) return undefined;
  return problem(
    403,
    `A supervisor or manager of ${open.branch} looks at why ${broke} broke the glass; ` +
      `it may not be ${broke}.`,
  );
}

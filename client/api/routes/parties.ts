import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { contactHashing } from '../../../records/keys/contact-key.ts';
import { partyFieldSchemas, phoneNumber, phoneRight } from '../../../config/notice-schema.ts';
import { optionalShape, removableShape } from '../../../config/shape-of.ts';
import { must } from '../../../config/field-sentences.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import type { StaffRole } from '../../../domain/people/people.ts';
import {
  claimFields,
  columnFields,
  correctableFields,
  inWords,
  picked,
  removableFields,
  sealedFields,
  type ColumnField,
  type CorrectableField,
  type PartyFieldName,
  type SealedField,
} from '../../../domain/people/party-fields.ts';
import { consentKeptSchema, recordedSchema } from '../../own-api/schemas/acts.ts';
import { contactTurns } from '../../../records/messages/standing.ts';
import type { Postman } from '../webhooks/postman.ts';
import { changeContact, keepAccount, readContact, type Change } from '../../../records/parties/contacts.ts';
import { openClaim, perform, unknownName } from '../acting.ts';
import { colleagueOf, lacksAll } from '../authentication.ts';
import type { Desk } from '../desk.ts';
import { isProblem, problem, problems, sendProblem, type Problem } from '../problem.ts';
import { claimParams, fields, nameParam, text } from '../schemas.ts';
import { present } from '../../../domain/present.ts';

const contactBody = fields({
  ...optionalShape(partyFieldSchemas, correctableFields),
  ...removableShape(partyFieldSchemas, removableFields),
}).meta({ description: 'What is given is changed; null takes it away' });
const payeeBody = fields({
  account: partyFieldSchemas.account,
  party: text('a party of the claim, such as party-1', 50).optional(),
});

const consentBody = fields({
  channel: z.enum(['sms', 'email'], { error: must('sms or email') }),
  source: text('how they said so, such as "called on 24 November"', 200),
});
/** Who hears it from the party itself. */
const talkers: readonly StaffRole[] = ['hotline', 'handler', 'supervisor', 'operations'];

const erased = (): Problem =>
  problem(409, "The party's personal data have been erased; nothing can be changed.");

/**
 * How a party is reached and paid. The claim hears codes only; numbers and addresses stay in the records,
 * sealed.
 */
export function partyRoutes(app: FastifyInstance, desk: Desk, postman: Postman): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const { database, keyring } = desk;
  const tags = ['parties'];
  const response = { 200: recordedSchema, ...problems };

  routes.put(
    '/claims/:no/parties/:party/contact',
    {
      schema: {
        tags,
        summary: 'Correct how a party is reached',
        params: claimParams.extend({ party: nameParam }),
        body: contactBody,
        response,
      },
    },
    async (request, reply) => {
      const { no, party } = request.params;
      const found = await openClaim(desk, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const strange = unknownName(found, { party });
      if (strange) return sendProblem(reply, strange);
      const change = await changeOf(desk, no, party, request.body);
      if (isProblem(change)) return sendProblem(reply, change);
      const answer = await changeContact(
        database,
        keyring,
        { claim: no, party, change: change.change },
        (changed) =>
          perform(desk, request, no, 'correct-contact', {
            party,
            ...changed,
            ...picked(request.body, claimFields),
          }),
      );
      if (answer.kind === 'erased') return sendProblem(reply, erased());
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    },
  );

  routes.post(
    '/claims/:no/parties/:party/contact/consent',
    {
      schema: {
        tags,
        summary:
          'A party wants to be written to again by a channel that they had opted out of, or that seemed lost',
        params: claimParams.extend({ party: nameParam }),
        body: consentBody,
        response: { 200: consentKeptSchema, ...problems },
      },
    },
    async (request, reply) => {
      const { no, party } = request.params;
      const { channel, source } = request.body;
      const found = await openClaim(desk, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const colleague = colleagueOf(request);
      const strange = unknownName(found, { party }) ?? lacksAll(colleague, talkers);
      if (strange) return sendProblem(reply, strange);
      const known = await readContact(database, keyring, no, party);
      if (!known) return sendProblem(reply, erased());
      if ('kind' in known) return sendProblem(reply, erased());
      const address = channel === 'sms' ? known.phone : known.email;
      if (!address)
        return sendProblem(
          reply,
          problem(
            409,
            `${party} has no ${channel === 'sms' ? 'telephone number' : 'email address'}; correct the contact first.`,
          ),
        );
      const hashContact = await contactHashing(database, keyring);
      const id = `consent:${randomUUID()}`;
      const reached = await contactTurns(database, keyring, {
        id,
        contact: hashContact(address),
        channel,
        kind: 'opted-in',
        source,
        by: colleague.code,
      });
      await postman
        .tell(...reached.map((each) => `${id}:${each.claim}:${each.party}`))
        .catch(() => request.log.warn('what came in is told to its claim later'));
      return { kind: 'kept' as const, claims: [...new Set(reached.map(({ claim }) => claim))] };
    },
  );

  routes.put(
    '/claims/:no/items/:item/payee',
    {
      schema: {
        tags,
        summary: 'Set the account, or the party, that an item is paid to; approvals of another one fall',
        params: claimParams.extend({ item: nameParam }),
        body: payeeBody,
        response,
      },
    },
    async (request, reply) => {
      const { no, item } = request.params;
      const { account, party: other } = request.body;
      const found = await openClaim(desk, request, no);
      if (isProblem(found)) return sendProblem(reply, found);
      const strange = unknownName(found, { item, ...present({ party: other }) });
      if (strange) return sendProblem(reply, strange);
      const party = other ?? itemOf(found.claim, item)?.party ?? '';
      const kept = await keepAccount(database, keyring, { claim: no, party, account });
      if (kept.kind === 'erased') return sendProblem(reply, erased());
      const answer = await perform(desk, request, no, 'set-payee', {
        item,
        party,
        account: kept.fingerprint,
      });
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    },
  );
}

/** A telephone number is read as the party's country writes it. */
async function changeOf(
  { database, keyring }: Desk,
  claim: string,
  party: string,
  given: z.output<typeof contactBody>,
): Promise<{ kind: 'change'; change: Change } | Problem> {
  if (correctableFields.every((name) => given[name] === undefined))
    return problem(400, `The body must say what is corrected: ${inWords(correctableFields)}.`);
  const change = picked(given, [...sealedFields, ...columnFields].filter(isCorrectable));
  const { phone, locale } = given;
  if (phone === undefined || phone === null) return { kind: 'change', change };
  const known = await readContact(database, keyring, claim, party);
  const number = phoneNumber(phone, locale ?? (known && 'locale' in known ? known.locale : undefined));
  if (number === undefined) return problem(400, `phone must be ${phoneRight}.`, { field: 'phone' });
  return { kind: 'change', change: { ...change, phone: number } };
}

const isCorrectable = (name: PartyFieldName): name is CorrectableField & (SealedField | ColumnField) =>
  correctableFields.some((each) => each === name);

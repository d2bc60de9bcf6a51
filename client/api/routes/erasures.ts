import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { must, strictFields } from '../../../config/field-sentences.ts';
import { readRetention, type LegalTerm } from '../../../config/retention.ts';
import { noClaim } from '../../../domain/claim/claims-named.ts';
import { isClaimNumber } from '../../../domain/ids.ts';
import { hasHadAHand } from '../../../domain/people/hands.ts';
import { actInWords, inConflict } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { instantOf } from '../../../domain/time/time.ts';
import { storedClaim } from '../../../records/claims/stored-claim.ts';
import { authorityOf } from '../../../records/staff/authority.ts';
import {
  eraseParty,
  setAsideKeys,
  setAsideUntil,
  standingOf,
  type PartyOf,
} from '../../../records/parties/erasure.ts';
import { erasing, erasureLines } from '../../../records/parties/erasure-lines.ts';
import { recordLook } from '../../../records/parties/personal-looks.ts';
import { policiesNaming } from '../../../records/policies/policies-naming.ts';
import { samePersonElsewhere } from '../../../records/parties/same-person.ts';
import { howToMakeArchiveKey } from '../../../security/archive-key.ts';
import {
  erasureLineSchema,
  erasureSchema,
  setAsideKeySchema,
  type ErasedParty,
  type ErasureAnswer,
} from '../../own-api/schemas/erasures.ts';
import { barredFrom, colleagueOf } from '../authentication.ts';
import type { ApiContext } from '../context.ts';
import {
  isProblem,
  problem,
  problemOf,
  problems,
  sendProblem,
  unknownClaimNumber,
  type ApiProblem,
} from '../problem.ts';
import { claimParams, nameParam } from '../schemas.ts';
import { signAct } from '../signing.ts';

const retention = readRetention();
const tags = ['personal'];

/** Erasing people, and the list of who was erased. */
export function erasureRoutes(app: FastifyInstance, context: ApiContext): void {
  eraseRoute(app, context);
  eraseTelephoneRoute(app, context);
  setAsideRoute(app, context);
  listRoute(app, context);
}

const reasons = retention.erasureReasons;

const body = strictFields({
  reason: z.enum(reasons, { error: must(`one of ${reasons.join(', ')}`) }),
  dryRun: z.boolean({ error: must('true or false') }).optional(),
  everywhere: z.boolean({ error: must('true or false') }).optional(),
});
type Asked = z.output<typeof body>;

function eraseRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: actInWords('erase-parties'),
    description: 'With everywhere the same person is erased in all claims that have closed',
    params: claimParams.extend({ party: nameParam }),
    body,
    response: { 200: erasureSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/claims/:no/parties/:party/erase', { schema }, async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'erase-parties');
      if (barred) return sendProblem(reply, barred);
      const { no: claim, party } = request.params;
      const answer = await erase(context, request, { claim, party }, request.body);
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    });
}

function eraseTelephoneRoute(app: FastifyInstance, context: ApiContext): void {
  const schema = {
    tags,
    summary: 'Erase a telephone that stands in no claim, with its texts',
    params: z.object({ id: nameParam }),
    body,
    response: { 200: erasureSchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/telephones/:id/erase', { schema }, async (request, reply) => {
      const barred = barredFrom(colleagueOf(request), 'erase-parties');
      if (barred) return sendProblem(reply, barred);
      const of = { claim: noClaim, party: request.params.id };
      const answer = await erase(context, request, of, request.body);
      return isProblem(answer) ? sendProblem(reply, answer) : answer;
    });
}

/** They open nothing without the private archive key, which no program has. */
function setAsideRoute(app: FastifyInstance, { database, log }: ApiContext): void {
  const schema = {
    tags,
    summary: 'The keys that were set aside of the erased parties of a claim, wrapped for the archive key',
    params: claimParams,
    response: { 200: z.array(setAsideKeySchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/claims/:no/set-aside', { schema }, async (request, reply) => {
    const colleague = colleagueOf(request);
    const barred = barredFrom(colleague, 'erase-parties');
    if (barred) return sendProblem(reply, barred);
    const { no } = request.params;
    if (!isClaimNumber(no)) return sendProblem(reply, unknownClaimNumber(no));
    const look = { by: colleague, claims: [no], what: 'keys set aside', purpose: 'legal' };
    await recordLook(database, { ...look, because: 'branch' });
    log.info({ by: colleague.code, claim: no, what: 'keys set aside' }, 'personal data read');
    return setAsideKeys(database, no);
  });
}

function listRoute(app: FastifyInstance, { database }: ApiContext): void {
  const schema = {
    tags,
    summary: 'Who was erased, the oldest first: codes alone',
    response: { 200: z.array(erasureLineSchema), ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().get('/erasures', { schema }, async (request, reply) => {
    const barred = barredFrom(colleagueOf(request), 'erase-parties');
    return barred ? sendProblem(reply, barred) : erasureLines(database);
  });
}

async function erase(
  context: ApiContext,
  request: FastifyRequest,
  of: PartyOf,
  asked: Asked,
): Promise<ErasureAnswer | ApiProblem> {
  const { database, keyring } = context;
  if (of.claim !== noClaim && !isClaimNumber(of.claim)) return unknownParty(of);
  // Before the person is erased, nobody knows afterwards who else it was.
  const others = await samePersonElsewhere(database, keyring, of);
  const policies = await policiesNaming(database, keyring, of);
  const own = await eraseOne(context, request, of, asked);
  if (isProblem(own)) return own;
  const elsewhere: ErasureAnswer['elsewhere'] = [];
  for (const { isSame, ...other } of others) {
    const isAsked = isSame && (asked.everywhere === true || asked.dryRun === true);
    const answer = isAsked ? await eraseOne(context, request, other, asked) : notAsked(other);
    elsewhere.push({ isSame, ...(isProblem(answer) ? notYet(other, answer.detail) : answer) });
  }
  return { ...own, elsewhere, ...(policies.length > 0 && { policies }) };
}

const notAsked = (of: PartyOf): ErasedParty => ({ kind: 'not-asked', ...of });
const notYet = (of: PartyOf, sentence: string): ErasedParty => ({ kind: 'not-yet', ...of, sentence });

async function eraseOne(
  context: ApiContext,
  request: FastifyRequest,
  of: PartyOf,
  { reason, dryRun = false }: Asked,
): Promise<ErasedParty | ApiProblem> {
  const { database, roots } = context;
  const standing = await standingOf(database, { retention, roots }, of, instantOf(Date.now()));
  switch (standing.kind) {
    case 'unknown':
      return unknownParty(of);
    case 'erased':
      return alreadyErased(context, of);
    case 'not-yet':
      return problem(409, standing.sentence);
    default:
  }
  const barred = await handIn(context, request, of);
  if (barred) return barred;
  const { terms, historyUntil } = standing;
  const found = { ...of, kept: terms, ...present({ historyUntil }) };
  if (dryRun) return { kind: 'would-erase', ...found };
  const done = await carryOut(context, request, of, { reason, kept: terms[0] });
  return done ?? { kind: 'erased', ...found, by: colleagueOf(request).code };
}

/** Undefined when the party is erased. */
async function carryOut(
  context: ApiContext,
  request: FastifyRequest,
  of: PartyOf,
  { reason, kept }: { reason: string; kept: LegalTerm | undefined },
): Promise<ErasedParty | ApiProblem | undefined> {
  const { database, keyring, roots } = context;
  const archive = kept && context.archiveKey();
  if (kept && !archive)
    return problem(
      409,
      `The law wants the data kept until ${kept.until.slice(0, 10)}, ` +
        `and there is no archive key to set them aside for. ${howToMakeArchiveKey}`,
    );
  const fields = { party: of.party, reason, ...present({ kept }) };
  const signed = await signAct(context, request, {
    claim: of.claim,
    act: erasing,
    id: `erase-${randomUUID()}`,
    fields,
  });
  if (isProblem(signed)) return signed;
  const { at, proof } = signed;
  const by = colleagueOf(request).code;
  const line = { at, by, act: erasing, claim: of.claim, proof };
  const done = await eraseParty(database, { ...of, retention, roots, keyring, archive, kept, line });
  switch (done.kind) {
    case 'done':
      context.log.info({ by, claim: of.claim, party: of.party }, 'party erased');
      return undefined;
    case 'erased':
      return alreadyErased(context, of);
    case 'not-yet':
      return problem(409, done.sentence);
    default:
      return problem(409, `${of.party} of ${of.claim} changed meanwhile; ask again.`);
  }
}

async function alreadyErased({ database }: ApiContext, of: PartyOf): Promise<ErasedParty> {
  const [lines, kept] = await Promise.all([erasureLines(database, of.claim), setAsideUntil(database, of)]);
  const line = lines.findLast(({ party }) => party === of.party);
  return {
    kind: 'already-erased',
    ...of,
    kept: kept ? [kept] : [],
    ...present({ at: line?.at, by: line?.by }),
  };
}

/**
 * A person who is related to the claim, or whose own act the money rests on, does not remove its traces (S18,
 * S19).
 */
async function handIn(
  { database }: ApiContext,
  request: FastifyRequest,
  { claim: number }: PartyOf,
): Promise<ApiProblem | undefined> {
  const claim = number === noClaim ? undefined : await storedClaim(database, number);
  if (!claim) return undefined;
  const { code } = colleagueOf(request);
  const { people } = await authorityOf(database, [code], { claim: number });
  const person = people.get(code);
  const conflict = person && inConflict(person, claim);
  if (conflict) return problemOf(conflict);
  return hasHadAHand(claim, code)
    ? problem(409, `${code} has acted on claim ${number}; somebody else must erase its parties.`, {
        reason: 'segregation',
      })
    : undefined;
}

const unknownParty = ({ claim, party }: PartyOf): ApiProblem =>
  problem(404, `The records have no party "${party}" of claim ${claim}.`);

import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { must, strictFields } from '../../../../config/field-sentences.ts';
import { readingRules } from '../../../../config/reading.ts';
import { todayIn } from '../../../../config/today.ts';
import type { Claim } from '../../../../domain/claim/claim.ts';
import { isClaimNumber, type ClaimNumber } from '../../../../domain/ids.ts';
import type { Wanted } from '../../../../domain/people/needs.ts';
import { accessTo, mayRead, type MayNotRead, type MayRead } from '../../../../domain/people/reading.ts';
import { present } from '../../../../domain/present.ts';
import { instantOf } from '../../../../domain/time/time.ts';
import { openFollowUps } from '../../../../records/claims/follow-ups.ts';
import { isOnRecord } from '../../../../records/claims/stored-claim.ts';
import { companyOn } from '../../../../records/staff/company.ts';
import {
  isGlassBroken,
  recordCountedLook,
  recordLook,
  type Look,
} from '../../../../records/parties/personal-looks.ts';
import type { Colleague } from '../../../../records/staff/staff.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import { findClaim, packOf, type ApiContext } from '../../context.ts';
import { isProblem, problem, unknownClaimNumber, type ApiProblem } from '../../problem.ts';

const purposes = Object.keys(readingRules.purposes);

/** The query of every route with personal data. */
export const readingQuery = strictFields({
  purpose: z
    .enum(purposes, { error: must(`one of ${purposes.join(', ')}`) })
    .optional()
    .meta({
      description:
        'Why, for people without a task that needs it: ' +
        Object.entries(readingRules.purposes)
          .map(([code, { says }]) => `${code} (${says})`)
          .join('; '),
    }),
});

/** What somebody wants to read of which claim. */
export interface Asked extends Wanted {
  claim: string;
  purpose?: string | undefined;
  /** As the record of looks names it, such as `attachment`. */
  what: string;
  party?: string;
}

/**
 * The one door to personal data of a claim: checks need, role and branch, and records who reads what for what
 * purpose. Undefined when the person may read it.
 */
export async function barredFromReading(
  context: ApiContext,
  request: FastifyRequest,
  asked: Asked,
): Promise<ApiProblem | undefined> {
  const { database } = context;
  const { claim: number } = asked;
  const colleague = colleagueOf(request);
  const isKnown = isClaimNumber(number) && (await isOnRecord(database, number));
  const found = isKnown ? await findClaim(context, number) : unknownClaimNumber(number);
  if (isProblem(found)) return barredFrom(colleague, accessTo(asked.datum)) ?? found;
  const answer = await decided(context, colleague, asked, found.claim);
  const look = { by: colleague, claims: [number], what: asked.what, ...present({ party: asked.party }) };
  if (answer.kind === 'barred') {
    await recordLook(database, { ...look, because: 'denied', ...present({ purpose: asked.purpose }) });
    context.log.info({ by: colleague.code, claim: number, what: asked.what, why: answer.why }, 'not read');
    return problem(403, answer.sentence, { reason: answer.why });
  }
  const { because, purpose } = answer;
  return recorded(context, { ...look, because, purpose });
}

/** Records a look that may be answered. A problem where the person has looked at too much without a task. */
export async function recorded(
  { database, log }: ApiContext,
  look: Look & { by: Colleague },
): Promise<ApiProblem | undefined> {
  const { by, claims, what, purpose, because } = look;
  const isCounted = because === 'branch' && (look.policies === undefined || look.policies.length > 0);
  const isTaken = isCounted
    ? await recordCountedLook(database, look, readingRules.withoutTask)
    : await recordLook(database, look).then(() => true);
  if (!isTaken) return tooMuch(look);
  const of = present({ policies: look.policies?.join() });
  log.info({ by: by.code, claim: claims.join(), ...of, what, purpose, because }, 'personal data read');
  return undefined;
}

function tooMuch({ by: { code }, policies }: Look): ApiProblem {
  const { claims, policies: ofBook, hours } = readingRules.withoutTask;
  const sentence =
    policies === undefined
      ? `${code} has looked at ${claims} claims in ${hours} hours without a task on them, ` +
        'which is the most. A task opens its claim all the same: have the claim handed over, ' +
        'or ask the person who has the task.'
      : `${code} has looked at ${ofBook} policies in ${hours} hours, which is the most. ` +
        'A task on a claim opens its policy all the same; for anything else ask a supervisor.';
  return problem(403, sentence, { reason: 'too-many' });
}

export async function decided(
  { database }: ApiContext,
  { code }: Colleague,
  { datum, of, purpose }: Asked,
  claim: Claim,
): Promise<MayRead | MayNotRead> {
  const now = instantOf(Date.now());
  const [company, followUps, isBroken] = await Promise.all([
    companyOn(database, todayIn(claim.jurisdiction, now)),
    openFollowUps(database, claim.number),
    hasBrokenGlass(database, code, claim.number),
  ]);
  const me = company.staff.find((each) => each.code === code);
  if (!me) return { kind: 'barred', why: 'no-need', sentence: `${code} does not work here any more.` };
  return mayRead(me, { datum, ...present({ of }) }, claim, {
    ...company,
    followUps,
    now,
    pack: packOf(claim),
    rules: readingRules,
    isGlassBroken: isBroken,
    ...present({ purpose }),
  });
}

const hasBrokenGlass = (database: ApiContext['database'], by: string, claim: ClaimNumber): Promise<boolean> =>
  isGlassBroken(database, { by, claim }, readingRules.glassMinutes);

export const erased = (): ApiProblem => problem(404, 'The personal data have been erased.');

/** Browsers save the file. A customer's file never runs as a page of ours. */
export const asDownload = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${name}"`);

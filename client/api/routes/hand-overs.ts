import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { z } from 'zod';
import { calendarFor } from '../../../config/calendars.ts';
import { handOverLimits } from '../../../config/hand-overs.ts';
import { dayIn, todayIn } from '../../../config/today.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import { decide } from '../../../domain/claim/decide.ts';
import { absenceOn, deputyOf } from '../../../domain/people/deputies.ts';
import { takerOf, type HandingOver, type Taking } from '../../../domain/people/hand-overs.ts';
import { staffRoles, type Person } from '../../../domain/people/people.ts';
import type { Member } from '../../../domain/people/takers.ts';
import { present } from '../../../domain/present.ts';
import { instantOf, type Instant } from '../../../domain/time/time.ts';
import { claimsHeldBy, loadsIn, type HeldBy } from '../../../records/claims/held.ts';
import { authorityOf } from '../../../records/staff/authority.ts';
import { directoryOf, type Entry } from '../../../records/staff/directory.ts';
import { membersOf } from '../../../records/staff/members.ts';
import { namesOf } from '../../../records/staff/names.ts';
import { unitsOf } from '../../../records/staff/units.ts';
import type { Recorded } from '../../own-api/schemas/acts.ts';
import {
  handedOverSchema,
  handOversBody,
  type HandedClaim,
  type HandedOver,
} from '../../own-api/schemas/hand-overs.ts';
import { openClaim, perform } from '../acting.ts';
import { doorOf } from '../acts/doors.ts';
import { barredFrom, colleagueOf, mayNotAct } from '../authentication.ts';
import { packOf, whenUp, type ApiContext, type Found } from '../context.ts';
import { isProblem, problem, problems, recordsDown, sendProblem, type ApiProblem } from '../problem.ts';
import type { Postman } from '../webhooks/postman.ts';

type Asked = z.output<typeof handOversBody>;

/** What the parts of a hand-over share. */
interface Errand {
  context: ApiContext;
  postman: Postman;
  request: FastifyRequest;
  asked: Asked;
  now: Instant;
}

/**
 * Hands over many claims, one signed act for each, through the door of a single hand-over. A dry run decides
 * each by the same rules on the state in the records, and sends nothing.
 */
export function handOverRoutes(app: FastifyInstance, context: ApiContext, postman: Postman): void {
  const schema = {
    tags: ['acts'],
    summary: 'Hand all open claims of somebody, or some of them, to others; a dry run plans it',
    body: handOversBody,
    response: { 200: handedOverSchema, ...problems },
  };
  app.withTypeProvider<ZodTypeProvider>().post('/hand-overs', { schema }, async (request, reply) => {
    const colleague = colleagueOf(request);
    const barred = mayNotAct(colleague) ?? barredFrom(colleague, 'hand-over');
    if (barred) return sendProblem(reply, barred);
    const errand = { context, postman, request, asked: request.body, now: instantOf(Date.now()) };
    const answer = await whenUp(handOver(errand));
    if (answer === 'down') return sendProblem(reply, recordsDown());
    return isProblem(answer) ? sendProblem(reply, answer) : answer;
  });
}

async function handOver(errand: Errand): Promise<HandedOver | ApiProblem> {
  const { context, asked } = errand;
  const taking = takingIn(asked);
  if (isWrong(taking)) return taking;
  const [staff, units, everybody, loads] = await Promise.all([
    membersOf(context.database, staffRoles),
    unitsOf(context.database),
    directoryOf(context.database),
    loadsIn(context.database, asked.role),
  ]);
  const from = everybody.find(({ code }) => code === asked.from);
  if (!from && asked.from !== 'nobody')
    return problem(422, `from must be a staff code; nobody has "${asked.from}".`, { field: 'from' });
  const handing: HandingOver = {
    from: from ?? { code: asked.from, absences: [], deputies: [] },
    role: asked.role,
    taking,
    staff,
    units,
    loads,
  };
  const { claims, isCut } = await heldClaims(errand);
  if (isCut && asked.dryRun)
    return problem(
      422,
      `${asked.from} has more than ${handOverLimits.planned} open claims; a filter makes them fewer.`,
      { field: 'filter' },
    );
  const planned = claims.map((claim) => ({ claim, to: takerIn(claim, handing, errand) }));
  const answers = asked.dryRun
    ? await plannedOf(planned, handing, errand)
    : await carriedOut(planned, errand);
  if ('kind' in answers) return answers;
  const named = await withNames(context, answers);
  const notes = notesOn(answers, everybody, errand.now);
  return { claims: named, notes, ...present({ next: isCut ? claims.at(-1)?.number : undefined }) };
}

function takingIn({ from, to, taking }: Asked): Taking | ApiProblem {
  if (to !== undefined && taking === undefined)
    return to === from ? problem(422, `to must be somebody else than ${from}.`, { field: 'to' }) : { to };
  if (to === undefined && taking !== undefined) return taking;
  return problem(422, 'Who takes them over must be given once: to with a staff code, or taking.', {
    field: 'to',
  });
}

const isWrong = (taking: Taking | ApiProblem): taking is ApiProblem =>
  typeof taking === 'object' && isProblem(taking);

/** All of a plan, in pages so that no request reads them all at once; else as many as one request does. */
async function heldClaims({ context, asked, now }: Errand): Promise<{ claims: Claim[]; isCut: boolean }> {
  const { planned, inOneRequest } = handOverLimits;
  const most = asked.dryRun ? planned : inOneRequest;
  const { overdue, ...filter } = asked.filter;
  const of: HeldBy = {
    code: asked.from,
    role: asked.role,
    ...present(filter),
    ...present({ overdueAt: overdue ? now : undefined }),
  };
  const claims: Claim[] = [];
  for (let isMore = true; isMore && claims.length <= most;) {
    const limit = Math.min(statesAtOnce, most + 1 - claims.length);
    const after = claims.at(-1)?.number ?? asked.after;
    const page = await claimsHeldBy(context.database, of, { limit, ...present({ after }) });
    claims.push(...page);
    isMore = page.length === limit && limit > 0;
  }
  return { claims: claims.slice(0, most), isCut: claims.length > most };
}

const statesAtOnce = 200;

const takerIn = (claim: Claim, handing: HandingOver, { now }: Errand): string | undefined =>
  takerOf(claim, handing, { today: todayIn(claim.jurisdiction, now), pack: packOf(claim) });

interface Planned {
  claim: Claim;
  to: string | undefined;
}

const nobodyTakes = ({ number, branch }: Pick<Claim, 'number' | 'branch'>): HandedClaim => ({
  claim: number,
  outcome: 'denied',
  sentence: `Nobody who is there in ${branch} or near it may take it; name somebody.`,
});

/** Each as the claim would decide it now. */
async function plannedOf(
  planned: readonly Planned[],
  { staff, role }: HandingOver,
  errand: Errand,
): Promise<HandedClaim[]> {
  const me = authorities(errand);
  const answers: HandedClaim[] = [];
  for (const { claim, to } of planned) {
    if (to === undefined) answers.push(nobodyTakes(claim));
    else answers.push(wouldBe(claim, { to, role, staff, person: await me(claim), now: errand.now }));
  }
  return answers;
}

/** The sender's authority by line and currency: claims share few of them. */
function authorities({ context, request }: Errand): (claim: Claim) => Promise<Person | undefined> {
  const known = new Map<string, Promise<Person | undefined>>();
  const { code } = colleagueOf(request);
  return ({ line, currency }) => {
    const key = `${line} ${currency}`;
    const asked =
      known.get(key) ??
      authorityOf(context.database, [code], { line, currency }).then(({ people }) => people.get(code));
    known.set(key, asked);
    return asked;
  };
}

function wouldBe(
  claim: Claim,
  {
    to,
    role,
    staff,
    person,
    now,
  }: {
    to: string;
    role: HandingOver['role'];
    staff: readonly Member[];
    person: Person | undefined;
    now: Instant;
  },
): HandedClaim {
  const { number } = claim;
  const taker = staff.find(({ code }) => code === to);
  if (!taker || !person)
    return {
      claim: number,
      to,
      outcome: 'denied',
      sentence: `to must be the code of an active member of staff; "${to}" is not.`,
    };
  const { branch, roles, conflicts } = taker;
  const pack = packOf(claim);
  const answer = decide(
    claim,
    { kind: 'hand-over', to, role, as: { branch, roles, conflicts }, person, issuedAt: now },
    { now, rules: { pack, calendar: calendarFor(pack, claim.lossAt, now) } },
  );
  return answer.kind === 'denied'
    ? { claim: number, to, outcome: 'denied', reason: answer.reason, sentence: answer.sentence }
    : { claim: number, to, outcome: 'planned' };
}

/**
 * A few at a time, so that other people's acts are answered meanwhile. A problem where the engine or the
 * records do not answer: the same request again takes those that are left.
 */
async function carriedOut(planned: readonly Planned[], errand: Errand): Promise<HandedClaim[] | ApiProblem> {
  const plan = errand.asked.plan ?? randomUUID();
  const answers: HandedClaim[] = [];
  for (let at = 0; at < planned.length; at += handOverLimits.atOnce) {
    const few = planned.slice(at, at + handOverLimits.atOnce);
    const sentNow = await Promise.all(few.map((each) => sent(each, plan, errand)));
    const down = sentNow.find((each) => 'kind' in each);
    if (down) return down;
    answers.push(...sentNow.flatMap((each) => ('kind' in each ? [] : [each])));
  }
  return answers;
}

async function sent(
  { claim: { number, branch }, to }: Planned,
  plan: string,
  errand: Errand,
): Promise<HandedClaim | ApiProblem> {
  if (to === undefined) return nobodyTakes({ number, branch });
  const { context, request } = errand;
  const found = await openClaim(context, request, number);
  const answer = isProblem(found) ? found : await actOn(found, to, plan, errand);
  if (!isProblem(answer)) return { claim: number, to, outcome: 'handed-over' };
  if (answer.status === 503) return answer;
  const { detail, reason } = answer;
  return { claim: number, to, outcome: 'denied', sentence: detail, ...present({ reason }) };
}

async function actOn(
  found: Found,
  to: string,
  plan: string,
  { context, postman, request, asked: { from, role } }: Errand,
): Promise<Recorded | ApiProblem> {
  const { number, [role]: holder } = found.claim;
  if (holder !== from) return problem(409, `${from} is not its ${role} any more: ${holder} is.`);
  const [act, id] = ['hand-over' as const, `${plan}:${to}`];
  return doorOf(act).carryOut(
    { to, role },
    {
      context,
      postman,
      request,
      found,
      act,
      id,
      perform: (content) => perform(context, request, { claim: number, act, id, content }),
    },
  );
}

/** It is allowed, and perhaps a slip: their deputy has the work meanwhile. */
function notesOn(answers: readonly HandedClaim[], everybody: readonly Entry[], now: Instant): string[] {
  const takers = new Set(answers.flatMap(({ outcome, to }) => (outcome === 'denied' ? [] : (to ?? []))));
  return everybody
    .filter(({ code }) => takers.has(code))
    .flatMap((each) => {
      const today = dayIn(each.timeZone, now);
      const absence = absenceOn(each, today);
      const deputy = deputyOf(each, everybody, today)?.code;
      return absence
        ? `${each.code} is absent until ${absence.until ?? 'nobody knows'}; ` +
            `meanwhile the work goes to ${deputy ?? 'their colleagues'}.`
        : [];
    });
}

async function withNames({ database }: ApiContext, answers: readonly HandedClaim[]): Promise<HandedClaim[]> {
  const names = await namesOf(database, { staff: answers.flatMap(({ to }) => to ?? []) });
  return answers.map((each) => ({
    ...each,
    ...present({ toName: each.to === undefined ? undefined : names.staff.get(each.to) }),
  }));
}

import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { policyNumber } from '../../../../config/notice/schema.ts';
import { readingRules } from '../../../../config/reading.ts';
import { houseRules } from '../../../../config/rules/load.ts';
import { majorUnits } from '../../../../domain/money/money.ts';
import { actInWords } from '../../../../domain/people/permissions.ts';
import { isRelatedTo, mayReadPolicies, type MayRead } from '../../../../domain/people/reading.ts';
import { present } from '../../../../domain/present.ts';
import { instantOf, type Instant } from '../../../../domain/time/time.ts';
import { cursorOf } from '../../../../records/claims/cursor.ts';
import { marking } from '../../../../records/keys/contact-key.ts';
import { recordLook } from '../../../../records/parties/personal-looks.ts';
import type { Colleague } from '../../../../records/staff/staff.ts';
import {
  claimsOfPolicy,
  historyOf,
  isInForce,
  marksIn,
  policiesWith,
  versionAt,
  versionsOf,
  type ClaimOfPolicy,
  type OpenedPolicy,
  type PolicyVersion,
} from '../../../../records/policies/find.ts';
import { namesOf, type Names } from '../../../../records/staff/names.ts';
import {
  foundPolicySchema,
  momentAsked,
  policiesBody,
  policiesPage,
  policySchema,
  type FoundPolicy,
  type ShownPolicy,
} from '../../../own-api/schemas/policies.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import { findClaim, type ApiContext } from '../../context.ts';
import { pagesOf } from '../../paging.ts';
import { kindsAsked, marksAsked } from '../../policy-search.ts';
import { isProblem, problem, problems, sendProblem, type ApiProblem } from '../../problem.ts';
import { decided, readingQuery, recorded } from './access.ts';

const tags = ['policies'];
const config = { limit: 'personal' } as const;

/** The policy book, for who reads personal data: each look is recorded with the policies that it showed. */
export function policyRoutes(app: FastifyInstance, context: ApiContext): void {
  findRoute(app, context);
  showRoute(app, context);
}

function findRoute(app: FastifyInstance, context: ApiContext): void {
  const { database, keyring } = context;
  const pages = pagesOf(context);
  const schema = {
    tags,
    summary: actInWords('read-policies'),
    body: policiesBody,
    querystring: readingQuery.extend(policiesPage),
    response: { 200: z.array(foundPolicySchema), ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/policies/find', { schema, config }, async (request, reply) => {
      const { body: asked, query } = request;
      const colleague = colleagueOf(request);
      const what = kindsAsked(asked);
      const groups = marksAsked(asked, await marking(database, keyring));
      // A slip in what is looked for is no look.
      const isSlip = !Array.isArray(groups) && !barredFrom(colleague, 'read-policies');
      const may = isSlip ? groups : await mayLook(context, colleague, { what, purpose: query.purpose });
      if (isProblem(may)) return sendProblem(reply, may);
      if (!Array.isArray(groups)) return sendProblem(reply, groups);
      const cursor = pages.endBefore(request, cursorOf('text'));
      if (cursor && 'kind' in cursor) return sendProblem(reply, cursor);
      const size = query.limit + 1;
      const after = present({ after: cursor?.[0] ?? undefined });
      const numbers =
        groups.length > 0
          ? await policiesWith(database, groups, { limit: size, ...after })
          : [asked.number ?? ''];
      const page = numbers
        .slice(0, query.limit)
        .filter((number) => asked.number === undefined || number === asked.number);
      const at = asked.at ?? instantOf(Date.now());
      const seen = await seenBy(context, colleague, page, (versions) =>
        versionAt(versions, at, (version) => hasEach(version, groups)),
      );
      const barred = await lookedAt(context, colleague, may, { what, policies: seen });
      if (barred) return sendProblem(reply, barred);
      pages.linkToNext(request, reply, numbers.length === size ? [numbers[query.limit - 1]] : undefined);
      const names = await namesOf(database, { units: seen.map(({ branch }) => branch) });
      return seen.map((each) => found(each, at, names));
    });
}

function showRoute(app: FastifyInstance, context: ApiContext): void {
  const { database } = context;
  const schema = {
    tags,
    summary: 'A policy as it was in force at a moment, with its claims and its versions',
    params: z.object({ number: policyNumber }),
    querystring: readingQuery.extend({ at: momentAsked }),
    response: { 200: policySchema, ...problems },
  };
  app
    .withTypeProvider<ZodTypeProvider>()
    .get('/policies/:number', { schema, config }, async (request, reply) => {
      const { number } = request.params;
      const { purpose } = request.query;
      const colleague = colleagueOf(request);
      const claims = await claimsOfPolicy(database, number, claimsAtMost + 1);
      const may =
        (purpose === undefined ? await byTask(context, colleague, claims) : undefined) ??
        (await mayLook(context, colleague, { what, purpose }));
      if (isProblem(may)) return sendProblem(reply, may);
      const at = request.query.at ?? instantOf(Date.now());
      const [policy] = await seenBy(context, colleague, [number], (versions) => versionAt(versions, at));
      const barred = await lookedAt(context, colleague, may, { what, policies: policy ? [policy] : [] });
      if (barred) return sendProblem(reply, barred);
      const history = await historyOf(database, number);
      if (!policy) return sendProblem(reply, notShown(colleague, number, history));
      const names = await namesOf(database, {
        units: [policy.branch],
        staff: claims.map(({ handler }) => handler),
      });
      return { ...shown(policy, { at, claims, names, pace: context.pace }), versions: history };
    });
}

/** Why none of its versions is shown: they do not exist, do not count any more, or the person is related. */
function notShown({ code }: Colleague, number: string, history: readonly PolicyVersion[]): ApiProblem {
  if (history.length === 0) return problem(404, `The policy book has no policy ${number}.`);
  return history.some(({ replacedAt }) => replacedAt === undefined)
    ? problem(403, `${code} is related to policy ${number}; somebody else must look at it.`, {
        reason: 'no-need',
      })
    : problem(404, `No version of policy ${number} counts any more: the import that brought it was undone.`);
}

const what = 'policy';
const claimsAtMost = 50;
/** A task on one of so many open claims opens the policy. */
const tasksAtMost = 20;

/** The problem of a person who may not look into the book; the attempt is recorded. */
async function mayLook(
  { database, log }: ApiContext,
  by: Colleague,
  look: { what: string; purpose: string | undefined },
): Promise<MayRead | ApiProblem> {
  const answer = mayReadPolicies(by, look.purpose, readingRules);
  if (answer.kind === 'allowed') return answer;
  const given = present({ purpose: look.purpose });
  await recordLook(database, { by, claims: [], what: look.what, because: 'denied', ...given });
  log.info({ by: by.code, what: look.what, why: answer.why }, 'not read');
  return problem(403, answer.sentence, { reason: answer.why });
}

/** Records the look with the policies that it shows. A problem where the person has looked at too many. */
const lookedAt = async (
  context: ApiContext,
  by: Colleague,
  { because, purpose }: MayRead,
  look: { what: string; policies: readonly OpenedPolicy[] },
): Promise<ApiProblem | undefined> =>
  recorded(context, {
    by,
    claims: [],
    policies: look.policies.map(({ number }) => number),
    what: look.what,
    because,
    purpose,
  });

/** A task on an open claim of the policy that needs it, or the person handles or surveys that claim. */
async function byTask(
  context: ApiContext,
  colleague: Colleague,
  claims: readonly ClaimOfPolicy[],
): Promise<MayRead | undefined> {
  const open = claims.filter(({ outcome }) => outcome === null).slice(0, tasksAtMost);
  for (const { claim } of open) {
    const answer = await taskOn(context, colleague, claim);
    if (answer) return answer;
  }
  return undefined;
}

async function taskOn(
  context: ApiContext,
  colleague: Colleague,
  number: string,
): Promise<MayRead | undefined> {
  const claim = await findClaim(context, number);
  if (isProblem(claim)) return undefined;
  const answer = await decided(context, colleague, { claim: number, datum: 'policy', what }, claim.claim);
  return answer.kind === 'allowed' && answer.because !== 'audit' ? answer : undefined;
}

/** The chosen version of each policy, without those that the person is related to (S19). */
async function seenBy(
  { database, keyring }: ApiContext,
  { code }: Colleague,
  numbers: readonly string[],
  chosen: (versions: readonly OpenedPolicy[]) => OpenedPolicy | undefined,
): Promise<OpenedPolicy[]> {
  const [versions, me] = await Promise.all([
    versionsOf(database, keyring, numbers),
    database.person.findUnique({ where: { code }, select: { conflicts: true } }),
  ]);
  return numbers.flatMap((number) => {
    const all = versions.get(number) ?? [];
    const marks = all.flatMap(marksIn);
    const version = chosen(all);
    return version && me && !isRelatedTo(me, { number, marks }) ? [version] : [];
  });
}

const hasEach = (version: OpenedPolicy, groups: readonly (readonly string[])[]): boolean => {
  const marks = marksIn(version);
  return groups.every((group) => group.some((mark) => marks.includes(mark)));
};

const period = (policy: OpenedPolicy, at: Instant, names: Names) => ({
  policy: policy.number,
  line: policy.line,
  jurisdiction: policy.jurisdiction,
  branch: policy.branch,
  from: policy.from,
  to: policy.to,
  isInForce: isInForce(policy, at),
  ...present({ branchName: names.units.get(policy.branch) }),
});

const found = (policy: OpenedPolicy, at: Instant, names: Names): FoundPolicy => ({
  ...period(policy, at, names),
  holders: policy.people.flatMap(({ role, name }) =>
    role === 'policyholder' && name !== undefined ? [name] : [],
  ),
  objects: Object.entries(policy.objects).map(([object, { plate, model, address }]) => ({
    object,
    ...present({ plate, model, address }),
  })),
});

/** An account is only shown to who clears a payment, so here only whether there is one. */
function shown(
  policy: OpenedPolicy,
  { at, claims, names, pace }: { at: Instant; claims: readonly ClaimOfPolicy[]; names: Names; pace: string },
): Omit<ShownPolicy, 'versions'> {
  const { version, endorsement, currency, wording, special } = policy;
  const money = (minor: number): string => majorUnits(minor, currency);
  const isForAll = sumIsForAll(policy, pace);
  return {
    ...period(policy, at, names),
    version,
    endorsement,
    currency,
    special,
    ...present({ wording }),
    people: policy.people.map(({ role, name, phone, email, address, identity, account }) => ({
      role,
      ...present({ name, phone, email, address, identity: identity?.slice(-4) }),
      hasAccount: account !== undefined,
    })),
    objects: Object.entries(policy.objects).map(([object, each]) => {
      const { sumInsuredMinor, excessMinor, marks: _, ...rest } = each;
      const paid = claims.reduce((sum, of) => sum + (of.paid[object] ?? 0), 0);
      return {
        object,
        ...rest,
        sumInsured: money(sumInsuredMinor),
        excess: money(excessMinor),
        paid: money(paid),
        ...present({ left: isForAll ? money(Math.max(0, sumInsuredMinor - paid)) : undefined }),
      };
    }),
    claims: claims.slice(0, claimsAtMost).map(({ claim, stage, outcome, handler, lossAt, paid }) => ({
      claim,
      stage,
      outcome,
      handler,
      lossAt: lossAt.toISOString(),
      paid: Object.fromEntries(Object.entries(paid).map(([object, minor]) => [object, money(minor)])),
      ...present({ handlerName: names.staff.get(handler) }),
    })),
    moreClaims: claims.length > claimsAtMost,
  };
}

/** Whether the sum insured is for all losses of the policy together, by the rules of its line now. */
const sumIsForAll = ({ line, jurisdiction }: OpenedPolicy, pace: string): boolean =>
  houseRules
    .inForce(pace)
    .some(
      (pack) =>
        pack.line === line && pack.jurisdiction === jurisdiction && pack.sumInsured === 'whole-policy',
    );

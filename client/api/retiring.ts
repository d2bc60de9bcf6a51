import type { FastifyRequest } from 'fastify';
import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import { headOf } from '../../records/archive/parts.ts';
import { journalOf } from '../../records/journal/read-journal.ts';
import { dueClaims } from '../../records/retention/due-claims.ts';
import { keepProgress, recordsNow, rowClasses, type RetentionPlan } from '../../records/retention/plans.ts';
import { retireClaim, retireRows } from '../../records/retention/retire.ts';
import type { RetiredBatch } from '../own-api/schemas/retention.ts';
import { keepArchive } from './archiving.ts';
import { colleagueOf } from './authentication.ts';
import type { ApiContext } from './context.ts';
import { isProblem, type ApiProblem } from './problem.ts';
import { signLine } from './signing.ts';

/** Claims of one request: each has its archive written first. */
const claimsAtOnce = 5;
/** Rows of one statement, and statements of one class in one request. */
const [rowsAtOnce, statementsAtOnce] = [2_000, 10];

/**
 * Carries out one batch of a plan: claims first, then rows. Each claim is looked at again, archived, and then
 * deleted with its signed line in one transaction; so a run may be stopped and repeated at any moment.
 */
export async function retireBatch(
  context: ApiContext,
  request: FastifyRequest,
  plan: RetentionPlan,
  { after = '' }: { after?: ClaimNumber },
): Promise<RetiredBatch | ApiProblem> {
  const { code: by } = colleagueOf(request);
  const batch = plan.claims
    .toSorted()
    .filter((claim) => claim > after)
    .slice(0, claimsAtOnce);
  const [archives, kept]: [string[], RetiredBatch['kept']] = [[], []];
  let claims = 0;
  for (const claim of batch) {
    const outcome = await retire(context, request, plan, claim);
    if (isProblem(outcome)) return outcome;
    if (outcome.kind === 'retired') archives.push(outcome.archive);
    if (outcome.kind === 'retired') claims += 1;
    if (outcome.kind === 'kept') kept.push({ claim, why: outcome.why });
  }
  const rows = batch.length < claimsAtOnce ? await retireOwnRows(context, plan) : undefined;
  const retired = { ...(claims > 0 ? { claims } : {}), ...rows?.retired };
  const isEnded = rows?.isEnded === true;
  await keepProgress(context.database, plan.id, { by, retired, isEnded });
  return {
    kind: 'retired',
    plan: plan.id,
    retired,
    archives,
    kept,
    isEnded,
    ...present({ after: batch.at(-1) ?? (after || undefined) }),
  };
}

type Outcome = { kind: 'retired'; archive: string } | { kind: 'gone' } | { kind: 'kept'; why: string };

const whyKept = {
  open: 'it is open again',
  hold: 'somebody holds it',
  'follow-up': 'a follow-up of it is open',
  'not-due': 'its time is not over any more',
};

async function retire(
  context: ApiContext,
  request: FastifyRequest,
  plan: RetentionPlan,
  claim: ClaimNumber,
): Promise<Outcome | ApiProblem> {
  const { database } = context;
  const journal = await journalOf(database, claim);
  if (journal.length === 0) return { kind: 'gone' };
  const due = await stillDue(context, claim);
  if (!due) return { kind: 'kept', why: whyKept['not-due'] };
  if (due.stays) return { kind: 'kept', why: whyKept[due.stays] };
  const archive = await keepArchive(context, request, claim);
  if (isProblem(archive)) return archive;
  const { law, until } = due;
  const signed = await signLine(context, request, {
    claim,
    act: 'retire-claim',
    fields: { head: headOf(journal), archive: archive.contents, plan: plan.id, law, until },
  });
  if (isProblem(signed)) return signed;
  const answer = await retireClaim(database, claim, signed.line);
  if (answer.kind === 'held') return { kind: 'kept', why: whyKept[answer.why] };
  if (answer.kind === 'gone') return { kind: 'gone' };
  for (const file of answer.files) await context.attachments.remove(file);
  return { kind: 'retired', archive: archive.file };
}

async function stillDue({ database, retention, roots }: ApiContext, only: ClaimNumber) {
  const now = await recordsNow(database);
  for await (const due of dueClaims(database, { retention, roots, now, only })) return due;
  return undefined;
}

/** Rows of the plan's classes, from before the plan's times. */
async function retireOwnRows(
  { database }: ApiContext,
  { classes }: RetentionPlan,
): Promise<{ retired: Record<string, number>; isEnded: boolean }> {
  const retired: Record<string, number> = {};
  let isEnded = true;
  for (const name of rowClasses) {
    const before = classes[name]?.before;
    if (before === undefined) continue;
    for (let statements = 0, gone = rowsAtOnce; gone === rowsAtOnce; statements += 1) {
      if (statements === statementsAtOnce) isEnded = false;
      if (statements === statementsAtOnce) break;
      gone = await retireRows(database, { name, before, atMost: rowsAtOnce });
      if (gone > 0) retired[name] = (retired[name] ?? 0) + gone;
    }
  }
  return { retired, isEnded };
}

import type { FastifyRequest } from 'fastify';
import { numbersOnRecord } from '../../records/claims/claim-numbers.ts';
import { houseRules } from '../../config/rules/load.ts';
import { policyFor } from '../../records/policies/from-source.ts';
import { instantOf } from '../../domain/time/time.ts';
import { present } from '../../domain/present.ts';
import { summaryOf } from '../../domain/claim/view.ts';
import { intake, type Taken } from '../../records/claims/intake.ts';
import { differencesFrom } from '../../records/claims/differences.ts';
import type { CompleteNotice } from '../../config/notice/read.ts';
import type { Filed } from '../own-api/schemas/claims.ts';
import { untilOnRecord } from '../../records/claims/stored-claim.ts';
import { colleagueOf } from './authentication.ts';
import { whenUp, type ApiContext } from './context.ts';
import { engineDown, mistakesIn, type ApiProblem } from './problem.ts';
import { noticeSigner } from './signing.ts';

type FilingContext = Pick<ApiContext, 'claims' | 'database' | 'keyring' | 'signing' | 'staff' | 'policies'>;

/**
 * Files a notice of loss, signed for the person who sends it, by starting its workflow. So this also works
 * while the records are down. The cover check then finds out whether the policy exists. A notice that was
 * filed before, open or closed, changes nothing.
 */
export async function file(
  context: FilingContext & Pick<ApiContext, 'pace'>,
  request: FastifyRequest,
  value: unknown,
): Promise<Filed | ApiProblem> {
  const { database, keyring, pace, policies } = context;
  const taken = await intake(
    value,
    { now: instantOf(Date.now()), packs: houseRules.inForce(pace), purpose: 'filing' },
    {
      policyOf: (number, lossAt) => whenUp(policyFor(database, policies, number, lossAt)),
      numbersOf: (notice) => whenUp(numbersOnRecord(database, keyring, notice)),
    },
  );
  switch (taken.kind) {
    case 'malformed':
      return mistakesIn('The notice of loss', taken.understood ? 422 : 400, taken.mistakes);
    case 'already-filed':
      return alreadyFiled(taken, context, request);
    default:
      return start(taken, context, request);
  }
}

async function start(
  taken: Taken,
  context: FilingContext,
  request: FastifyRequest,
): Promise<Filed | ApiProblem> {
  const { claims, database } = context;
  const { notice, numbers, policy } = taken;
  const sign = await noticeSigner(context, request, notice);
  if (typeof sign !== 'function') return sign;
  const given = present({
    sign,
    summary: summaryIn(taken),
    numbers: numbers === 'down' ? undefined : numbers.free,
  });
  const answer = await claims.file(notice, given);
  if (answer.kind === 'unavailable') return engineDown();
  // Waits so that the claim is in the lists at once. It is filed in any case.
  if (policy !== 'down' && answer.kind === 'filed') await whenUp(untilOnRecord(database, answer.claim));
  if (answer.kind === 'already-filed') return alreadyFiled({ ...answer, notice }, context, request);
  return policy === 'awaited' ? { ...answer, coverWaits: true } : answer;
}

/** Says in which fields this notice differs from what the claim has, so that they can be corrected there. */
async function alreadyFiled(
  { claim, notice }: { claim: string; notice: CompleteNotice },
  { database, keyring }: Pick<ApiContext, 'database' | 'keyring'>,
  request: FastifyRequest,
): Promise<Filed> {
  const found = await whenUp(differencesFrom(database, keyring, claim, notice));
  const differs = found === 'down' || found.length === 0 ? undefined : found;
  if (differs) request.log.info({ by: colleagueOf(request).code, claim, differs }, 'notice compared');
  return { kind: 'already-filed', claim, ...present({ differs }) };
}

/** The summary with the policy's line, branch and currency; undefined while the policy is unknown. */
const summaryIn = ({ policy, urgency, items }: Taken): string | undefined =>
  typeof policy === 'object' ? summaryOf({ ...policy, urgency, items }) : undefined;

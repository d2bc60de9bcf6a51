import type { FastifyReply, FastifyRequest } from 'fastify';
import { isClaimNumber } from '../../../../domain/ids.ts';
import type { Access } from '../../../../domain/people/permissions.ts';
import { recordLook } from '../../../../records/parties/personal-looks.ts';
import { isOnRecord } from '../../../../records/claims/stored-claim.ts';
import { barredFrom, colleagueOf } from '../../authentication.ts';
import type { ApiContext } from '../../context.ts';
import { problem, unknownClaimNumber, type ApiProblem } from '../../problem.ts';

/** Checks the permission and the claim, and records who reads what. Undefined when the person may read it. */
export async function barredFromReading(
  { database, log }: ApiContext,
  request: FastifyRequest,
  claim: string,
  access: Access,
  what: string,
): Promise<ApiProblem | undefined> {
  const colleague = colleagueOf(request);
  const barred = barredFrom(colleague, access);
  if (barred) return barred;
  if (!isClaimNumber(claim) || !(await isOnRecord(database, claim))) return unknownClaimNumber(claim);
  await recordLook(database, { by: colleague, claims: [claim], what });
  log.info({ by: colleague.code, claim, what }, 'personal data read');
  return undefined;
}

export const erased = (): ApiProblem => problem(404, 'The personal data have been erased.');

/** Browsers save the file. A customer's file never runs as a page of ours. */
export const asDownload = (reply: FastifyReply, name: string): FastifyReply =>
  reply.header('content-disposition', `attachment; filename="${name}"`);

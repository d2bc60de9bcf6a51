import type { FastifyReply, FastifyRequest } from 'fastify';
import { isClaimTail } from '../../domain/ids.ts';
import { claimsByTail } from '../../records/claims/by-tail.ts';
import { barredFrom, colleagueOf } from './authentication.ts';
import { whenUp, type ApiContext } from './context.ts';
import { problem, recordsDown, sendProblem, type ApiProblem } from './problem.ts';

type Records = Pick<ApiContext, 'database'>;

/** The number of the claim that people name by the tail in its messages; any other text as it is. */
export async function numberFor(
  { database }: Records,
  request: FastifyRequest,
  named: string,
): Promise<string | ApiProblem> {
  if (!isClaimTail(named)) return named;
  const barred = barredFrom(colleagueOf(request), 'look-at-claims');
  if (barred) return barred;
  const found = await whenUp(claimsByTail(database, named));
  if (found === 'down') return recordsDown();
  const [number] = found;
  if (number === undefined) return problem(404, `There is no claim whose number ends in ${named}.`);
  return found.length === 1
    ? number
    : problem(409, `Several claims end in ${named}: ${found.join(', ')}. Give the whole number.`);
}

/** Puts the whole number into every address that has a claim in it. */
export const claimsByTheirTail =
  (records: Records) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { params } = request;
    if (typeof params !== 'object' || params === null || !('no' in params) || typeof params.no !== 'string')
      return undefined;
    const number = await numberFor(records, request, params.no);
    if (typeof number !== 'string') return sendProblem(reply, number);
    request.params = { ...params, no: number };
    return undefined;
  };

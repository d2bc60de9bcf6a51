import type { KeyObject } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { ActName, RecordActName } from '../../domain/claim/acts.ts';
import { lacksRole, onlyLooks, type Access } from '../../domain/people/permissions.ts';
import { readToken, type TokenFault } from '../../security/tokens.ts';
import type { Colleague } from '../../records/staff/staff.ts';
import { problem, type ApiProblem } from './problem.ts';
import type { StaffCache } from './staff-cache.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The person who sends the request; absent on open routes. */
    colleague?: Colleague;
  }
  interface FastifyContextConfig {
    /** The route needs no token. */
    open?: boolean;
    /** An open route that answers more to a person with a token. */
    saysMoreToStaff?: boolean;
  }
}

export type Doorkeeper = (
  request: FastifyRequest,
) => Promise<{ kind: 'known'; colleague: Colleague } | ApiProblem>;

/** Checks bearer tokens without a database: signature, expiry, revocation, and that the person is active. */
export function doorkeeper(publicKey: KeyObject, staff: StaffCache): Doorkeeper {
  const refreshAgain = atMostEvery(1_000, () => staff.refresh());
  return async ({ headers }) => {
    const [scheme, token] = (headers.authorization ?? '').split(' ');
    if (scheme?.toLowerCase() !== 'bearer' || !token)
      return problem(
        401,
        'The Authorization header is missing: it must be "Bearer" and a token that Lipei issued.',
      );
    const read = await readToken(publicKey, token, { revoked: staff.revoked, now: new Date() });
    if (read.kind === 'denied') return problem(401, sentences[read.why]);
    // The cache lacks a person who was hired a moment ago.
    if (!staff.colleague(read.staff)) await refreshAgain();
    const colleague = staff.colleague(read.staff);
    if (!colleague && !staff.isFilled)
      return problem(
        503,
        'The records cannot be reached, and this API has never read the list of staff. ' +
          'Try again in a minute.',
      );
    if (!colleague?.active) return problem(403, `${read.staff} is not an active member of staff.`);
    return { kind: 'known', colleague };
  };
}

const sentences: Record<TokenFault, string> = {
  malformed: 'The token in the Authorization header is not one that Lipei issued.',
  signature: 'The token in the Authorization header was not signed by Lipei.',
  'other-audience': 'The token in the Authorization header is for the codec server, not for the API.',
  expired: 'The token in the Authorization header has expired; get a new one.',
  'too-long': 'The token in the Authorization header was issued for too long a time; get a new one.',
  revoked: 'The token in the Authorization header has been revoked; get a new one.',
};

/** The person who sends the request. Throws on an open route. */
export function colleagueOf({ colleague }: FastifyRequest): Colleague {
  if (!colleague) throw new Error('An open route has no authenticated person');
  return colleague;
}

/** Auditors change nothing. The claim decides about other people's acts, with today's authority. */
export const mayNotAct = (colleague: Colleague): ApiProblem | undefined =>
  onlyLooks(colleague)
    ? problem(403, `${colleague.code} is an auditor, and auditors change nothing.`)
    : undefined;

/** Checks a permission that no claim decides about, by today's roles. Undefined when the person has it. */
export function barredFrom(
  colleague: Colleague,
  what: Access | ActName | RecordActName,
): ApiProblem | undefined {
  const lacking = lacksRole(colleague, what);
  return lacking && problem(403, lacking.sentence);
}

function atMostEvery(ms: number, act: () => Promise<void>): () => Promise<void> {
  let last = { at: -Infinity, act: Promise.resolve() };
  return () => {
    if (Date.now() - last.at >= ms) last = { at: Date.now(), act: act() };
    return last.act;
  };
}

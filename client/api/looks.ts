import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isClaimNumber } from '../../domain/ids.ts';
import { onlyLooks } from '../../domain/people/permissions.ts';
import { instantOf } from '../../domain/time/time.ts';
import { keepLook } from '../../records/claims/looks.ts';
import type { ApiContext } from './context.ts';

/** Looks at one claim within this time are one. */
const againMs = 60_000;
/** More claims than are looked at in a minute. */
const remembered = 10_000;

/**
 * Keeps after each answer about a claim that somebody who acts has looked at it, or acted on it (S33). Nobody
 * waits for it.
 */
export function keepLooks(app: FastifyInstance, { database, log }: ApiContext): void {
  const latest = new Map<string, number>();
  app.addHook('onResponse', async (request, { statusCode }) => {
    const claim = claimLookedAt(request);
    const { colleague } = request;
    if (claim === undefined || !colleague || onlyLooks(colleague) || statusCode >= 400) return;
    const now = Date.now();
    if (now - (latest.get(claim) ?? 0) < againMs) return;
    if (latest.size >= remembered) latest.clear();
    latest.set(claim, now);
    keepLook(database, { claim, by: colleague.code, now: instantOf(now) }).catch((fault: unknown) => {
      latest.delete(claim);
      log.warn({ claim, fault: fault instanceof Error ? fault.name : 'unknown' }, 'a look was not kept');
    });
  });
}

/** The claim that the address names. */
function claimLookedAt({ params, routeOptions }: FastifyRequest): string | undefined {
  if (!routeOptions.url?.startsWith('/claims/:no')) return undefined;
  const number: unknown = Reflect.get(Object(params), 'no');
  return typeof number === 'string' && isClaimNumber(number) ? number : undefined;
}

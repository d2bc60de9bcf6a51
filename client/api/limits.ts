import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { LimitName, RequestLimits } from '../../config/request-limits.ts';
import { present } from '../../domain/present.ts';
import { problem, type ApiProblem } from './problem.ts';

/** Those of the API. */
type Limit = Exclude<LimitName, 'decoding'>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Which limit counts requests to the route; without it `person`, or `open` where no token is needed. */
    limit?: Limit;
  }
  interface FastifyInstance {
    /** Counts a request. A problem when its caller has sent too many. */
    tooMany: (request: FastifyRequest, limit: Limit) => Promise<ApiProblem | undefined>;
  }
}

/**
 * Counts requests by person where there is one, else by address: the socket's own, or the one that a trusted
 * proxy gives. Each process counts for itself.
 */
export async function countRequests(app: FastifyInstance, limits: RequestLimits): Promise<void> {
  await app.register(rateLimit, { global: false });
  const limiterOf = ({ requests, seconds }: RequestLimits[LimitName], by?: 'person') =>
    app.createRateLimit({
      max: requests,
      timeWindow: seconds * 1_000,
      ...present({ keyGenerator: by && personOf }),
    });
  const limiters = {
    person: limiterOf(limits.person, 'person'),
    filing: limiterOf(limits.filing, 'person'),
    importing: limiterOf(limits.importing, 'person'),
    personal: limiterOf(limits.personal, 'person'),
    open: limiterOf(limits.open),
    webhook: limiterOf(limits.webhook),
    failed: limiterOf(limits.failed),
  } satisfies Record<Limit, unknown>;
  app.decorate('tooMany', async (request, limit) => {
    const counted = await limiters[limit](request);
    return counted.isAllowed || !counted.isExceeded ? undefined : tooMany(counted.ttlInSeconds);
  });
}

const personOf = ({ colleague }: FastifyRequest): string => colleague?.code ?? '';

const tooMany = (seconds: number): ApiProblem => ({
  ...problem(429, `Too many requests came from here. Nothing was changed; send this again in ${seconds} s.`),
  retryAfter: seconds,
});

import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/**
 * The faults of every stand-in. `429` rejects the request with Retry-After. `500-made` and `500-not-made`
 * fail after and before the request is executed. `hang` executes it and never answers; `silent` executes it
 * and never reports.
 */
export const commonFaults = ['429', '500-made', '500-not-made', 'hang', 'silent'] as const;

export interface Fault<Answer extends string = (typeof commonFaults)[number]> {
  answer: Answer;
  times: number;
  retryAfterSeconds: number;
}

export interface FaultScript<Answer extends string = (typeof commonFaults)[number]> {
  /** The fault that this request meets, if any. */
  next(): Fault<Answer> | undefined;
}

/**
 * `POST /stand-in/faults` plans a fault for the next requests that change something; `DELETE` removes all.
 */
export function faultScript<const Answer extends string>(
  app: FastifyInstance,
  answers: readonly Answer[],
): FaultScript<Answer> {
  const schema = z.object({
    answer: z.enum(answers),
    times: z.int().positive().default(1),
    retryAfterSeconds: z.int().nonnegative().default(1),
  });
  let planned: Fault<Answer>[] = [];
  app.post('/stand-in/faults', async (request, reply) => {
    const fault = schema.safeParse(request.body);
    if (!fault.success) return reply.code(400).send({ error: z.prettifyError(fault.error) });
    planned.push(...Array<Fault<Answer>>(fault.data.times).fill(fault.data));
    return { planned: planned.length };
  });
  app.delete('/stand-in/faults', async () => {
    planned = [];
    return { planned: 0 };
  });
  return { next: () => planned.shift() };
}

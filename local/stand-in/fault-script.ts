import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/**
 * What a stand-in is told to do wrong: `429` refuses with Retry-After; `500-made` and `500-not-made` fail after and before doing
 * what was asked; `hang` does it and never answers; `silent` does it and never reports.
 */
export const faultSchema = z.object({
  answer: z.enum(['429', '500-made', '500-not-made', 'hang', 'silent']),
  times: z.int().positive().default(1),
  retryAfterSeconds: z.int().nonnegative().default(1),
});
export type Fault = z.infer<typeof faultSchema>;

export interface FaultScript {
  /** The fault that this request meets, if any. */
  next(): Fault | undefined;
}

/** `POST /stand-in/faults` adds a fault for the next requests that ask for something to be done, `DELETE` forgets all. */
export function faultScript(app: FastifyInstance): FaultScript {
  let planned: Fault[] = [];
  app.post('/stand-in/faults', async (request, reply) => {
    const fault = faultSchema.safeParse(request.body);
    if (!fault.success) return reply.code(400).send({ error: z.prettifyError(fault.error) });
    planned.push(...Array<Fault>(fault.data.times).fill(fault.data));
    return { planned: planned.length };
  });
  app.delete('/stand-in/faults', async () => {
    planned = [];
    return { planned: 0 };
  });
  return { next: () => planned.shift() };
}

import { z } from 'zod';
import type { Instant } from '../../domain/time/time.ts';
import { causeSchema, itemSchema, policyNumber } from './schema.ts';

/** What a notice says of the policy, the loss and the damaged objects, as far as it can be read. */
export interface NamedInNotice {
  policy: string | undefined;
  lossAt: Instant | undefined;
  cause: string | undefined;
  /** One for each item; undefined where an item is malformed. */
  objects: (string | undefined)[];
}

const object = itemSchema.shape.object;
const named = z
  .object({
    policy: policyNumber.optional().catch(undefined),
    lossAt: z.iso
      .datetime({ offset: true })
      .transform((at) => new Date(at).toISOString())
      .optional()
      .catch(undefined),
    cause: causeSchema.optional().catch(undefined),
    items: z.array(z.object({ object }).optional().catch(undefined)).catch([]),
  })
  .catch({ policy: undefined, lossAt: undefined, cause: undefined, items: [] });

/** The first half of reading a notice: the keys for the look-ups that the second half needs. */
export function namedIn(value: unknown): NamedInNotice {
  const { policy, lossAt, cause, items } = named.parse(value);
  return { policy, lossAt, cause, objects: items.map((each) => each?.object) };
}

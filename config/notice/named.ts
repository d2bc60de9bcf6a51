import { z } from 'zod';
import type { Instant } from '../../domain/time/time.ts';
import { itemSchema, policyNumber } from './schema.ts';

/** The policy, the moment of the loss and the damaged objects of a notice, as far as they can be read. */
export interface NamedInNotice {
  policy: string | undefined;
  lossAt: Instant | undefined;
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
    items: z.array(z.object({ object }).optional().catch(undefined)).catch([]),
  })
  .catch({ policy: undefined, lossAt: undefined, items: [] });

/** The first half of reading a notice: the keys for the look-ups that the second half needs. */
export function namedIn(value: unknown): NamedInNotice {
  const { policy, lossAt, items } = named.parse(value);
  return { policy, lossAt, objects: items.map((each) => each?.object) };
}

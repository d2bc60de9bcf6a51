import { z } from 'zod';
import { itemSchema, policyNumber } from './schema.ts';

/** The policy and the damaged objects of a notice, as far as they can be read. */
export interface NamedInNotice {
  policy: string | undefined;
  /** One for each item; undefined where an item is malformed. */
  objects: (string | undefined)[];
}

const object = itemSchema.shape.object;
const named = z
  .object({
    policy: policyNumber.optional().catch(undefined),
    items: z.array(z.object({ object }).optional().catch(undefined)).catch([]),
  })
  .catch({ policy: undefined, items: [] });

/** The first half of reading a notice: the keys for the look-ups that the second half needs. */
export function namedIn(value: unknown): NamedInNotice {
  const { policy, items } = named.parse(value);
  return { policy, objects: items.map((each) => each?.object) };
}

import { z } from 'zod';

const objects = z.record(z.string(), z.object({ sumInsuredMinor: z.int(), excessMinor: z.int() }));

/** What a policy covers, by damaged object, in minor units. Throws when the record is not of that shape. */
export const objectsOf = (json: unknown): Record<string, { sumInsuredMinor: number; excessMinor: number }> => objects.parse(json);

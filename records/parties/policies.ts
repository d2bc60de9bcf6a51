import { z } from 'zod';
import type { PolicyFacts } from '../../domain/claim/commands.ts';
import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

const objects = z.record(z.string(), z.object({ sumInsuredMinor: z.int(), excessMinor: z.int() }));

/** The cover of a policy by damaged object, in minor units. Throws when the record has another shape. */
export const objectsOf = (json: unknown): Record<string, { sumInsuredMinor: number; excessMinor: number }> =>
  objects.parse(json);

export type PolicyOnRecord = Policy & { facts: PolicyFacts };

/**
 * A policy in the records, with the facts for the cover check; undefined when there is none of this number.
 */
export async function policyOf(database: Database, number: string): Promise<PolicyOnRecord | undefined> {
  const [row] = await database.prepared<Policy>('policy', policyOfNumber, [number]);
  return row
    ? {
        ...row,
        facts: {
          number: row.number,
          line: row.line,
          from: row.validFrom.toISOString(),
          to: row.validTo.toISOString(),
          objects: objectsOf(row.objects),
        },
      }
    : undefined;
}

const policyOfNumber = `
  SELECT number, line, jurisdiction, branch, currency, objects,
    valid_from AS "validFrom", valid_to AS "validTo"
  FROM policy WHERE number = $1`;

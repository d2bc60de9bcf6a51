import { z } from 'zod';
import type { ErasureLine } from '../../client/own-api/schemas/erasures.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { Database } from '../database.ts';
import { signedLines } from '../journal/signed-lines.ts';

/** The act of the signed line. */
export const erasing = 'erase-party';

const signed = z.object({
  fields: z.object({
    party: z.string(),
    reason: z.string(),
    kept: z.object({ law: z.string(), until: z.string() }).optional(),
  }),
});

/** Who was erased, the oldest first: all, or those of a claim. The reader checks the proofs. */
export async function erasureLines(
  database: Pick<Database, 'signedLine'>,
  claim?: ClaimNumber,
): Promise<ErasureLine[]> {
  const lines = await signedLines(database, claim === undefined ? { act: erasing } : { claim });
  return lines
    .filter(({ act }) => act === erasing)
    .map(({ at, by, claim: of = '', proof }) => {
      const { party, reason, kept } = signed.parse(JSON.parse(proof.signed)).fields;
      return { claim: of, party, reason, at, by, ...present({ kept }) };
    });
}

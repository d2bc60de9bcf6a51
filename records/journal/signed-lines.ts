import { z } from 'zod';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import type { Database } from '../database.ts';

/** A signed line: what somebody did to the records, and the proof of it. */
export interface SignedLine {
  at: string;
  by: string;
  act: string;
  claim?: ClaimNumber;
  proof: Proof;
}

/** Keeps a line for ever. Throws when the proof's statement is no JSON. */
export async function keepLine(
  database: Pick<Database, 'signedLine'>,
  { at, by, act, claim, proof }: SignedLine,
): Promise<void> {
  await database.signedLine.create({
    data: { at, by, act, claim: claim ?? null, proof: { ...proof, certificate: { ...proof.certificate } } },
  });
}

const kept = z.object({
  signed: z.string(),
  signature: z.string(),
  certificate: z.object({ key: z.string(), from: z.string(), until: z.string(), signature: z.string() }),
});

/** The lines of a claim, or all of an act, the oldest first. The reader checks the proofs. */
export async function signedLines(
  database: Pick<Database, 'signedLine'>,
  which: { claim: ClaimNumber } | { act: string },
): Promise<SignedLine[]> {
  const rows = await database.signedLine.findMany({ where: which, orderBy: { id: 'asc' } });
  return rows.map(({ at, by, act, claim, proof }) => ({
    at: at.toISOString(),
    by,
    act,
    ...(claim === null ? {} : { claim }),
    proof: kept.parse(proof),
  }));
}

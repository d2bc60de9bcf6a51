import { z } from 'zod';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Database } from '../database.ts';
import type { SignedLine } from '../journal/signed-lines.ts';
import type { RowClass } from './plans.ts';

const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('retired'), files: z.array(z.string()) }),
  z.object({ kind: z.literal('gone') }),
  z.object({ kind: z.literal('held'), why: z.enum(['open', 'hold', 'follow-up']) }),
]);
export type Retired = z.infer<typeof answer>;

/**
 * Deletes a claim after its time, with all that the records know of it, and keeps the line. The database
 * checks the age by itself, and throws when the claim is too young. `retired` names the files of attachments
 * that may go now.
 */
export async function retireClaim(
  database: Database,
  claim: ClaimNumber,
  line: SignedLine,
): Promise<Retired> {
  const [row] = await database.prepared<{ answer: unknown }>(
    'retire-claim',
    'SELECT retire_claim($1, $2::jsonb) AS answer',
    [claim, JSON.stringify(line)],
  );
  return answer.parse(row?.answer);
}

/** Deletes at most so many rows of a class from before a time, and gives their number. */
export async function retireRows(
  database: Database,
  { name, before, atMost }: { name: RowClass; before: string; atMost: number },
): Promise<number> {
  const [row] = await database.prepared<{ gone: number }>(
    'retire-rows',
    'SELECT retire_rows($1, $2::timestamptz, $3) AS gone',
    [name, before, atMost],
  );
  return row?.gone ?? 0;
}

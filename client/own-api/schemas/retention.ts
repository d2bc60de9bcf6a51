import { z } from 'zod';
import { instant } from './shapes.ts';

/** What is deleted after the years of the law. */

export const planSchema = z.object({
  id: z.string(),
  at: instant,
  by: z.string(),
  claims: z.array(z.object({ claim: z.string(), closedAt: instant, law: z.string(), until: instant })),
  staying: z.array(
    z.object({
      claim: z.string(),
      why: z.enum(['hold', 'follow-up']).meta({ description: 'Why it is kept although its time is over' }),
    }),
  ),
  classes: z.record(
    z.string(),
    z.object({
      before: z.string().meta({ description: 'Rows from before this time go' }),
      rows: z.int(),
      oldest: z.string().optional(),
    }),
  ),
});
export type Plan = z.infer<typeof planSchema>;

export const retiredSchema = z.object({
  kind: z.literal('retired'),
  plan: z.string(),
  /** In this batch. */
  retired: z.record(z.string(), z.int()),
  archives: z.array(z.string()),
  kept: z.array(z.object({ claim: z.string(), why: z.string() })),
  isEnded: z.boolean().meta({ description: 'False: repeat the request, there is more' }),
  /** The last claim of this batch: the next one continues behind it. */
  after: z.string().optional(),
});
export type RetiredBatch = z.infer<typeof retiredSchema>;

export const heldSchema = z.object({ kind: z.enum(['held', 'released']), claim: z.string() });

/**
 * Something personal in an archive: what it is of, its name there, its party, and the sealed text; of an
 * attachment the sealed key of its file.
 */
export const sealedPiece = z.object({
  of: z.enum(['notice', 'party', 'note', 'message', 'attachment']),
  id: z.string(),
  party: z.string(),
  sealed: z.base64(),
});
export type SealedPiece = z.infer<typeof sealedPiece>;

export const openedPieceSchema = z.object({
  of: sealedPiece.shape.of,
  id: z.string(),
  value: z.unknown().optional().meta({ description: 'Absent where the person was erased' }),
});

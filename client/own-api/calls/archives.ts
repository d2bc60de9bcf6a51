import { z } from 'zod';
import type { Asking } from '../asking.ts';
import {
  heldSchema,
  openedPieceSchema,
  planSchema,
  retiredSchema,
  type SealedPiece,
} from '../schemas/retention.ts';
import { at, forPurpose } from './addresses.ts';

/** Archives of claims, and what becomes of records after the years of the law. */
export const archiveCalls = ({ one, bytes }: Asking) => ({
  archive: (no: string) => bytes(at('claims', no, 'archive'), 'POST'),
  openPieces: (no: string, pieces: SealedPiece[], purpose?: string) =>
    one({
      method: 'POST',
      path: forPurpose(at('claims', no, 'archive', 'opened'), purpose),
      body: { pieces },
      answer: z.array(openedPieceSchema),
    }),
  hold: (no: string, reason: string) =>
    one({ method: 'POST', path: at('claims', no, 'hold'), body: { reason }, answer: heldSchema }),
  release: (no: string, reason: string) =>
    one({ method: 'POST', path: at('claims', no, 'release'), body: { reason }, answer: heldSchema }),
  planRetention: () =>
    one({ method: 'POST', path: '/records/retention/plans', body: {}, answer: planSchema }),
  /** One batch, behind the claim `after`. */
  runRetention: (plan: string, after?: string) =>
    one({
      method: 'POST',
      path: at('records', 'retention', 'plans', plan, 'run'),
      body: { after },
      answer: retiredSchema,
    }),
});

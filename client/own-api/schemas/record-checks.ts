import { z } from 'zod';
import { instant } from './shapes.ts';

/** What a check of the records finds. */
export const findingKinds = [
  'changed',
  'missing',
  'forged',
  'cut',
  'deleted',
  'not running',
  'read model',
  'authority',
  'anchors',
  'unchecked',
] as const;

export const findingSchema = z.object({
  kind: z.enum(findingKinds),
  claim: z.string().optional(),
  entry: z.int().optional().meta({ description: 'The number of the first entry that is wrong' }),
  what: z.string().meta({ description: 'What is wrong, as a sentence' }),
  next: z.string().meta({ description: 'What to do next' }),
});
export type Finding = z.infer<typeof findingSchema>;

const anchored = z.object({ date: z.string(), sha256: z.string() });

/** The result of a check of all claims. */
export const checkSchema = z.object({
  began: instant,
  seconds: z.number().nonnegative(),
  claims: z.int().nonnegative(),
  entries: z.int().nonnegative().meta({ description: 'Entries that were read' }),
  found: z.int().nonnegative().meta({ description: 'How many findings there are' }),
  findings: z.array(findingSchema).max(500).meta({ description: 'The first of them' }),
  /** The next check wants to see this file again. */
  anchored: anchored.nullable().meta({ description: 'The last signed file of heads that was there' }),
});
export type RecordsCheck = z.infer<typeof checkSchema>;

export const keptCheckSchema = checkSchema.extend({ by: z.string(), at: instant });
export type KeptCheck = z.infer<typeof keptCheckSchema>;

export const knownClaimSchema = z.object({
  claim: z.string(),
  head: z.object({ seq: z.int(), hash: z.string(), at: instant }).nullable(),
  shown: z.object({ seq: z.int(), isOpen: z.boolean() }).nullable(),
  knownBy: z.array(z.string()),
  since: instant.nullable(),
});
export type KnownClaim = z.infer<typeof knownClaimSchema>;

export const storedRowSchema = z.object({
  claim: z.string(),
  seq: z.int(),
  at: z.string(),
  by: z.string(),
  kind: z.string(),
  entry: z.string(),
  previousHash: z.string(),
  hash: z.string(),
});
export type StoredRow = z.infer<typeof storedRowSchema>;

/** A run of a claim's workflow, as Temporal knows it. */
export const claimRunSchema = z.object({
  claim: z.string(),
  isRunning: z.boolean(),
  head: z.string().optional().meta({ description: 'ClaimHead: the last stored entry, seq:first 32 of hash' }),
});
export type ClaimRun = z.infer<typeof claimRunSchema>;

export const lineSchema = z.object({ claim: z.string(), act: z.string(), at: instant, proof: z.unknown() });

/** What the last check means for operations and auditors. */
export const recordsProblemSchema = z.object({
  state: z.enum(['found', 'late', 'unknown']),
  problem: z.string(),
  findings: z.array(findingSchema),
});
export type RecordsProblem = z.infer<typeof recordsProblemSchema>;

import { z } from 'zod';
import { entrySchema } from './journal.ts';
import { instant } from './shapes.ts';

/** The parts of an archive, in their order; `attachment` comes once for each attachment. */
export const archivePartNames = [
  'claim',
  'journal',
  'rules',
  'clocks',
  'notice',
  'parties',
  'notes',
  'messages',
  'payments',
  'follow-ups',
  'looks',
  'signed-lines',
  'attachments',
  'attachment',
  'contents',
  'proof',
] as const;
export type ArchivePartName = (typeof archivePartNames)[number];

/** The format of this version. A reader takes no other. */
export const archiveFormat = 1;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** Sealed under the key of a party, which no archive has: base64. */
const sealed = z.base64();
const proof = z.object({
  signed: z.string(),
  signature: z.string(),
  certificate: z.object({ key: z.string(), from: z.string(), until: z.string(), signature: z.string() }),
});

/**
 * What each part holds. Personal words are sealed under the key of their party, and no archive has a key:
 * erasing a person makes archives unreadable, too.
 */
export const archiveParts = {
  claim: z.object({
    format: z.literal(archiveFormat),
    claim: z.string(),
    /** `<number>:<hash>` of the last entry. */
    head: z.string(),
    outcome: z.string().optional(),
    /** The ids of the public root keys that were trusted. */
    roots: z.array(z.string()),
  }),
  journal: z.array(entrySchema),
  rules: z.object({
    versions: z.object({
      line: z.string(),
      jurisdiction: z.string(),
      ladders: z.array(z.string()),
      channels: z.string(),
      pace: z.string(),
    }),
    /** The text of each file, by its name: `lines/motor@1`. */
    files: z.record(z.string(), z.string()),
  }),
  /** The clock of each item's decision. */
  clocks: z.record(z.string(), z.unknown()),
  notice: z
    .object({
      source: z.string(),
      reference: z.string(),
      party: z.string(),
      sealed,
      at: instant,
    })
    .nullable(),
  parties: z.array(
    z.object({
      id: z.string(),
      role: z.string(),
      locale: z.string(),
      timeZone: z.string(),
      revision: z.int(),
      sealed,
    }),
  ),
  notes: z.array(z.object({ id: z.string(), by: z.string(), party: z.string(), at: instant, sealed })),
  messages: z.array(
    z.object({
      id: z.string(),
      channel: z.string(),
      recipient: z.string(),
      template: z.string(),
      locale: z.string(),
      purpose: z.string(),
      facts: z.unknown(),
      sealed,
      /** Of the plain text, keyed by its party. */
      bodySha256: sha256,
      state: z.string(),
      attempt: z.int(),
      plannedAt: instant,
      takenAt: instant.optional(),
      at: instant,
      providerId: z.string().optional(),
      errorCode: z.string().optional(),
      segments: z.int().optional(),
    }),
  ),
  payments: z.array(
    z.object({
      id: z.string(),
      item: z.string(),
      amountMinor: z.int(),
      excessMinor: z.int(),
      currency: z.string(),
      placedAt: instant,
      answer: z.string().optional(),
    }),
  ),
  'follow-ups': z.array(
    z.object({
      id: z.string(),
      what: z.string(),
      since: instant,
      doneAt: instant.optional(),
      doneBy: z.string().optional(),
      how: z.string().optional(),
    }),
  ),
  looks: z.array(z.object({ at: instant, by: z.string(), roles: z.array(z.string()), what: z.string() })),
  'signed-lines': z.array(z.object({ at: instant, by: z.string(), act: z.string(), proof })),
  attachments: z.array(
    z.object({
      /** Of the plain bytes: the journal has the same. */
      sha256,
      type: z.string(),
      size: z.int(),
      document: z.string(),
      item: z.string().optional(),
      by: z.string(),
      at: instant,
      party: z.string(),
      file: z.string(),
      /** The key of the file, sealed under the key of the party. */
      key: sealed,
    }),
  ),
  /** The bytes of a file, sealed under its key. */
  attachment: z.object({ file: z.string(), sealed }),
  /** Each line before this one, in order, with the SHA-256 of its bytes. */
  contents: z.array(z.object({ part: z.enum(archivePartNames), sha256 })),
  proof,
} satisfies Record<ArchivePartName, z.ZodType>;

/** A part with what it holds. */
export type ArchivePart = {
  [N in ArchivePartName]: { part: N; value: z.input<(typeof archiveParts)[N]> };
}[ArchivePartName];

/** What the signature of an archive covers, as the fields of the statement `archive-claim`. */
export const archiveFields = z.object({
  head: z.string(),
  /** The SHA-256 of the line `contents`. */
  contents: sha256,
});

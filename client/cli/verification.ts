import type { KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import canonicalize from 'canonicalize';
import { z } from 'zod';
import { environmentWith, readEnv } from '../../config/env.ts';
import { houseRules, type RuleBook } from '../../config/rules/load.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Doubt } from '../../domain/claim/signed-entries.ts';
import type { Signer, UnprovenWhy } from '../../domain/signed-payload.ts';
import { journalEntry } from '../own-api/schemas/journal.ts';
import { hashAfter } from '../../security/journal-chain.ts';
import { checkProof } from '../../security/signing.ts';
import { doubtIn } from '../check/journal.ts';
import { rootsIn } from '../../security/root-keys.ts';
import { notDone } from './stop.ts';

export type StoredEntry = JournalEntry & { hash: string };

/** One signed message of a journal: who signed what and when, or why nobody did. */
export type VerifiedMessage = { seq: number; kind: string } & (
  { verdict: 'genuine'; by: Signer; act: string; at: string } | { verdict: UnprovenWhy }
);

export interface Verification {
  entries: number;
  messages: VerifiedMessage[];
  /** The first entry whose hash does not follow; undefined when the chain is whole. */
  brokenAt: number | undefined;
  /** The first entry that does not follow from what was signed and from the rules. */
  doubt: Doubt | undefined;
}

/**
 * Verifies a journal by itself: the chain of hashes, each signature, and that each decision that money rests
 * on follows from what was signed and from the rules that the claim recorded. Needs neither Temporal nor
 * records.
 */
export function verificationOf(
  entries: StoredEntry[],
  roots: readonly KeyObject[],
  book: RuleBook = houseRules,
): Verification {
  return {
    entries: entries.length,
    messages: entries.flatMap((entry) => verified(entry, roots)),
    brokenAt: brokenAt(entries),
    doubt: doubtOf(entries.map(withoutHash), roots, book),
  };
}

/** The folder of public keys: `folder`, or that of the keys here. */
export const keyFolder = (folder: string | undefined, dataDir: string | undefined): string =>
  folder === undefined
    ? readEnv(environmentWith(dataDir ? { LIPEI_DATA: resolve(dataDir) } : {})).keys.directory
    : resolve(folder);

/** The public root keys: in the folder `roots` of `folder`, or of the keys here. Throws a Stop for none. */
export function rootsFor(folder: string | undefined, dataDir: string | undefined): KeyObject[] {
  try {
    return rootsIn(keyFolder(folder, dataDir));
  } catch (fault) {
    throw notDone(fault instanceof Error ? fault.message : String(fault));
  }
}

/** The journal in a file, as `claims journal --json` prints it. Throws a Stop for anything else. */
export function journalIn(file: string): StoredEntry[] {
  try {
    return z.array(journalEntry).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw notDone(`${file} is no journal; make one with: bin/lipei --json claims journal NUMBER > ${file}`);
  }
}

function withoutHash(stored: StoredEntry): JournalEntry {
  const { hash: _, ...entry } = stored;
  return entry;
}

function verified({ seq, kind, received }: JournalEntry, roots: readonly KeyObject[]): VerifiedMessage[] {
  if (!received?.proof) return [];
  const checked = checkProof(roots, received.proof);
  if (checked.kind === 'unproven') return [{ seq, kind, verdict: checked.why }];
  const { by, act, at } = checked.statement;
  return [{ seq, kind, verdict: 'genuine', by, act, at }];
}

function brokenAt(entries: StoredEntry[]): number | undefined {
  let previous = '';
  for (const [index, entry] of entries.entries()) {
    const hash = hashAfter(previous, canonicalize(withoutHash(entry)) ?? '');
    if (entry.seq !== index + 1 || entry.hash !== hash) return index + 1;
    previous = hash;
  }
  return undefined;
}

function doubtOf(entries: JournalEntry[], roots: readonly KeyObject[], book: RuleBook): Doubt | undefined {
  const [first] = entries;
  const claim = first?.kind === 'claim-opened' ? first.number : '';
  return doubtIn(entries, (proof) => checkProof(roots, proof), claim, book);
}

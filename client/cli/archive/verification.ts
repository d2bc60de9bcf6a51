import type { KeyObject } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import {
  archiveFields,
  archiveFormat,
  type ArchivePart,
  type ArchivePartName,
} from '../../own-api/schemas/archive.ts';
import { journalEntry } from '../../own-api/schemas/journal.ts';
import { openRuleBook, type RuleBook } from '../../../config/rules/load.ts';
import { ruleFilesOf, ruleTextsOf } from '../../../config/rules/texts.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import { evolve } from '../../../domain/claim/evolve/evolve.ts';
import { present } from '../../../domain/present.ts';
import type { Proof, Signer } from '../../../domain/signed-payload.ts';
import { checkProof } from '../../../security/signing.ts';
import type { Anchors } from '../../check/anchor-files.ts';
import { notDone } from '../stop.ts';
import { verificationOf, type StoredEntry, type Verification } from '../verification.ts';
import { readArchive, type ReadLine } from './reading.ts';

/** What is wrong with an archive, and in which part. */
export interface ArchiveFault {
  part: ArchivePartName | 'file' | 'anchors';
  line?: number;
  why: string;
}

export interface ArchiveVerification {
  claim: string;
  /** Who made it and when; absent where nobody has genuinely signed it. */
  made?: { by: Signer; at: string };
  lines: number;
  attachments: number;
  /** Attachments that the journal or the list names, without their bytes: erased, or lost before. */
  without: string[];
  messages: number;
  /** Whether the rules in the archive are those of this program. */
  rules: 'as here' | 'other than here' | 'not here';
  journal: Verification;
  /** The number of the last entry that the signed files of heads confirm; absent where nobody asked them. */
  anchoredUntil?: number;
  /** None: nothing was changed since it was signed, and all of it follows. */
  faults: ArchiveFault[];
}

/**
 * Verifies an archive by itself: each line by its hash, the list of hashes by its signature, the journal by
 * its chain, its signatures and the rules in the archive, and that what the journal names is there. Needs
 * neither Temporal nor records, nor the keys of parties. Throws a Stop for a file that is no archive.
 */
export async function verifyArchive(
  file: string,
  roots: readonly KeyObject[],
  anchors?: Anchors,
): Promise<ArchiveVerification> {
  const found = await collected(file);
  const { claim } = found;
  const entries = z.array(journalEntry).parse(found.parts.journal ?? []);
  const folder = mkdtempSync(join(tmpdir(), 'lipei-archive-'));
  try {
    const book = bookIn(folder, found.parts.rules);
    const journal = journalVerified(entries, roots, book);
    const signed = signedBy(found, roots);
    const anchored = anchors && anchoredBy(anchors, claim.claim, entries);
    return {
      claim: claim.claim,
      ...present({ made: signed.made }),
      lines: found.lines.length,
      attachments: found.attachments.length,
      without: withoutBytes(found, entries),
      messages: found.parts.messages?.length ?? 0,
      rules: comparedWithOurs(found.parts.rules),
      journal,
      ...present({ anchoredUntil: anchored?.until }),
      faults: [
        ...found.faults,
        ...changedLines(found),
        ...signed.faults,
        ...ofJournal(claim, entries, journal),
        ...ofClocks(found.parts, entries, book),
        ...ofAttachments(found),
        ...ofSignedLines(found, roots),
        ...(anchored?.faults ?? []),
      ],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Value<N extends ArchivePartName> = Extract<ArchivePart, { part: N }>['value'];
type Parts = { [N in Exclude<ArchivePartName, 'claim' | 'attachment'>]?: Value<N> };

interface Collected {
  claim: Value<'claim'>;
  parts: Parts;
  /** The files whose sealed bytes are there. */
  attachments: string[];
  lines: { line: number; part: ArchivePartName | undefined; sha256: string }[];
  faults: ArchiveFault[];
}

/** Reads all parts, and of each attachment only its name: all of them may be more than memory. */
async function collected(file: string): Promise<Collected> {
  const [lines, faults, attachments]: [Collected['lines'], ArchiveFault[], string[]] = [[], [], []];
  let claim: Value<'claim'> | undefined;
  let parts: Parts = {};
  for await (const read of linesOf(file)) {
    const part = read.kind === 'part' ? read.read.part : read.part;
    lines.push({ line: read.line, part, sha256: read.sha256 });
    if (read.kind === 'unreadable')
      faults.push({ part: read.part ?? 'file', line: read.line, why: `Line ${read.line}: ${read.why}.` });
    else if (read.read.part === 'claim') claim ??= read.read.value;
    else if (read.read.part === 'attachment') attachments.push(read.read.value.file);
    else if (read.read.part in parts)
      faults.push({ part: read.read.part, line: read.line, why: `The part ${read.read.part} comes twice.` });
    else parts = { ...parts, [read.read.part]: read.read.value };
  }
  if (!claim)
    throw notDone(
      `${file} is no archive that this version reads (format ${archiveFormat}), ` +
        'or its beginning was changed. Make one with: bin/lipei claims archive NUMBER FILE',
    );
  return { claim, parts, attachments, lines, faults };
}

async function* linesOf(file: string): AsyncGenerator<ReadLine> {
  try {
    yield* readArchive(file);
  } catch (fault) {
    throw notDone(`${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}`);
  }
}

/** Each line against the list of contents. */
function changedLines({ parts: { contents }, lines }: Collected): ArchiveFault[] {
  if (!contents) return [{ part: 'contents', why: 'The list of contents is missing or was changed.' }];
  const listed = lines.slice(0, contents.length);
  const changed = contents.flatMap(({ part, sha256 }, index): ArchiveFault[] => {
    const line = listed[index];
    if (!line || line.part === 'contents' || line.part === 'proof')
      return [{ part, why: `The part ${part} is missing.` }];
    return line.sha256 === sha256
      ? []
      : [
          {
            part,
            line: line.line,
            why: `The part ${part} was changed: its hash is not the one that was signed.`,
          },
        ];
  });
  const after = lines.slice(contents.length);
  const isInOrder = after[0]?.part === 'contents' && after[1]?.part === 'proof' && after.length === 2;
  return isInOrder
    ? changed
    : [...changed, { part: 'file', why: 'Contents and proof are not the last two lines of the file.' }];
}

/** Who signed the list of contents. */
function signedBy(
  { claim, parts: { proof }, lines }: Collected,
  roots: readonly KeyObject[],
): { made?: { by: Signer; at: string }; faults: ArchiveFault[] } {
  if (!proof) return { faults: [{ part: 'proof', why: 'The signature is missing or was changed.' }] };
  const checked = checkProof(roots, proof);
  if (checked.kind === 'unproven' || !isPlainlyWritten(proof))
    return {
      faults: [
        {
          part: 'proof',
          why:
            checked.kind === 'unproven' && checked.why === 'unknown-signer'
              ? 'No root key here certified its signer: give the folder with the public root keys by --keys.'
              : 'Nobody has genuinely signed it.',
        },
      ],
    };
  const { statement } = checked;
  const fields = archiveFields.safeParse(statement.fields).data;
  const list = lines.find(({ part }) => part === 'contents');
  const isThis = statement.act === 'archive-claim' && statement.claim === claim.claim;
  const faults: ArchiveFault[] = [
    ...(isThis
      ? []
      : [{ part: 'proof' as const, why: 'It was signed for another claim or for another act.' }]),
    ...(fields?.contents === list?.sha256
      ? []
      : [{ part: 'contents' as const, why: 'The list of contents is not the one that was signed.' }]),
    ...(fields?.head === claim.head
      ? []
      : [{ part: 'claim' as const, why: 'The journal ended elsewhere when the archive was signed.' }]),
  ];
  return { made: { by: statement.by, at: statement.at }, faults };
}

/** In base64 several last letters stand for the same bytes: only one of them was written. */
const isPlainlyWritten = ({ signature, certificate }: Proof): boolean =>
  [signature, certificate.key, certificate.signature].every(
    (text) => Buffer.from(text, 'base64url').toString('base64url') === text,
  );

function ofJournal(
  { claim, head }: Value<'claim'>,
  entries: StoredEntry[],
  { brokenAt, doubt }: Verification,
): ArchiveFault[] {
  const [first, last] = [entries[0], entries.at(-1)];
  const isHead = head === `${last?.seq ?? 0}:${last?.hash ?? ''}`;
  const isOfClaim = first?.kind === 'claim-opened' && first.number === claim;
  return [
    ...(isOfClaim ? [] : [{ part: 'journal' as const, why: `It is not the journal of ${claim}.` }]),
    ...(isHead
      ? []
      : [{ part: 'journal' as const, why: 'The journal does not end where the archive says.' }]),
    ...(brokenAt === undefined
      ? []
      : [{ part: 'journal' as const, why: `The hash of entry ${brokenAt} does not follow.` }]),
    ...(doubt ? [{ part: 'journal' as const, why: `Entry ${doubt.seq} is doubtful: ${doubt.why}` }] : []),
  ];
}

/** Rules that cannot be read are a doubt about the first entry. */
function journalVerified(entries: StoredEntry[], roots: readonly KeyObject[], book: RuleBook): Verification {
  try {
    return verificationOf(entries, roots, book);
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    const doubt: Verification['doubt'] = { kind: 'doubtful', seq: 1, why };
    return { entries: entries.length, messages: [], brokenAt: undefined, doubt };
  }
}

function withoutBytes({ parts, attachments }: Collected, entries: StoredEntry[]): string[] {
  const listed = parts.attachments ?? [];
  const named = entries.flatMap((entry) => (entry.kind === 'document-received' ? entry.attachment : []));
  const isThere = (sha256: string): boolean =>
    listed.some((each) => each.sha256 === sha256 && attachments.includes(each.file));
  return [...new Set([...named, ...listed.map(({ sha256 }) => sha256)])].filter((each) => !isThere(each));
}

/** The rules in the archive as a book; only names of rule files become names of files. */
function bookIn(folder: string, rules: Value<'rules'> | undefined): RuleBook {
  for (const [name, text] of Object.entries(rules?.files ?? {})) {
    if (!rules || !ruleFilesOf(rules.versions).includes(name) || basename(name) !== name.split('/')[1])
      continue;
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    writeFileSync(join(folder, `${name}.json`), text);
  }
  return openRuleBook(folder);
}

function comparedWithOurs(rules: Value<'rules'> | undefined): ArchiveVerification['rules'] {
  if (!rules) return 'not here';
  try {
    return isDeepStrictEqual(ruleTextsOf(rules.versions), rules.files) ? 'as here' : 'other than here';
  } catch {
    return 'not here';
  }
}

/** The clocks follow from the journal. */
function ofClocks({ clocks }: Parts, entries: StoredEntry[], book: RuleBook): ArchiveFault[] {
  const folded = clocksIn(entries, book);
  return folded === undefined || isDeepStrictEqual(clocks, folded)
    ? []
    : [{ part: 'clocks', why: 'The clocks are not those that the journal adds up to.' }];
}

function clocksIn(entries: StoredEntry[], book: RuleBook): Record<string, unknown> | undefined {
  const [first] = entries;
  if (first?.kind !== 'claim-opened') return undefined;
  try {
    const pack = book.recorded(first.rules);
    let claim: Claim | undefined;
    for (const { hash: _, ...entry } of entries) claim = evolve(claim, entry, pack);
    const items = claim?.items ?? [];
    return Object.fromEntries(items.flatMap(({ id, clock }) => (clock ? [[id, clock]] : [])));
  } catch {
    return undefined;
  }
}

/** No bytes beside those that are listed. */
function ofAttachments({ parts, attachments }: Collected): ArchiveFault[] {
  const listed = new Set(parts.attachments?.map(({ file }) => file));
  return attachments
    .filter((file) => !listed.has(file))
    .map((file) => ({ part: 'attachment', why: `The file ${file.slice(0, 12)} is in no list.` }));
}

function ofSignedLines({ claim, parts }: Collected, roots: readonly KeyObject[]): ArchiveFault[] {
  return (parts['signed-lines'] ?? []).flatMap(({ act, at, proof }): ArchiveFault[] => {
    const checked = checkProof(roots, proof);
    const isGenuine =
      checked.kind === 'genuine' && checked.statement.act === act && checked.statement.claim === claim.claim;
    return isGenuine ? [] : [{ part: 'signed-lines', why: `Nobody has genuinely signed ${act} of ${at}.` }];
  });
}

/** The last signed head of the claim must be on its chain. A file that is wrong confirms nothing. */
function anchoredBy(
  { heads, gone, findings }: Anchors,
  claim: string,
  entries: StoredEntry[],
): { until: number; faults: ArchiveFault[] } {
  const wrong = findings.map(({ what }): ArchiveFault => ({ part: 'anchors', why: what }));
  const head = heads.get(claim) ?? gone.get(claim);
  if (!head)
    return {
      until: 0,
      faults: [...wrong, { part: 'anchors', why: `No signed file of heads has ${claim}.` }],
    };
  if (entries[head.seq - 1]?.hash === head.hash) return { until: head.seq, faults: wrong };
  const why = `Entry ${head.seq} is not the one that the signed files of heads have.`;
  return { until: 0, faults: [...wrong, { part: 'journal', why }] };
}

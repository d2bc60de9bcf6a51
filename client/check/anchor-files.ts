import { createHash, type KeyObject } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { ClaimNumber } from '../../domain/ids.ts';
import { isAnchorSignature, sha256Of, signAnchor, type AnchorKey } from '../../security/anchor-keys.ts';
import type { ChainEnd } from '../../security/journal-chain.ts';
import type { Finding } from '../own-api/schemas/record-checks.ts';
import { finding } from './findings.ts';

/**
 * A signed file of heads for each day, outside the database: `2026-11-27.anchors`. Its first line is the
 * header; then come the heads that changed since the file before, `CLAIM SEQ HASH`, and `CLAIM gone` for a
 * journal that was deleted rightly; the last line is the signature over all lines before. Each file has the
 * SHA-256 of the one before, so none can be taken out or exchanged.
 */
const headerSchema = z.strictObject({
  date: z.iso.date(),
  at: z.iso.datetime(),
  /** SHA-256 of the file before; null in the first one. */
  previous: z.string().nullable(),
  /** The id of the anchor key. */
  key: z.string(),
  /** How many lines of each sort follow. */
  heads: z.int().nonnegative(),
  gone: z.int().nonnegative(),
  /** Journals that an auditor has accepted as they are up to an entry, with the reason. */
  accepted: z.array(z.strictObject({ claim: z.string(), seq: z.int().nonnegative(), reason: z.string() })),
});
type Header = z.infer<typeof headerSchema>;

const lastLine = z.strictObject({ signature: z.string() });

export interface Head extends ChainEnd {
  claim: ClaimNumber;
}

/** A file that was written: the next one has its hash. */
export interface Anchored {
  date: string;
  sha256: string;
}

/** What the files of a folder say. */
export interface Anchors {
  /** The last head of each claim that a genuine file has. */
  heads: Map<ClaimNumber, ChainEnd>;
  /** The last head of each claim that was deleted rightly since. */
  gone: Map<ClaimNumber, ChainEnd>;
  /** Up to which entry an auditor has accepted a journal, although it is not as it should be. */
  accepted: Map<ClaimNumber, number>;
  last: (Anchored & { at: string }) | undefined;
  files: number;
  findings: Finding[];
  /** Days without a file between two that follow each other: nothing was written, and nothing is lost. */
  missedDays: string[];
}

const suffix = '.anchors';
const nameOf = (date: string): string => `${date}${suffix}`;

/**
 * Reads all files of a folder, the oldest first. Names each that is changed, missing, of another key or of no
 * own day; what such a file says counts for nothing. `seen` is the last file of an earlier look.
 */
export async function readAnchors(
  folder: string,
  keys: ReadonlyMap<string, KeyObject>,
  seen: Anchored | null = null,
): Promise<Anchors> {
  const anchors: Anchors = {
    heads: new Map(),
    gone: new Map(),
    accepted: new Map(),
    last: undefined,
    files: 0,
    findings: [],
    missedDays: [],
  };
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(suffix)) : [];
  let isSeen = seen === null;
  for (const name of names.toSorted()) {
    const read = await readFile(join(folder, name), keys);
    const wrong = read.wrong ?? misplaced(name, read.header, anchors);
    anchors.files += 1;
    if (wrong) anchors.findings.push(finding('anchors', {}, `The file ${name} ${wrong}`));
    if (!read.header) continue;
    const { date, at } = read.header;
    if (name !== nameOf(date)) continue;
    if (!wrong) {
      for (const { claim, seq, hash } of read.heads) anchors.heads.set(claim, { seq, hash });
      for (const claim of read.gone) {
        const head = anchors.heads.get(claim);
        if (head) anchors.gone.set(claim, head);
        anchors.heads.delete(claim);
      }
      for (const { claim, seq } of read.header.accepted) anchors.accepted.set(claim, seq);
      if (anchors.last) anchors.missedDays.push(...daysBetween(anchors.last.date, date));
    }
    anchors.last = { date, at, sha256: read.sha256 };
    isSeen ||= seen?.date === date && seen.sha256 === read.sha256;
  }
  if (!isSeen && seen)
    anchors.findings.push(
      finding(
        'anchors',
        {},
        `The last check saw the file ${nameOf(seen.date)} with another content: it was removed or exchanged`,
      ),
    );
  return anchors;
}

function misplaced(name: string, header: Header | undefined, { last }: Anchors): string | undefined {
  if (!header) return undefined;
  const { date, previous } = header;
  if (name !== nameOf(date))
    return `is for ${date}, which has a file of its own name: a second one for one day`;
  if (!last)
    return previous === null ? undefined : 'continues a file that is not here: those before it are missing';
  if (previous === last.sha256) return undefined;
  return previous === null
    ? `begins anew, although ${nameOf(last.date)} comes before it`
    : `does not continue ${nameOf(last.date)}: a file between them is missing, or was exchanged`;
}

interface Read {
  header: Header | undefined;
  heads: Head[];
  gone: ClaimNumber[];
  sha256: string;
  /** Why nothing of it counts. */
  wrong: string | undefined;
}

/** Line by line: the first file has every claim. */
async function readFile(path: string, keys: ReadonlyMap<string, KeyObject>): Promise<Read> {
  const whole = createHash('sha256');
  const signed = createHash('sha256');
  const read: Read = { header: undefined, heads: [], gone: [], sha256: '', wrong: undefined };
  let held: string | undefined;
  let isStrange = false;
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    whole.update(`${line}\n`);
    if (held !== undefined) {
      signed.update(`${held}\n`);
      if (!read.header) read.header = parsed(headerSchema, held);
      else isStrange = !takeLine(read, held) || isStrange;
    }
    held = line;
  }
  read.sha256 = whole.digest('hex');
  const { header, heads, gone } = read;
  const signature = parsed(lastLine, held ?? '')?.signature;
  const key = header && keys.get(header.key);
  if (!header || signature === undefined || isStrange) read.wrong = 'is not whole: it was changed or cut';
  else if (!key) read.wrong = `is signed by ${header.key}, which is no anchor key here (anchors/*.pem)`;
  else if (!isAnchorSignature(key, signed.digest('hex'), signature))
    read.wrong = 'was changed: its signature does not fit';
  else if (header.heads !== heads.length || header.gone !== gone.length)
    read.wrong = 'is not whole: its header counts other lines';
  return read;
}

function takeLine({ heads, gone }: Read, line: string): boolean {
  const [, claim = '', seq = '', hash = ''] = /^(\S+) (?:gone|(\d+) ([0-9a-f]{64}))$/.exec(line) ?? [];
  if (claim === '') return false;
  if (seq === '') gone.push(claim);
  else heads.push({ claim, seq: Number(seq), hash });
  return true;
}

function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

const dayMs = 86_400_000;
export const dayOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let ms = Date.parse(first) + dayMs; ms < Date.parse(last); ms += dayMs) days.push(dayOf(ms));
  return days;
}

/** What a new file says. */
export interface ToAnchor {
  now: Date;
  previous: Anchored | undefined;
  heads: readonly Head[];
  gone: readonly ClaimNumber[];
  accepted: Header['accepted'];
}

/**
 * Writes the file of a day and returns it; nobody sees half of it. Throws when the day has one
 * already: a second one could hide the first.
 */
export function writeAnchor(
  folder: string,
  key: AnchorKey,
  { now, previous, heads, gone, accepted }: ToAnchor,
): Anchored & { file: string } {
  const at = now.toISOString();
  const date = at.slice(0, 10);
  const file = join(folder, nameOf(date));
  if (existsSync(file)) throw new Error(`${file} exists already: each day has one file.`);
  if (previous && previous.date > date)
    throw new Error(`The last file is of ${previous.date}, and today is ${date}: set the clock right.`);
  const header: Header = {
    date,
    at,
    previous: previous?.sha256 ?? null,
    key: key.id,
    heads: heads.length,
    gone: gone.length,
    accepted,
  };
  const lines = [
    JSON.stringify(header),
    ...heads.map(({ claim, seq, hash }) => `${claim} ${seq} ${hash}`),
    ...gone.map((claim) => `${claim} gone`),
  ];
  const body = `${lines.join('\n')}\n`;
  const text = `${body}${JSON.stringify({ signature: signAnchor(key, sha256Of(body)) })}\n`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, text, { mode: 0o600 });
  // Unlike a renaming, a link never takes the place of a file that another writer has just made.
  linkSync(whole, file);
  unlinkSync(whole);
  return { date, sha256: sha256Of(text), file };
}

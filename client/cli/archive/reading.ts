import { createReadStream } from 'node:fs';
import { z } from 'zod';
import {
  archiveParts,
  archivePartNames,
  type ArchivePart,
  type ArchivePartName,
} from '../../own-api/schemas/archive.ts';
import { linesIn, lineOf, sha256Of } from '../../../security/archive-lines.ts';

/** One line of an archive: a part, or why it is none. */
export type ReadLine = {
  /** The number of the line, from 1. */
  line: number;
  sha256: string;
} & ({ kind: 'part'; read: ArchivePart } | { kind: 'unreadable'; part?: ArchivePartName; why: string });

/** The lines of an archive, one at a time. Throws when the file cannot be read. */
export async function* readArchive(file: string): AsyncGenerator<ReadLine> {
  let line = 0;
  for await (const bytes of linesIn(createReadStream(file))) {
    line += 1;
    yield { line, sha256: sha256Of(bytes), ...partIn(bytes) };
  }
}

type Reading =
  { kind: 'part'; read: ArchivePart } | { kind: 'unreadable'; part?: ArchivePartName; why: string };

const shape = z.object({ part: z.enum(archivePartNames), value: z.unknown() });

/** A part has one spelling: the same value in another one is a change, too. */
function partIn(bytes: Uint8Array): Reading {
  const named = shape.safeParse(parsed(bytes));
  if (!named.success) return { kind: 'unreadable', why: 'it is no part of an archive' };
  const { part, value } = named.data;
  if (!Buffer.from(lineOf(part, value)).equals(bytes))
    return { kind: 'unreadable', part, why: 'it is written otherwise than Lipei writes it' };
  const read = partOf(part, value);
  return read
    ? { kind: 'part', read }
    : { kind: 'unreadable', part, why: 'it lacks what this version expects of it' };
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** The value as the archive has it, if it has the shape of its part. */
function partOf(part: ArchivePartName, value: unknown): ArchivePart | undefined;
function partOf(part: ArchivePartName, value: unknown): unknown {
  return archiveParts[part].safeParse(value).success ? { part, value } : undefined;
}

import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import type { ArchivePart } from '../own-api/schemas/archive.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import { partsOf } from '../../records/archive/parts.ts';
import { keepLine } from '../../records/journal/signed-lines.ts';
import { lineOf, sha256Of } from '../../security/archive-lines.ts';
import type { ApiContext } from './context.ts';
import { isProblem, problem, type ApiProblem } from './problem.ts';
import { signLine } from './signing.ts';

/** An archive as it is made: its lines, and after the last one what was signed. */
export interface ArchiveInMaking {
  kind: 'archive';
  /** Its value at the end: the hash of the list of contents, which identifies the archive. */
  lines: AsyncGenerator<string, string>;
}

/**
 * Makes the archive of a claim, line by line. The person who asks for it signs it; the records keep the
 * signature as a signed line before the last line of the archive leaves. A problem when there is no journal.
 */
export async function archiveOf(
  context: ApiContext,
  request: FastifyRequest,
  claim: ClaimNumber,
): Promise<ArchiveInMaking | ApiProblem> {
  const parts = partsOf(context, claim);
  const first = await parts.next();
  if (first.done || first.value.part !== 'claim')
    return problem(404, `The records have no journal of a claim ${claim}, so there is nothing to archive.`);
  const { head } = first.value.value;
  // Signs nothing yet: it finds out who may sign before a line has left.
  const trial = await signLine(context, request, { claim, act: 'archive-claim', fields: { head } });
  if (isProblem(trial)) return trial;
  return { kind: 'archive', lines: linesOf(context, request, { claim, head, first: first.value, parts }) };
}

async function* linesOf(
  context: ApiContext,
  request: FastifyRequest,
  {
    claim,
    head,
    first,
    parts,
  }: { claim: ClaimNumber; head: string; first: ArchivePart; parts: AsyncGenerator<ArchivePart> },
): AsyncGenerator<string, string> {
  const contents: { part: string; sha256: string }[] = [];
  const made = ({ part, value }: ArchivePart): string => {
    const line = lineOf(part, value);
    contents.push({ part, sha256: sha256Of(line) });
    return `${line}\n`;
  };
  yield made(first);
  for await (const part of parts) yield made(part);
  const list = lineOf('contents', contents);
  const signed = await signLine(context, request, {
    claim,
    act: 'archive-claim',
    fields: { head, contents: sha256Of(list) },
  });
  if (isProblem(signed)) throw new Error(signed.detail);
  await keepLine(context.database, signed.line);
  yield `${list}\n`;
  yield `${lineOf('proof', plain(signed.line.proof))}\n`;
  return sha256Of(list);
}

const plain = ({ signed, signature, certificate }: Proof): object => ({
  signed,
  signature,
  certificate: { ...certificate },
});

/**
 * Puts the archive of a claim into the folder of archives, whole or not at all. Gives the name of the file
 * and the hash of its list of contents.
 */
export async function keepArchive(
  context: ApiContext,
  request: FastifyRequest,
  claim: ClaimNumber,
): Promise<{ kind: 'kept'; file: string; contents: string } | ApiProblem> {
  const archive = await archiveOf(context, request, claim);
  if (isProblem(archive)) return archive;
  await mkdir(context.archivesFolder, { recursive: true, mode: 0o700 });
  const path = join(context.archivesFolder, `.${claim}-${randomUUID()}`);
  try {
    let contents = '';
    const lines = async function* written(): AsyncGenerator<string> {
      contents = yield* archive.lines;
    };
    await pipeline(Readable.from(lines()), createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    await onDisk(path);
    const file = `${claim}-${contents.slice(0, shownDigits)}.archive`;
    await rename(path, join(context.archivesFolder, file));
    await onDisk(context.archivesFolder);
    return { kind: 'kept', file, contents };
  } finally {
    await rm(path, { force: true });
  }
}

/** Enough of a hash to tell two archives of a claim apart: two may be made at once. */
const shownDigits = 12;

export const archiveName = (claim: ClaimNumber): string => `${claim}.archive`;

async function onDisk(path: string): Promise<void> {
  const place = await open(path, 'r');
  await place.sync().finally(() => place.close());
}

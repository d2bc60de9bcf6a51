import type { SealedPiece } from '../../own-api/schemas/retention.ts';
import { notDone } from '../stop.ts';
import { readArchive } from './reading.ts';

/** What is personal in an archive, in its order, as it lies there sealed. Throws a Stop for no archive. */
export async function sealedIn(file: string): Promise<{ claim: string; pieces: SealedPiece[] }> {
  let claim = '';
  const pieces: SealedPiece[] = [];
  for await (const line of readArchive(file)) {
    if (line.kind === 'unreadable')
      throw notDone(`${file}, line ${line.line}: ${line.why}; verify it first.`);
    const { read } = line;
    if (read.part === 'claim') claim = read.value.claim;
    if (read.part === 'notice' && read.value)
      pieces.push({ of: 'notice', id: 'notice', sealed: read.value.sealed });
    if (read.part === 'parties')
      pieces.push(...read.value.map(({ id, sealed }) => ({ of: 'party' as const, id, sealed })));
    if (read.part === 'notes')
      pieces.push(...read.value.map(({ id, sealed }) => ({ of: 'note' as const, id, sealed })));
    if (read.part === 'messages')
      pieces.push(...read.value.map(({ id, sealed }) => ({ of: 'message' as const, id, sealed })));
  }
  return { claim, pieces };
}

import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * The lines of an archive: each is the canonical JSON (RFC 8785) of a part and ends in a line feed. So a part
 * has one spelling, and any changed byte changes its hash. Lines need no library to be read after many years,
 * and a reader holds one of them at a time.
 */
export const lineOf = (part: string, value: unknown): string => canonicalize({ part, value }) ?? '';

export const sha256Of = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

const lineFeed = 10;

/** The lines of a stream of bytes, without their line feeds. */
export async function* linesIn(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  for await (const chunk of stream) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      yield Buffer.concat([...pieces, chunk.subarray(from, at)]);
      [pieces, from] = [[], at + 1];
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  if (pieces.length > 0) yield Buffer.concat(pieces);
}

import { createHmac, createSecretKey } from 'node:crypto';
import { compared, type Marking } from '../domain/people/marks.ts';

/**
 * Makes marks with the secret of contact hashes (`contact-hash.ts`), which never changes. A mark of one kind
 * is never that of another.
 */
export function markingWith(secret: Buffer): Marking {
  const hash = hashingWith(secret);
  return (kind, written) => `${kind}:${hash(`mark:${kind}:${compared(kind, written)}`)}`;
}

/** Makes keyed hashes of whole texts with the same secret: without it nobody can try them out. */
export function contentHashWith(secret: Buffer): (text: string) => string {
  const hash = hashingWith(secret);
  return (text) => hash(`content:${text}`);
}

/** A key object is made once: with a buffer each hash would take six times as long. */
function hashingWith(secret: Buffer): (text: string) => string {
  const key = createSecretKey(secret);
  return (text) => createHmac('sha256', key).update(text).digest('base64url');
}

import { createHmac } from 'node:crypto';
import { compared, type Marking } from '../domain/people/marks.ts';

/**
 * Makes marks with the secret of contact hashes (`contact-hash.ts`), which never changes. A mark of one kind
 * is never that of another.
 */
export const markingWith =
  (secret: Buffer): Marking =>
  (kind, written) =>
    `${kind}:${createHmac('sha256', secret)
      .update(`mark:${kind}:${compared(kind, written)}`)
      .digest('base64url')}`;

/** Makes keyed hashes of whole texts with the same secret: without it nobody can try them out. */
export const contentHashWith =
  (secret: Buffer) =>
  (text: string): string =>
    createHmac('sha256', secret).update(`content:${text}`).digest('base64url');

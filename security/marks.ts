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

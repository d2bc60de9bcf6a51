import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Key, Keyring } from './keyring.ts';

/**
 * The end of a page as one opaque word for the address of the next page: JSON, and a mark (HMAC-SHA-256, cut
 * short) that only programs with the payload keys can make. It is valid for the list of `address` (path and
 * query) alone, with its filters and its order; the length of a page may change.
 */
export function sealCursor({ newest }: Keyring, address: string, end: unknown): string {
  const text = Buffer.from(JSON.stringify(end)).toString('base64url');
  return `${text}.${markOf(newest, listAt(address), text).toString('base64url')}`;
}

/** The end of the page in a cursor. Undefined unless `sealCursor` made it for this list, by a key of ours. */
export function openCursor({ keys }: Keyring, address: string, cursor: string): { end: unknown } | undefined {
  const list = listAt(address);
  const [, text = '', given = ''] = /^([\w-]+)\.([\w-]{24})$/.exec(cursor) ?? [];
  const mark = Buffer.from(given, 'base64url');
  const isOurs =
    mark.length === markBytes && keys.some((key) => timingSafeEqual(markOf(key, list, text), mark));
  return isOurs ? { end: JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) } : undefined;
}

const markBytes = 18;

/** The address without the place in the list and without the length of a page. */
function listAt(address: string): string {
  const [path = '', search = ''] = address.split('?');
  const query = new URLSearchParams(search);
  query.delete('after');
  query.delete('limit');
  query.sort();
  return `${path}?${query}`;
}

/** The key is used under a name of its own, so that a mark says nothing about what else the key protects. */
function markOf({ secret }: Key, list: string, text: string): Buffer {
  const own = createHmac('sha256', secret).update('lipei-cursor').digest();
  return createHmac('sha256', own).update(`${list}\n${text}`).digest().subarray(0, markBytes);
}

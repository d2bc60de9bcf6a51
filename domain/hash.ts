import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/**
 * SHA-256, in hex, of a value's canonical JSON (RFC 8785): equal values have equal hashes, whatever the order
 * of their keys.
 */
export const hashOf = (value: unknown): string =>
  bytesToHex(sha256(utf8ToBytes(canonicalize(value) ?? 'null')));

/**
 * The same for a value that anybody may have sent. Undefined where it has no canonical JSON: half a character
 * survives JSON, and so does a nesting that is too deep to read.
 */
export function hashIfAny(value: unknown): string | undefined {
  try {
    return hashOf(value);
  } catch {
    return undefined;
  }
}

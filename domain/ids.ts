import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';
import { foldedIdentity } from './folding.ts';

/** The number that people write and say: `L7K3M-9Q2X4`. */
export type ClaimNumber = string;

/** `item-1`, in the order of the notice of loss. */
export type ItemId = string;

/** Digits and letters that nobody confuses on the telephone (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The same notice of loss is the same claim, whatever way it arrives: the number derives from its source and
 * reference. A number short enough for the telephone may belong to two notices; the later one then takes its
 * `nth` number.
 */
export function claimNumber(source: string, reference: string, nth = 1): ClaimNumber {
  const digest = sha256(
    utf8ToBytes(JSON.stringify(nth === 1 ? [source, reference] : [source, reference, nth])),
  );
  const characters = Array.from(digest.slice(0, 9), (byte) => alphabet[byte % 32]);
  return `L${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`;
}

/**
 * The possible numbers of a notice of loss, in this order. Among a million claims one notice in thirty
 * million finds its first number taken; none finds all four taken.
 */
export const numbersOf = (source: string, reference: string): ClaimNumber[] =>
  [1, 2, 3, 4].map((nth) => claimNumber(source, reference, nth));

export const isClaimNumber = (value: string): boolean =>
  /^L[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/.test(value);

/** The last five signs, which every text message gives: `9Q2X4`. */
export type ClaimTail = string;

export const isClaimTail = (value: string): boolean => /^[0-9A-HJKMNP-TV-Z]{5}$/.test(value);

/** The letters that no number has are read as the digits that they look like (Crockford's base 32). */
export const unmistakable = (signs: string): string => signs.replaceAll('O', '0').replace(/[IL]/g, '1');

/**
 * A claim number, or its tail, as somebody wrote it down: without its hyphen, in small letters, in full
 * width, with an O for 0 and an I or L for 1. Other text stays as it is, without blanks around.
 */
export function foldedClaim(text: string): ClaimNumber | ClaimTail {
  const signs = foldedIdentity(text).toUpperCase().replace(/[\s-]/g, '');
  const read = unmistakable(signs);
  const number = `L${read.slice(1, 5)}-${read.slice(5)}`;
  if (/^[L1I]/.test(signs) && isClaimNumber(number)) return number;
  return isClaimTail(read) ? read : text.trim();
}

export const workflowIdOf = (claim: ClaimNumber): string => `claim-${claim}`;

/** Undefined for a workflow that somebody started by hand under another id. */
export const claimOfWorkflow = (workflowId: string): ClaimNumber | undefined =>
  [workflowId.replace(/^claim-/, '')].find(isClaimNumber);

/**
 * The id of one payment at the bank, in the ledger and in the journal. A new attempt after a return is a new
 * payment.
 */
export const paymentId = (claim: ClaimNumber, item: ItemId, n: number): string =>
  `${claim}-${item}-payment-${n}`;

import { sha256 } from '@noble/hashes/sha2.js';
import { utf8ToBytes } from '@noble/hashes/utils.js';

/** What people write and say: `L7K3M-9Q2X4`. */
export type ClaimNumber = string;

/** `item-1`, in the order of the notice of loss. */
export type ItemId = string;

/** Digits and letters that nobody confuses on the telephone (Crockford's base 32). */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The same notice of loss is the same claim, from whatever channel it comes: the number derives from who
 * knows it and as what. What
 * people can say on the telephone is short enough for two notices to have the same; the later one then goes
 * by its `nth`.
 */
export function claimNumber(source: string, reference: string, nth = 1): ClaimNumber {
  const digest = sha256(
    utf8ToBytes(JSON.stringify(nth === 1 ? [source, reference] : [source, reference, nth])),
  );
  const characters = Array.from(digest.slice(0, 9), (byte) => alphabet[byte % 32]);
  return `L${characters.slice(0, 4).join('')}-${characters.slice(4).join('')}`;
}

/**
 * All that a notice of loss may go by, in this order. Beside a million claims one notice in thirty million
 * finds its first taken, and none ever all four.
 */
export const numbersOf = (source: string, reference: string): ClaimNumber[] =>
  [1, 2, 3, 4].map((nth) => claimNumber(source, reference, nth));

export const isClaimNumber = (value: string): boolean =>
  /^L[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}$/.test(value);

export const workflowIdOf = (claim: ClaimNumber): string => `claim-${claim}`;

/** Undefined for a workflow that somebody started by hand under another id. */
export const claimOfWorkflow = (workflowId: string): ClaimNumber | undefined =>
  [workflowId.replace(/^claim-/, '')].find(isClaimNumber);

/**
 * The key under which the bank, the ledger and the journal know one payment; a new attempt after a return is
 * a new payment.
 */
export const paymentId = (claim: ClaimNumber, item: ItemId, n: number): string =>
  `${claim}-${item}-payment-${n}`;

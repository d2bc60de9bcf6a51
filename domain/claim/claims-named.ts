import { plainSigns } from '../folding.ts';
import { isClaimNumber, isClaimTail, unmistakable, type ClaimNumber, type ClaimTail } from '../ids.ts';

/**
 * Instead of a claim's number, for what belongs to no claim that we know. Paths of the API fold numbers and
 * tails; it is longer than a tail.
 */
export const noClaim = 'NO-CLAIM';

/** What a text may name: whole numbers of claims, and tails as our texts give them (the last five). */
export interface ClaimsNamed {
  numbers: ClaimNumber[];
  tails: ClaimTail[];
}

const wholeNumber = /(?<![0-9A-Z])L ?([0-9A-Z]{4})[\s\p{Pd}]*([0-9A-Z]{5})(?![0-9A-Z])/gu;
const tail = /(?<![0-9A-Z])(?=[A-Z]*[0-9])[0-9A-Z]{5}(?![0-9A-Z])/gu;

/**
 * The claims that a text may name, as people type them: in any case or width, without the hyphen, O for 0. A
 * tail has a digit, so that ordinary words are none.
 */
export function claimsNamedIn(text: string): ClaimsNamed {
  const plain = plainSigns(text).toUpperCase();
  const numbers = Array.from(
    plain.matchAll(wholeNumber),
    ([, head = '', end = '']) => `L${unmistakable(head)}-${unmistakable(end)}`,
  ).filter(isClaimNumber);
  const tails = Array.from(plain.matchAll(tail), ([word]) => unmistakable(word)).filter(isClaimTail);
  return { numbers: [...new Set(numbers)], tails: [...new Set(tails)] };
}

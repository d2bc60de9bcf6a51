import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isValidIBAN } from 'ibantools';
import { z } from 'zod';
import { plainSigns } from '../domain/folding.ts';

/** The check digits of account numbers: most mistyped numbers fail. */
const checks = {
  iban: (account: string) => isValidIBAN(account),
  luhn: (account: string) => sumOf(account, [1, 2]) % 10 === 0,
  /** The routing number of an American bank, as the American Bankers Association defines it. */
  routing: (account: string) => sumOf(account.slice(0, 9), [1, 7, 3], (product) => product) % 10 === 0,
};

/** The digits from the last to the first, each times its weight; by Luhn the digits of each product count. */
const sumOf = (
  digits: string,
  weights: readonly number[],
  counted = (product: number): number => (product > 9 ? product - 9 : product),
): number =>
  [...digits]
    .toReversed()
    .reduce((sum, digit, at) => sum + counted(Number(digit) * (weights[at % weights.length] ?? 1)), 0);

const form = z.strictObject({
  pattern: z.string().transform((pattern) => new RegExp(pattern)),
  check: z.enum(['iban', 'luhn', 'routing']).optional(),
  /** In a sentence: `a card number of 16 to 19 digits`. */
  right: z.string(),
});

/** The forms of accounts that are paid to, by jurisdiction. An IBAN is one everywhere. */
const forms = z
  .strictObject({ iban: form, jurisdictions: z.record(z.string(), z.array(form)) })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'accounts.json'), 'utf8')));

/** An account as it is kept and compared: without blanks and hyphens, in capitals. */
export const foldedAccount = (text: string): string =>
  plainSigns(text)
    .replace(/[\s\p{Pd}]/gu, '')
    .toUpperCase();

/**
 * What is wrong with a folded account in a jurisdiction; undefined when it is right. While the jurisdiction
 * is unknown, every form is right. Does not repeat the account.
 */
export function accountFault(account: string, jurisdiction: string | undefined): string | undefined {
  const all = jurisdiction === undefined ? undefined : forms.jurisdictions[jurisdiction];
  const known = [forms.iban, ...(all ?? Object.values(forms.jurisdictions).flat())];
  const fitting = known.filter(({ pattern }) => pattern.test(account));
  if (fitting.some(({ check }) => check === undefined || checks[check](account))) return undefined;
  const [first] = fitting;
  return first
    ? `must be ${first.right}, and its check digits do not fit: a digit is wrong`
    : `must be ${known.map(({ right }) => right).join(', or ')}`;
}

/** The two parts of an American account; undefined for any other. */
export function routedAccount(account: string): { routing: string; number: string } | undefined {
  return /^\d{13,26}$/.test(account) && checks.routing(account)
    ? { routing: account.slice(0, 9), number: account.slice(9) }
    : undefined;
}

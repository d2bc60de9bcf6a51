import { z } from 'zod';
import { minorUnits, type Currency } from '../../domain/money/money.ts';
import { must, mustBe } from '../field-sentences.ts';
import type { Malformed } from './mistake.ts';
import { writtenAmount } from './written-amount.ts';

/** Sums of twenty items stay exact. */
const largestClaimedMinor = 10_000_000_000_000;

const claimedRight = 'an amount such as 4800 or "4800.00"';

export const claimedAmount = z
  .union(
    [
      z.string().refine((text) => decimalIn(text) !== undefined, { error: mustBe(claimedRight) }),
      z.number().nonnegative(mustBe(claimedRight)),
    ],
    { error: must(claimedRight) },
  )
  .meta({ description: `In the policy's currency: ${claimedRight}` });

function decimalIn(text: string): string | undefined {
  const number = writtenAmount(text)?.number;
  return number !== undefined && /^\d{1,15}(?:\.\d{1,15})?$/.test(number) ? number : undefined;
}

/** Without its currency sign, which has been compared with the policy's. */
export const bareAmount = (claimed: string | number): string | number =>
  typeof claimed === 'number' ? claimed : (decimalIn(claimed) ?? claimed);

/**
 * The amount in minor units of the currency, or its mistake. An amount with the sign of another currency is a
 * mistake. Where the policy and so its currency is unknown, every sign is right.
 */
export function claimedMinor(
  claimed: string | number,
  currency: Currency | undefined,
  field: string,
): { kind: 'read'; minor: number } | Malformed {
  const { sign, currencies } = (typeof claimed === 'string' && writtenAmount(claimed)) || bare;
  const mistake = { kind: 'malformed', understood: true, field } as const;
  if (currency !== undefined && currencies && !currencies.includes(currency))
    return { ...mistake, sentence: `${field} is in ${sign}, and the policy is in ${currency}.` };
  const measure = currency ?? currencies?.[0] ?? 'CNY';
  const minor = minorUnits(bareAmount(claimed), measure);
  if (minor !== undefined && minor <= largestClaimedMinor) return { kind: 'read', minor };
  const right = `an amount in ${measure}, not negative and with at most the currency's decimals`;
  return { ...mistake, sentence: `${field} must be ${right}, such as 4800 or "4800.00".` };
}

const bare = { sign: '', currencies: undefined };

import { z } from 'zod';
import { minorUnits, type Currency } from '../../domain/money/money.ts';
import { must, mustBe } from '../field-sentences.ts';
import type { Malformed } from './mistake.ts';

/** Sums of twenty items stay exact. */
const largestClaimedMinor = 10_000_000_000_000;

const claimedRight = 'an amount such as 4800 or "4800.00"';

export const claimedAmount = z
  .union(
    [
      z.string().regex(/^\d{1,15}(?:\.\d{1,15})?$/, mustBe(claimedRight)),
      z.number().nonnegative(mustBe(claimedRight)),
    ],
    { error: must(claimedRight) },
  )
  .meta({ description: `In the policy's currency: ${claimedRight}` });

/** The amount in minor units of the currency, or its mistake. */
export function claimedMinor(
  claimed: string | number,
  currency: Currency,
  field: string,
): { kind: 'read'; minor: number } | Malformed {
  const minor = minorUnits(claimed, currency);
  if (minor !== undefined && minor <= largestClaimedMinor) return { kind: 'read', minor };
  const right = `an amount in ${currency}, not negative and with at most the currency's decimals`;
  return {
    kind: 'malformed',
    understood: true,
    field,
    sentence: `${field} must be ${right}, such as 4800 or "4800.00".`,
  };
}

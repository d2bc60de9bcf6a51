import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const price = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as USD'),
  perSegment: z.string().regex(/^\d+(\.\d{1,6})?$/, 'must be an amount such as "0.0083"'),
  /** The source and the date of the price. */
  from: z.string().min(10, 'must name the source and the date of the price'),
});

const prices = z.strictObject({
  sms: z.record(z.string().regex(/^[A-Z]{2}$/, 'must be a country such as CN'), price),
});

export interface Cost {
  country: string;
  currency: string;
  /** `0.0166`. */
  amount: string;
}

/**
 * The cost of this many SMS segments in each country of `prices.json`. Throws an Error with the path of each
 * mistake in that file.
 */
export function smsCosts(segments: number): Cost[] {
  return Object.entries(read().sms).map(([country, { currency, perSegment }]) => ({
    country,
    currency,
    amount: times(perSegment, segments),
  }));
}

function read(): z.infer<typeof prices> {
  const { data, error } = prices.safeParse(
    JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')),
  );
  if (data) return data;
  throw new Error(
    error.issues.map((issue) => `config/prices.json: ${issue.path.join('.')} ${issue.message}.`).join('\n'),
  );
}

/** Prices are parts of a cent, too small for minor units. Sums of binary fractions would not be exact. */
const millionths = 1_000_000;

const times = (amount: string, count: number): string =>
  String((Math.round(Number(amount) * millionths) * count) / millionths);

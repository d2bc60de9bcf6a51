import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const price = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, 'must be a currency such as USD'),
  perSegment: z.string().regex(/^\d+(\.\d{1,6})?$/, 'must be an amount such as "0.0083"'),
  /** Whoever reads a price wants to know whose and of when it is. */
  from: z.string().min(10, 'must say where the price is from and of when'),
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
 * What so many segments of SMS cost in each country that `prices.json` has. Throws an Error with the path of
 * each mistake in it.
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

/** Parts of a cent are too small for minor units, and a fraction would not add up. */
const millionths = 1_000_000;

const times = (amount: string, count: number): string =>
  String((Math.round(Number(amount) * millionths) * count) / millionths);

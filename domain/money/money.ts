/** Money in whole minor units (fen, cents), never fractions. */
export interface Money {
  minor: number;
  currency: Currency;
}

/** ISO 4217. */
export type Currency = string;

/** `CNY 380000.00`; for journals and staff. Templates and pages have their own formats. */
export const plainAmount = ({ minor, currency }: Money): string =>
  `${currency} ${majorUnits(minor, currency)}`;

/** `380000.00`: the decimal notation of an amount in minor units, as in banks' files. */
export function majorUnits(minor: number, currency: Currency): string {
  const digits = minorDigits(currency);
  const text = String(Math.abs(minor)).padStart(digits + 1, '0');
  const whole = digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
  return minor < 0 ? `-${whole}` : whole;
}

/**
 * Minor units of a decimal notation such as `4800`, `4800.5` or `4800.50`. Undefined for other text, a
 * negative amount, more decimals than the currency has, or an amount too large to be exact.
 */
export function minorUnits(decimal: string | number, currency: Currency): number | undefined {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(String(decimal));
  const digits = minorDigits(currency);
  const fraction = match?.[2] ?? '';
  if (!match || fraction.length > digits) return undefined;
  const minor = Number(`${match[1]}${fraction.padEnd(digits, '0')}`);
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** ISO 4217's exceptions from two decimals, for the currencies that insurers here use. */
const minorDigits = (currency: Currency): number =>
  ({ JPY: 0, KRW: 0, VND: 0, KWD: 3, BHD: 3 })[currency] ?? 2;

import { InvalidArgumentError } from 'commander';
import { writtenAmount } from '../../../config/notice/written-amount.ts';
import { isLocalDate } from '../../../domain/time/time.ts';
import { longestCodecHours, longestStaffDays } from '../../../security/tokens.ts';
import { instantFrom } from './times.ts';
import { present } from '../../../domain/present.ts';

/** Readers of arguments and options. A wrong value ends as misuse, and commander names the argument. */

/** The API checks the number of decimals of the currency, and its sign where one is typed. */
export function amount(written: string): string {
  if (/^\d+(\.\d+)?$/.test(writtenAmount(written)?.number ?? '')) return written;
  throw new InvalidArgumentError('Write an amount like 4800 or 4800.50, without separators.');
}

export interface Cut {
  reason: string;
  amount?: string;
}

/** `depreciation=1200.50`, or `depreciation` alone; one after the other. */
export function cut(written: string, before: Cut[] = []): Cut[] {
  const [, reason, part] = /^([a-z][a-z-]*)(?:=(\d+(?:\.\d+)?))?$/.exec(written) ?? [];
  if (!reason)
    throw new InvalidArgumentError(
      'Write a cut like depreciation=1200.50, or depreciation for the rest of the difference.',
    );
  return [...before, { reason, ...present({ amount: part }) }];
}

export function moment(written: string): string {
  const instant = instantFrom(written);
  if (instant) return instant;
  throw new InvalidArgumentError(
    'Write a time like 2026-11-23T16:00 (your time zone) or 2026-11-23T08:00:00Z.',
  );
}

/** A promise is usually for a day; it then lasts until the end of the day. */
export function dayOrMoment(written: string): string {
  const instant = isLocalDate(written) ? written : instantFrom(written);
  if (instant) return instant;
  throw new InvalidArgumentError('Write a date like 2026-11-27, or with a time like 2026-11-27T18:00.');
}

/** A day begins at midnight in the terminal's time zone. */
export function startOfDayOrMoment(written: string): string {
  const instant = isLocalDate(written) ? instantFrom(`${written}T00:00`) : instantFrom(written);
  if (instant) return instant;
  throw new InvalidArgumentError('Write a day like 2026-11-27, or with a time like 2026-11-27T18:00.');
}

export function list(written: string): string[] {
  const entries = written
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  if (entries.length > 0) return entries;
  throw new InvalidArgumentError('Separate several with commas, like driving-licence,repair-invoice.');
}

export function wholeNumber(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It should be a whole number such as 300.');
}

export function codecHours(written: string): number {
  const hours = /^[1-9]\d?$/.test(written) ? Number(written) : Infinity;
  if (hours <= longestCodecHours) return hours;
  throw new InvalidArgumentError(`It should be a number of hours from 1 to ${longestCodecHours}.`);
}

export function tokenDays(written: string): number {
  const wanted = /^[1-9]\d{0,2}$/.test(written) ? Number(written) : Infinity;
  if (wanted <= longestStaffDays) return wanted;
  throw new InvalidArgumentError(`It should be a number of days from 1 to ${longestStaffDays}.`);
}

export function days(written: string): number {
  if (/^[1-9]\d{0,3}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It should be a number of days such as 30.');
}

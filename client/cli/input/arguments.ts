import { InvalidArgumentError } from 'commander';
import { isLocalDate } from '../../../domain/time/time.ts';
import { instantFrom } from './times.ts';
import { present } from '../../../domain/present.ts';

/** Readers of arguments and options. What they refuse ends as misuse, with commander naming the argument. */

/** How many decimals the currency has, the API knows. */
export function amount(written: string): string {
  if (/^\d+(\.\d+)?$/.test(written)) return written;
  throw new InvalidArgumentError(
    'An amount is written like 4800 or 4800.50, without currency or separators.',
  );
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
      'A cut is written like depreciation=1200.50, or depreciation for the rest of the difference.',
    );
  return [...before, { reason, ...present({ amount: part }) }];
}

export function moment(written: string): string {
  const instant = instantFrom(written);
  if (instant) return instant;
  throw new InvalidArgumentError(
    'A moment is written like 2026-11-23T16:00 (your time zone) or 2026-11-23T08:00:00Z.',
  );
}

/** A promise is mostly for a day, and then holds until its end. */
export function dayOrMoment(written: string): string {
  const instant = isLocalDate(written) ? written : instantFrom(written);
  if (instant) return instant;
  throw new InvalidArgumentError('A date is written like 2026-11-27, or with a time like 2026-11-27T18:00.');
}

export function list(written: string): string[] {
  const entries = written
    .split(',')
    .map((entry) => entry.trim())
    .filter(Boolean);
  if (entries.length > 0) return entries;
  throw new InvalidArgumentError('Several are written with commas, like driving-licence,repair-invoice.');
}

export function wholeNumber(written: string): number {
  if (/^[1-9]\d{0,8}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It should be a whole number such as 300.');
}

export function days(written: string): number {
  if (/^[1-9]\d{0,3}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('It should be a number of days such as 30.');
}

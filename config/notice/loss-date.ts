import { z } from 'zod';
import { isLocalDate, msOf, type Instant } from '../../domain/time/time.ts';
import { must, mustBe } from '../field-sentences.ts';
import type { Mistake } from './mistake.ts';

/**
 * No claim is owed for a loss that is older (Insurance Law art. 26: five years at most): the year was
 * mistyped.
 */
const oldestLossYears = 10;

const lossRight = 'a date and time with its zone, such as 2026-11-20T08:30:00+08:00';

export const lossText = z
  .string({ error: must(lossRight) })
  .refine(isZonedTime, { error: mustBe(lossRight) })
  .meta({
    format: 'date-time',
    description: `When it happened: ${lossRight}`,
    examples: ['2026-11-20T08:30:00+08:00'],
  });

/** A loss lies in the past, and at most ten years back. A later correction of the date is checked too. */
export function lossMistake(lossAt: Instant, now: Instant): Mistake | undefined {
  const at = { field: 'lossAt', understood: true };
  if (lossAt > now)
    return { ...at, sentence: 'lossAt lies in the future; it must be when the loss happened.' };
  const [year, rest] = [Number(now.slice(0, 4)), now.slice(4)];
  return lossAt < `${year - oldestLossYears}${rest}`
    ? { ...at, sentence: `lossAt is more than ${oldestLossYears} years ago; check the year.` }
    : undefined;
}

/** ISO 8601 with its zone. A day that does not exist is invalid; it does not count into the next month. */
export function isZonedTime(text: string): boolean {
  const day = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text)?.[1];
  return isLocalDate(day) && !Number.isNaN(msOf(text));
}

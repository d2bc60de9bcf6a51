import { z } from 'zod';
import { must, mustBe } from '../field-sentences.ts';

/** One line of text that identifies something: it reads the same however it was typed. */
export const line = (right: string, max: number) =>
  z
    .string({ error: must(right) })
    .trim()
    .normalize('NFC')
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, mustBe(right));

/** Text of several lines that PostgreSQL can store. */
export const prose = (right: string, max: number) =>
  z
    .string({ error: must(right) })
    .trim()
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: mustBe(right) });

export const matching = (right: string, pattern: RegExp) =>
  z.string({ error: must(right) }).regex(pattern, mustBe(right));

export const oneToTwenty = <Each extends z.ZodType>(what: string, each: Each) =>
  z
    .array(each, { error: must(`a list of 1 to 20 ${what}`) })
    .min(1, mustBe(`a list of 1 to 20 ${what}`))
    .max(20, mustBe(`a list of 1 to 20 ${what}`));

import { z } from 'zod';
import {
  foldedIdentity,
  foldedLine,
  foldedProse,
  hasLostLetters,
  saysSomething,
} from '../../domain/folding.ts';
import { must, mustBe } from '../field-sentences.ts';

const whole = 'without the sign \uFFFD, which stands for letters that were lost: send the text as UTF-8';

/** One line of text that can be read, such as a name. It keeps its letters, and loses what is invisible. */
export const line = (right: string, max: number) => lineBy(foldedLine, right, max);

/** One line of text that identifies something: it is the same in whatever way it was typed. */
export const identity = (right: string, max: number) => lineBy(foldedIdentity, right, max);

const lineBy = (fold: (text: string) => string, right: string, max: number) =>
  z
    .string({ error: must(right) })
    .overwrite(fold)
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, mustBe(right))
    .refine((text) => text === '' || saysSomething(text), { error: mustBe(right) })
    .refine((text) => !hasLostLetters(text), { error: mustBe(whole) });

/** Text of several lines that PostgreSQL can store. */
export const prose = (right: string, max: number) =>
  z
    .string({ error: must(right) })
    .overwrite(foldedProse)
    .min(1, mustBe(right))
    .max(max, mustBe(right))
    .refine((text) => text.isWellFormed() && !text.includes('\0'), { error: mustBe(right) })
    .refine((text) => !hasLostLetters(text), { error: mustBe(whole) });

export const matching = (right: string, pattern: RegExp) =>
  z.string({ error: must(right) }).regex(pattern, mustBe(right));

export const oneToTwenty = <Each extends z.ZodType>(what: string, each: Each) =>
  z
    .array(each, { error: must(`a list of 1 to 20 ${what}`) })
    .min(1, mustBe(`a list of 1 to 20 ${what}`))
    .max(20, mustBe(`a list of 1 to 20 ${what}`));

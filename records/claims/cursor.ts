import { isInstant } from '../../domain/time/time.ts';

/** The end of a page: the value that the list is sorted by, and the values that distinguish equal ones. */
export type Cursor = readonly (string | null)[];

type Part = 'instant' | 'amount' | 'text';

/** Undefined for what is not the end of a page with these parts. */
export const cursorOf =
  (...parts: readonly Part[]) =>
  (end: unknown): Cursor | undefined =>
    Array.isArray(end) &&
    end.length === parts.length &&
    end.every((each, index) => isPart(each, parts[index]))
      ? end
      : undefined;

const isPart = (value: unknown, part: Part | undefined): value is string | null => {
  if (value === null) return true;
  if (typeof value !== 'string' || value.length > 200 || value.includes('\0')) return false;
  return part === 'text' || (part === 'instant' ? isInstant(value) : /^\d{1,18}$/.test(value));
};

import { isInstant } from '../../domain/time/time.ts';

/** The end of a page: the value that the list is sorted by, and the values that distinguish equal ones. */
export type Cursor = readonly (string | null)[];

type Part = 'instant' | 'amount' | 'text';

/** One opaque word for the address of the next page. */
export const textOfCursor = (cursor: Cursor): string =>
  Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** Undefined for a text that is not from `textOfCursor` with these parts. */
export function cursorOf(text: string, parts: readonly Part[]): Cursor | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    return Array.isArray(value) &&
      value.length === parts.length &&
      value.every((each, index) => isPart(each, parts[index]))
      ? value
      : undefined;
  } catch {
    return undefined;
  }
}

const isPart = (value: unknown, part: Part | undefined): value is string | null => {
  if (value === null) return true;
  if (typeof value !== 'string' || value.length > 200 || value.includes('\0')) return false;
  return part === 'text' || (part === 'instant' ? isInstant(value) : /^\d{1,18}$/.test(value));
};

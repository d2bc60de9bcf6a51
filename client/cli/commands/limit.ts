import type { Beginning } from '../../own-api/asking.ts';

/** More than anybody reads; a department has a hundred thousand claims. */
export const usualLimit = 200;

export const limitInWords = `list at most n, also with --json (default: ${usualLimit})`;

export function leftOut({ all, isCut }: Beginning<unknown>): string | undefined {
  if (!isCut) return undefined;
  return `There are more than these ${all.length}: --limit ${all.length * 10} shows more, also with --json.`;
}

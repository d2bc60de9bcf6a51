import type { Beginning } from '../../own-api/asking.ts';

/** As many as anybody reads; a department has a hundred thousand. */
export const usualLimit = 200;

export function leftOut({ all, isCut }: Beginning<unknown>): string | undefined {
  if (!isCut) return undefined;
  const more = `--limit ${all.length * 10} shows more of them, with --json too`;
  return `There are more than these ${all.length}: ${more}.`;
}

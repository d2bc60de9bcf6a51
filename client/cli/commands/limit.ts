import type { Beginning } from '../../own-api/asking.ts';

/** As many as anybody reads; a department has a hundred thousand. */
export const usualLimit = 200;

export const leftOut = ({ all, isCut }: Beginning<unknown>): string | undefined =>
  isCut
    ? `There are more than these ${all.length}: --limit ${all.length * 10} shows more of them, with --json too.`
    : undefined;

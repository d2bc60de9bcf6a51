import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 250;

/** Looks until there is a result, and returns it. Throws a sentence when `withinSeconds` have passed. */
export async function eventually<T>(
  what: string,
  withinSeconds: number,
  look: () => Promise<T | undefined | false>,
): Promise<T> {
  const until = Date.now() + withinSeconds * 1_000;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`Expected within ${withinSeconds} s: ${what}.`);
    await pause(lookEveryMs);
  }
}

/** Throws a sentence with the expected result, if it is not so. */
export function expect(what: string, isSo: boolean): void {
  if (!isSo) throw new Error(`Expected: ${what}.`);
}

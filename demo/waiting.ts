import { setTimeout as pause } from 'node:timers/promises';

const lookEveryMs = 250;

/**
 * Looks until there is something, and gives it. Throws a sentence with what was waited for when
 * `withinSeconds` have passed.
 */
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

/** Throws what should have been, if it is not. */
export function expect(what: string, holds: boolean): void {
  if (!holds) throw new Error(`Expected: ${what}.`);
}

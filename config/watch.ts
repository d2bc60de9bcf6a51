import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'luxon';
import { z } from 'zod';

/** How claims are watched: whether each that is open has a run, and the run agrees with the records. */
export interface WatchRules {
  lookEveryMs: number;
  /** After a look that found a claim that was not well. */
  lookAgainMs: number;
  /** The most claims that one look takes up; the next look continues. */
  takenUpALook: number;
  /** How many claims are taken up at the same time. */
  atOnce: number;
}

const length = z
  .string()
  .refine((text) => Duration.fromISO(text).isValid, 'must be a length of time such as PT10M')
  .transform((text) => Duration.fromISO(text).toMillis())
  .refine((ms) => ms > 0, 'must be longer than nothing');

const rules = z
  .strictObject({
    about: z.string(),
    lookEvery: length,
    lookAgain: length,
    takenUpALook: z.int().min(1),
    atOnce: z.int().min(1),
  })
  .transform(({ lookEvery: lookEveryMs, lookAgain: lookAgainMs, takenUpALook, atOnce }): WatchRules => ({
    lookEveryMs,
    lookAgainMs,
    takenUpALook,
    atOnce,
  }));

const paces = z.record(z.string(), rules);

/**
 * The rules at this pace; a pace that the file does not name has the ordinary ones. Throws an Error with the
 * path of each mistake in `watch.json`.
 */
export function watchRules(pace: string, file = join(import.meta.dirname, 'watch.json')): WatchRules {
  const { data, error } = paces.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (error)
    throw new Error(
      error.issues.map((issue) => `config/watch.json: ${issue.path.join('.')} ${issue.message}.`).join('\n'),
    );
  const found = data[pace] ?? data['ordinary'];
  if (!found) throw new Error('config/watch.json: ordinary must be there.');
  return found;
}

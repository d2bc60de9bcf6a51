import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { holidayRule } from './holidays/rules.ts';

/** Facts of a place that are independent of the rules of claims: time zone, language, holidays. */
const place = z.strictObject({
  zone: z.string(),
  language: z.string(),
  holidays: z.strictObject({
    /** Where the rules are written. */
    law: z.string(),
    rules: z.array(holidayRule),
    /** A holiday on a weekend stays there, or is observed on the nearest weekday. */
    onWeekends: z.enum(['stay', 'nearest-weekday']),
    /** A list is published for each year. Operations are warned so many days before the last one ends. */
    lists: z.strictObject({ warnDays: z.int().min(1) }).optional(),
  }),
});
export type Place = z.output<typeof place>;

const folder = join(import.meta.dirname, 'places');
const known = new Map<string, Place>();

/** The codes of all jurisdictions: `CN`. */
export const jurisdictions = readdirSync(folder)
  .flatMap((file) => (file.endsWith('.json') ? [file.slice(0, -'.json'.length)] : []))
  .toSorted();

/** Throws for a jurisdiction without a file in `config/places`. */
export function placeOf(code: string): Place {
  const found =
    known.get(code) ?? place.parse(JSON.parse(readFileSync(join(folder, `${code}.json`), 'utf8')));
  known.set(code, found);
  return found;
}

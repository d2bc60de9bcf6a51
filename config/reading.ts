import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ReadingRules } from '../domain/people/reading.ts';
import { staffRoles } from '../domain/people/people.ts';

const rules = z.strictObject({
  purposes: z.record(
    z.string().regex(/^[a-z][a-z-]{1,30}$/, 'must be a code such as customer-called'),
    z.strictObject({ says: z.string().min(1), roles: z.array(z.enum(staffRoles)).min(1) }),
  ),
  daysAfterClosing: z.int().min(0).max(3650),
  glassMinutes: z.int().min(1).max(1440),
  listMinutes: z.int().min(0).max(1440),
  withoutTask: z.strictObject({
    hours: z.int().min(1).max(168),
    claims: z.int().min(0),
    policies: z.int().min(0),
    glasses: z.int().min(0),
  }),
  policyPurpose: z.partialRecord(z.enum(staffRoles), z.string()),
});

/** Who may read personal data for what, and how much. Throws an Error that names each mistake in the file. */
export function readReadingRules(file = join(import.meta.dirname, 'reading.json')): ReadingRules {
  const { data, error } = rules.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (data) return data;
  throw new Error(
    error.issues.map((issue) => `config/reading.json: ${issue.path.join('.')} ${issue.message}.`).join('\n'),
  );
}

/** Those of this installation. */
export const readingRules = readReadingRules();

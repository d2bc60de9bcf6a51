import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'luxon';
import { z } from 'zod';
import type { Manner, StaffMailRules } from '../domain/messages/staff-mail.ts';
import { staffRoles } from '../domain/people/people.ts';

const length = z
  .string()
  .refine((text) => Duration.fromISO(text).isValid, 'must be a length of time such as PT5M')
  .transform((text) => Duration.fromISO(text).toMillis())
  .refine((ms) => ms > 0, 'must be longer than nothing');
const minute = z
  .string()
  .regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 08:30')
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));
const manner = z
  .union([z.literal('at-once'), z.array(minute).min(1, 'must name a time of day')], {
    error: 'must be at-once or a list of times such as ["08:30"]',
  })
  .transform((given): Manner => (given === 'at-once' ? { kind: given } : { kind: 'digest', at: given }));

const rules = z
  .strictObject({
    about: z.string(),
    lookEvery: length,
    gather: length,
    awake: z.strictObject({ from: minute, to: minute }),
    mailsADay: z.int().min(1),
    tasksNamed: z.int().min(1),
    urgent: z.array(z.string().min(1)),
    usual: manner,
    roles: z.partialRecord(z.enum(staffRoles), manner),
    people: z.record(z.string(), manner),
  })
  .transform(({ lookEvery: lookEveryMs, gather: gatherMs, ...rest }): StaffMailRules => ({
    lookEveryMs,
    gatherMs,
    ...rest,
  }));

const paces = z.record(z.string(), rules);

/**
 * How staff are notified of their work at this pace; a pace that the file does not name has the ordinary
 * rules. Throws an Error with the path of each mistake in `staff-mail.json`.
 */
export function staffMailRules(
  pace: string,
  file = join(import.meta.dirname, 'staff-mail.json'),
): StaffMailRules {
  const { data, error } = paces.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (error)
    throw new Error(
      error.issues
        .map((issue) => `config/staff-mail.json: ${issue.path.join('.')} ${issue.message}.`)
        .join('\n'),
    );
  const found = data[pace] ?? data['ordinary'];
  if (!found) throw new Error('config/staff-mail.json: ordinary must be there.');
  return found;
}

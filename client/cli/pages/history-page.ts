import { z } from 'zod';
import { majorUnits } from '../../../domain/money/money.ts';
import type { Change } from '../../own-api/schemas/records.ts';
import { localTime, zoneLine } from '../input/times.ts';
import type { Named } from '../staff-names.ts';
import { table } from '../table.ts';

/** Since when each change counts, who asked for it, and what it changed; the last ones may be to come. */
export function historyPage(changes: readonly Change[], named: Named): string {
  const rows = changes.map((change) => [
    change.isToCome ? `${localTime(change.at)} (to come)` : localTime(change.at),
    named(whoAsked(change)),
    named(linesOf(change).join('\n')),
  ]);
  return [table(['counts from', 'asked by', 'change'], rows), '', zoneLine()].join('\n');
}

const whoAsked = ({ by, role, plannedAt }: Change): string => {
  const who = by ?? `database role ${role}`;
  return plannedAt === undefined ? who : `${who}\non ${localTime(plannedAt)}`;
};

type Row = NonNullable<Change['before']>;

function linesOf({ before, after, isToCome, fault }: Change): string[] {
  if (!after) return ['deleted'];
  const present = fieldsOf(after);
  const lines = present.map(([name, value]) => `${name}: ${value}`);
  if (isToCome) return fault === undefined ? lines : [...lines, `could not be taken: ${fault}`];
  if (!before) return ['added', ...lines];
  const [former, now] = [new Map(fieldsOf(before)), new Map(present)];
  return [...new Set([...former.keys(), ...now.keys()])]
    .filter((name) => former.get(name) !== now.get(name))
    .map((name) => `${name}: ${former.get(name) ?? 'none'} → ${now.get(name) ?? 'none'}`);
}

/** How the fields of people and units are read out; others keep their name. */
const words: Readonly<Record<string, string>> = {
  branch: 'unit',
  active: 'works here',
  locale: 'language of mails',
  time_zone: 'time zone',
  timeZone: 'time zone',
  conflicts: 'related to',
  leaves_on: 'last day',
  leavesOn: 'last day',
};

const limits = z.record(z.string(), z.record(z.string(), z.number()));
const absences = z.array(
  z.object({ from: z.string(), until: z.string().optional(), deputy: z.string().optional() }),
);

/** `limit for motor: CNY 50000.00`; one line for each value that is inside another. */
const fieldsOf = (row: Row): [name: string, value: string][] =>
  Object.entries(row).flatMap(([name, value]): [string, string][] => {
    if (name === 'limits') return limitsOf(value);
    if (name === 'absences') return given('absent', absences.parse(value).map(days).join('; '));
    return inside(words[name] ?? name, value);
  });

const limitsOf = (value: unknown): [string, string][] =>
  Object.entries(limits.parse(value)).flatMap(([line, amounts]) =>
    Object.entries(amounts).map(([currency, minor]): [string, string] => [
      `limit for ${line} in ${currency}`,
      majorUnits(minor, currency),
    ]),
  );

const days = ({ from, until, deputy }: z.output<typeof absences>[number]): string =>
  `${from} to ${until ?? 'an unknown day'}${deputy === undefined ? '' : ` (deputy ${deputy})`}`;

function inside(name: string, value: unknown): [string, string][] {
  if (Array.isArray(value)) return given(name, value.map(plainly).join(', '));
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([each, its]) => inside(`${name}.${each}`, its));
  return value === null ? [] : [[name, String(value)]];
}

const plainly = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const given = (name: string, value: string): [string, string][] => (value === '' ? [] : [[name, value]]);

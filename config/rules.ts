import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isOffset } from '../domain/time/calendar.ts';
import { notificationChannels, notificationKinds } from '../domain/messages/notifications.ts';
import { partyKinds } from '../domain/people/people.ts';
import { itemSteps } from '../domain/road/steps.ts';
import type { RulePack } from '../domain/rules/pack.ts';

const folder = join(import.meta.dirname, 'rules');

const offset = z
  .string()
  .refine(isOffset, 'must be an ISO 8601 duration such as P3D, or working days such as 10wd');
const minor = z.int().nonnegative();
const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time of day such as 08:00');

const rung = z.strictObject({
  after: offset,
  do: z.enum(['chase', 'call', 'escalate', 'write', 'remind', 'inquire']),
  by: z.enum(notificationChannels).optional(),
  to: z.enum(['handler', 'supervisor', 'manager', 'executive', 'operations']).optional(),
});

const documentRule = z.strictObject({
  kind: z.string(),
  scope: z.enum(['claim', 'item']),
  objects: z.array(z.string()).optional(),
  aboveMinor: z.record(z.string(), minor).optional(),
  from: z.enum(partyKinds),
  ladder: z.string(),
  notBefore: offset.optional(),
  substitutes: z.array(z.string()),
});

const rulePack = z.strictObject({
  name: z.string(),
  version: z.int().positive(),
  jurisdiction: z.string(),
  line: z.string(),
  currency: z.string().length(3),
  objects: z.record(z.string(), z.strictObject({ owner: z.enum(['customer', 'third-party']) })),
  documents: z.array(documentRule),
  ladders: z.record(z.string(), z.array(rung).min(1, 'must have at least one rung')),
  automatic: z.strictObject({
    verifyUpToMinor: minor,
    payUpToMinor: minor,
    payBelowRisk: z.int().nonnegative(),
  }),
  review: z.array(z.strictObject({ upToMinor: minor.optional(), approvals: z.int().min(1) })).min(1),
  surveyAboveMinor: minor.optional(),
  majorFromMinor: minor,
  risk: z.array(
    z.strictObject({
      factor: z.enum([
        'late-notice',
        'no-scene',
        'amount-above',
        'payee-changed',
        'assessed-above-claimed',
        'returned-before',
      ]),
      points: z.int().nonnegative(),
      limit: z.int().nonnegative().optional(),
    }),
  ),
  proofValidFor: offset,
  expected: z.strictObject({ survey: offset, decision: offset, payment: offset }),
  channels: z.record(z.enum(notificationKinds), z.array(z.enum(notificationChannels)).min(1)),
  returns: z.record(z.string(), z.array(z.enum(itemSteps)).min(1)),
  clocks: z.strictObject({
    decision: z.strictObject({ article: z.string().min(1), within: offset, warnAfter: offset }).optional(),
  }),
  cutReasons: z.array(z.string()).min(1),
  refusalClauses: z.array(z.string()).min(1),
  release: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'must be a release such as 0.4.0')
    .optional(),
  contactHours: z.strictObject({ from: time, to: time }).optional(),
  heartbeat: offset,
  collapse: offset.nullable(),
  caps: z.strictObject({ smsADay: z.int().positive(), hoursBetweenChases: z.int().nonnegative() }),
});

/** The ladders that the process itself climbs, whatever a pack's documents use. */
const neededLadders = [
  'survey',
  'payee',
  'handler',
  'verifier',
  'review',
  'bank',
  'operations',
  'escalated',
  'unreached',
];

export interface PackReference {
  name: string;
  line: string;
  jurisdiction: string;
  /** Absent: the newest. */
  version?: number;
}

/**
 * One version of the rules for a line in a jurisdiction, from
 * `config/rules/<name>/<line>-<jurisdiction>@<version>.json`.
 * Throws a `RulePackUnreadable` with the file and the path of the mistake. A pack may extend another: its own
 * keys replace the other's, its ladders and channels those of the same name.
 */
export function loadRulePack({ name, line, jurisdiction, version }: PackReference): RulePack {
  const newest = version ?? Math.max(0, ...versionsOf(name, `${line}-${jurisdiction}`));
  const file = `${name}/${line}-${jurisdiction}@${newest}`;
  const known = existsSync(pathOf(file)) ? (loaded.get(file) ?? load(file)) : load(file);
  loaded.set(file, known);
  return known;
}

/**
 * A version never changes, so it is read once; one whose file is gone is not known, and one that could not be
 * read is tried again.
 */
const loaded = new Map<string, RulePack>();

const pathOf = (file: string): string => join(folder, `${file}.json`);

function load(file: string): RulePack {
  const result = rulePack.safeParse(merged(file));
  if (!result.success)
    throw new RulePackUnreadable(
      file,
      result.error.issues
        .map((issue) => `Rule pack ${file}.json: ${issue.path.join('.') || 'the file'} ${issue.message}.`)
        .join('\n'),
    );
  const mistake = inconsistency(result.data);
  if (mistake) throw new RulePackUnreadable(file, `Rule pack ${file}.json: ${mistake}.`);
  return result.data;
}

/** Every pack of a name, newest version each, so that a mistake stops the start and not a claim. */
export const loadRulePacks = (name: string): RulePack[] => {
  const files = readFolder(name);
  if (files.length === 0)
    throw new Error(`There is no rule pack "${name}"; there are ${readdirSync(folder).join(', ')}.`);
  return [...new Set(files.map((file) => file.split('@')[0] ?? ''))].map((lineAndPlace) => {
    const [, line = '', jurisdiction = ''] = /^(.+)-([A-Z]{2})$/.exec(lineAndPlace) ?? [];
    return loadRulePack({ name, line, jurisdiction });
  });
};

function merged(file: string): unknown {
  const content = readJson(file);
  if (typeof content !== 'object' || content === null || !('extends' in content)) return content;
  const { extends: parent, ...own } = content;
  const inherited = Object(merged(String(parent)));
  return {
    ...inherited,
    ...own,
    ladders: both(inherited, own, 'ladders'),
    channels: both(inherited, own, 'channels'),
  };
}

const both = (inherited: object, own: object, name: string): object => ({
  ...Reflect.get(inherited, name),
  ...Reflect.get(own, name),
});

/** A pack's file is missing, as in a release that lacks it, or is wrong. */
export class RulePackUnreadable extends Error {
  /** `<name>/<line>-<jurisdiction>@<version>`. */
  readonly pack: string;

  constructor(pack: string, sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'RulePackUnreadable';
    this.pack = pack;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(pathOf(file), 'utf8'));
  } catch (fault) {
    throw new RulePackUnreadable(
      file,
      `Rule pack ${file}.json cannot be read: ${fault instanceof Error ? fault.message : String(fault)}.`,
      { cause: fault },
    );
  }
}

const versionsOf = (name: string, lineAndPlace: string): number[] =>
  readFolder(name)
    .filter((file) => file.startsWith(`${lineAndPlace}@`))
    .map((file) => Number(/@(\d+)\.json$/.exec(file)?.[1] ?? 0));

function readFolder(name: string): string[] {
  try {
    return readdirSync(join(folder, name)).filter((file) => file.endsWith('.json'));
  } catch {
    return [];
  }
}

/** What a schema cannot see: names that must exist elsewhere in the pack. */
function inconsistency(pack: RulePack): string | undefined {
  const missing = neededLadders.find((name) => !pack.ladders[name]);
  if (missing) return `ladders.${missing} is missing; the process climbs it`;
  if (pack.clocks.decision && !pack.ladders['clock'])
    return 'ladders.clock is missing; whoever answers for a clock climbs it';
  const lost = pack.documents.findIndex(({ ladder }) => !pack.ladders[ladder]);
  if (lost >= 0) return `documents.${lost}.ladder "${pack.documents[lost]?.ladder}" is not among the ladders`;
  const open = pack.review.findIndex(({ upToMinor }) => upToMinor === undefined);
  if (open !== pack.review.length - 1)
    return 'review must end with one band without upToMinor, so that every amount has its approvals';
  const mute = Object.entries(pack.ladders)
    .flatMap(([name, rungs]) => rungs.map((each, index) => ({ name, index, each })))
    .find(({ each }) => each.do === 'escalate' && !each.to);
  return mute && `ladders.${mute.name}.${mute.index} escalates, so it must say to whom (to)`;
}

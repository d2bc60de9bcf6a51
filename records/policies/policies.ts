import { z } from 'zod';
import { isMark } from '../../domain/people/marks.ts';
import type { InsuredObject, PolicyFacts, PolicyPerson, SpecialTerm } from '../../domain/money/policy.ts';
import { partyRoles } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Policy } from '../../prisma/generated/client.ts';
import type { Database } from '../database.ts';

const marks = z.array(z.string().refine(isMark));
const objects = z.record(
  z.string(),
  z.object({
    sumInsuredMinor: z.int(),
    excessMinor: z.int(),
    sharePercent: z.number().exactOptional(),
    marks: marks.exactOptional(),
    causes: z.array(z.string()).exactOptional(),
  }),
);
const people = z.array(z.object({ role: z.enum(partyRoles), marks }));
const special = z.array(
  z.object({
    number: z.string(),
    words: z.string().exactOptional(),
    excludes: z
      .object({ object: z.string().exactOptional(), causes: z.array(z.string()).exactOptional() })
      .exactOptional(),
  }),
);

/** The cover of a policy by insured object. Throws when the record has another shape. */
export const objectsOf = (json: unknown): Record<string, InsuredObject> => objects.parse(json);

/** Who belongs to a policy. Throws when the record has another shape. */
export const peopleOf = (json: unknown): PolicyPerson[] => people.parse(json);

/** A term of a policy alone, with its words as the book has them. */
export type TermOfBook = SpecialTerm & { words?: string };

/** The terms of a policy alone. Throws when the record has another shape. */
export const termsOf = (json: unknown): TermOfBook[] => special.parse(json);

export type PolicyOnRecord = Omit<Row, 'facts'> & { facts: PolicyFacts };

type Row = Pick<
  Policy,
  | 'number'
  | 'version'
  | 'endorsement'
  | 'line'
  | 'jurisdiction'
  | 'branch'
  | 'currency'
  | 'validFrom'
  | 'validTo'
  | 'objects'
  | 'people'
  | 'wording'
  | 'special'
>;

/**
 * A policy as it was in force at a moment, with the facts for the cover check: the version of that moment,
 * else the one nearest to it. Undefined when there is none of this number.
 */
export async function policyOf(
  database: Pick<Database, 'prepared'>,
  number: string,
  at: Instant,
): Promise<PolicyOnRecord | undefined> {
  const [row] = await database.prepared<Row>('policy', policyAt, [number, at]);
  return row && { ...row, facts: factsOf(row) };
}

/** The nearest: none between it and the moment. */
const policyAt = `
  SELECT number, version, endorsement, line, jurisdiction, branch, currency, objects, people, wording,
    special, valid_from AS "validFrom", valid_to AS "validTo"
  FROM policy WHERE number = $1 AND replaced_at IS NULL
  ORDER BY GREATEST(valid_from - $2::timestamptz, $2::timestamptz - valid_to + interval '1 ms', interval '0'),
    valid_from DESC
  LIMIT 1`;

/** Names a version of a policy. */
export interface VersionName {
  number: string;
  version: number;
}

/** What versions of policies say, also those that were replaced since; by `<number> <version>`. */
export async function policyVersions(
  database: Pick<Database, 'prepared'>,
  of: readonly VersionName[],
): Promise<Map<string, PolicyFacts>> {
  if (of.length === 0) return new Map();
  const rows = await database.prepared<Row>('policy-versions', versionsOf, [
    of.map(({ number }) => number),
    of.map(({ version }) => version),
  ]);
  return new Map(rows.map((row) => [`${row.number} ${row.version}`, factsOf(row)]));
}

const versionsOf = `
  SELECT number, version, endorsement, line, jurisdiction, branch, currency, objects, people, wording,
    special, valid_from AS "validFrom", valid_to AS "validTo"
  FROM policy WHERE (number, version) IN (SELECT * FROM unnest($1::text[], $2::int[]))`;

/** The words of a special term of a policy; undefined where the book does not have it. */
export async function wordsOfTerm(
  database: Pick<Database, 'policy'>,
  term: { policy: string; version: number; number: string } | undefined,
): Promise<string | undefined> {
  if (!term) return undefined;
  const { policy: number, version } = term;
  const found = await database.policy.findUnique({
    where: { number_version: { number, version } },
    select: { special: true },
  });
  return termsOf(found?.special ?? []).find((each) => each.number === term.number)?.words;
}

const factsOf = (row: Row): PolicyFacts => ({
  number: row.number,
  version: row.version,
  line: row.line,
  jurisdiction: row.jurisdiction,
  currency: row.currency,
  from: row.validFrom.toISOString(),
  to: row.validTo.toISOString(),
  objects: objectsOf(row.objects),
  people: peopleOf(row.people),
  // Claims know no words of a policy.
  special: termsOf(row.special).map(({ number, excludes }) => ({ number, ...present({ excludes }) })),
  ...present({ wording: row.wording ?? undefined }),
});

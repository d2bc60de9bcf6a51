import type { InsuredObject, PolicyPerson } from '../../domain/money/policy.ts';
import type { Mark } from '../../domain/people/marks.ts';
import { present } from '../../domain/present.ts';
import { msOf, type Instant } from '../../domain/time/time.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { objectsOf, peopleOf, termsOf, type TermOfBook } from './policies.ts';
import { unsealPolicy, type SealedPolicy } from './sealed-policy.ts';

/** A version of a policy as the book keeps it, opened. Marks are only for comparing. */
export interface OpenedPolicy {
  number: string;
  version: number;
  endorsement: string;
  line: string;
  jurisdiction: string;
  branch: string;
  currency: string;
  /** In force from this moment on, and until the other one, which does not count. */
  from: Instant;
  to: Instant;
  wording?: string;
  people: (Partial<SealedPerson> & PolicyPerson)[];
  objects: Record<string, SealedObject & InsuredObject>;
  special: TermOfBook[];
}

/** A line of the history of a policy: rows are only added. */
export interface PolicyVersion {
  version: number;
  endorsement: string;
  from: Instant;
  to: Instant;
  recordedAt: Instant;
  /** When a correction took its place, or its import was undone. */
  replacedAt?: Instant;
}

type SealedPerson = SealedPolicy['people'][number];
type SealedObject = SealedPolicy['objects'][string];

/**
 * Numbers of the policies that have a mark of each group, in order, from after a number on. A mark of a group
 * is as good as another: a telephone that was typed without its country may be one of several.
 */
export async function policiesWith(
  database: Pick<Database, 'prepared'>,
  groups: readonly (readonly Mark[])[],
  { after = '', limit }: { after?: string; limit: number },
): Promise<string[]> {
  const asked = groups.flatMap((group, of) => group.map((mark) => ({ mark, of })));
  const wanted = asked.map(({ mark }) => mark);
  const rows =
    wanted.length === 1
      ? await database.prepared<Found>('policies-with-mark', havingOne, [wanted[0], after, limit])
      : await database.prepared<Found>('policies-with-marks', havingAll, [
          wanted,
          asked.map(({ of }) => of),
          groups.length,
          after,
          limit,
        ]);
  return rows.map(({ number }) => number);
}

interface Found {
  number: string;
}

/** From the index alone, however common the name is. */
const havingOne = 'SELECT number FROM policy_mark WHERE mark = $1 AND number > $2 ORDER BY number LIMIT $3';

const havingAll = `
  SELECT m.number FROM unnest($1::text[], $2::int[]) AS asked (mark, "of") JOIN policy_mark m USING (mark)
  WHERE m.number > $4
  GROUP BY m.number HAVING count(DISTINCT asked."of") = $3
  ORDER BY m.number LIMIT $5`;

interface Row {
  number: string;
  version: number;
  endorsement: string;
  line: string;
  jurisdiction: string;
  branch: string;
  currency: string;
  validFrom: Date;
  validTo: Date;
  objects: unknown;
  people: unknown;
  wording: string | null;
  special: unknown;
  sealed: string | null;
  key: string | null;
}

/** The versions that count of these policies, opened, each policy's in the order of time. */
export async function versionsOf(
  database: Pick<Database, 'prepared'>,
  keyring: Keyring,
  numbers: readonly string[],
): Promise<Map<string, OpenedPolicy[]>> {
  const rows = await database.prepared<Row>('counting-policy-versions', counting, [numbers]);
  const opened = rows.map((row) => openedPolicy(row, keyring));
  return Map.groupBy(opened, ({ number }) => number);
}

const counting = `
  SELECT number, version, endorsement, line, jurisdiction, branch, currency, valid_from AS "validFrom",
    valid_to AS "validTo", objects, people, wording, special, sealed, key
  FROM policy WHERE number = ANY($1) AND replaced_at IS NULL ORDER BY number, valid_from`;

function openedPolicy(row: Row, keyring: Keyring): OpenedPolicy {
  const { number, version, endorsement, line, jurisdiction, branch, currency } = row;
  const plain = unsealPolicy(row, keyring);
  return {
    number,
    version,
    endorsement,
    line,
    jurisdiction,
    branch,
    currency,
    from: row.validFrom.toISOString(),
    to: row.validTo.toISOString(),
    ...present({ wording: row.wording ?? undefined }),
    people: peopleOf(row.people).map((person, index) => ({ ...person, ...plain.people[index] })),
    objects: Object.fromEntries(
      Object.entries(objectsOf(row.objects)).map(([key, each]) => [key, { ...each, ...plain.objects[key] }]),
    ),
    special: termsOf(row.special),
  };
}

/**
 * Of the versions of one policy that fit, the one in force at a moment, else the nearest. Undefined where
 * none fits.
 */
export const versionAt = <Version extends { from: Instant; to: Instant }>(
  versions: readonly Version[],
  at: Instant,
  fits: (version: Version) => boolean = () => true,
): Version | undefined =>
  versions
    .filter(fits)
    .toSorted((a, b) => away(a, at) - away(b, at) || msOf(b.from) - msOf(a.from))
    .at(0);

export const isInForce = ({ from, to }: { from: Instant; to: Instant }, at: Instant): boolean =>
  from <= at && at < to;

const away = ({ from, to }: { from: Instant; to: Instant }, at: Instant): number =>
  Math.max(0, msOf(from) - msOf(at), msOf(at) - msOf(to) + 1);

/** All marks of a version, of its people and of its objects. */
export const marksIn = ({ people: all, objects: things }: OpenedPolicy): Mark[] => [
  ...all.flatMap((person) => person.marks),
  ...Object.values(things).flatMap((thing) => thing.marks ?? []),
];

/** All versions of a policy, those that were replaced too, in the order in which they came. */
export async function historyOf(
  database: Pick<Database, 'policy'>,
  number: string,
): Promise<PolicyVersion[]> {
  const rows = await database.policy.findMany({
    where: { number },
    orderBy: { version: 'asc' },
    select: {
      version: true,
      endorsement: true,
      validFrom: true,
      validTo: true,
      recordedAt: true,
      replacedAt: true,
    },
  });
  return rows.map(({ version, endorsement, validFrom, validTo, recordedAt, replacedAt }) => ({
    version,
    endorsement,
    from: validFrom.toISOString(),
    to: validTo.toISOString(),
    recordedAt: recordedAt.toISOString(),
    ...present({ replacedAt: replacedAt?.toISOString() }),
  }));
}

/** A claim under a policy, and what was paid under it, by object and in minor units. */
export interface ClaimOfPolicy {
  claim: string;
  stage: string;
  outcome: string | null;
  handler: string;
  branch: string;
  lossAt: Date;
  paid: Record<string, number>;
}

/** The claims of a policy, the latest loss first. What the bank has returned does not count as paid. */
export const claimsOfPolicy = (
  database: Pick<Database, 'prepared'>,
  number: string,
  limit: number,
): Promise<ClaimOfPolicy[]> =>
  database.prepared<ClaimOfPolicy>('claims-of-policy', claimsUnder, [`policy:${number}`, number, limit]);

const claimsUnder = `
  SELECT c.number AS claim, c.stage, c.outcome, c.handler, c.branch, m.loss_at AS "lossAt", (
    SELECT COALESCE(jsonb_object_agg(object, minor), '{}') FROM (
      SELECT p.object, sum(p.amount_minor)::bigint AS minor FROM payment p
      WHERE p.claim = c.number AND p.policy = $2 AND p.answer IS DISTINCT FROM 'returned' GROUP BY p.object
    ) AS paid) AS paid
  FROM claim_mark m JOIN claim c ON c.number = m.claim
  WHERE m.mark = $1 ORDER BY m.loss_at DESC, c.number LIMIT $3`;

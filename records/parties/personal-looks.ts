import type { ClaimNumber } from '../../domain/ids.ts';
import type { Person } from '../../domain/people/people.ts';
import type { ReadingRules, ReasonToRead } from '../../domain/people/reading.ts';
import { present } from '../../domain/present.ts';
import type { KeptLook } from '../../client/own-api/schemas/looks.ts';
import type { Database } from '../database.ts';

export interface Look {
  by: Pick<Person, 'code' | 'roles'>;
  claims: readonly ClaimNumber[];
  /** Of the policy book: what was found. */
  policies?: readonly string[];
  party?: string;
  /** `contact`, `decode`. */
  what: string;
  /** The kind of the task, or the code that the person gave; absent where it was denied without one. */
  purpose?: string;
  because: ReasonToRead;
  /** The note with the reason for a broken glass. */
  note?: string;
}

const rowOf = ({ by, claims, policies = [], party, what, purpose, because, note }: Look) => ({
  by: by.code,
  roles: [...by.roles],
  claims: [...new Set(claims)].toSorted(),
  policies: [...new Set(policies)].toSorted(),
  what,
  because,
  ...present({ party, purpose, note }),
});

/** Records a look at personal data, before it is answered: without a record nobody sees anything. */
export async function recordLook(database: Database, look: Look): Promise<void> {
  await database.personalLook.create({ data: rowOf(look) });
}

/** The same for a list that a program reads again and again: the same look within these minutes is one. */
export async function recordListLook(database: Database, look: Look, minutes: number): Promise<void> {
  const { by, claims, what, purpose = null } = rowOf(look);
  const last = await database.personalLook.findFirst({
    where: {
      by,
      claims: { equals: claims },
      what,
      purpose,
      at: { gt: new Date(Date.now() - minutes * 60_000) },
    },
    select: { id: true },
  });
  if (!last) await recordLook(database, look);
}

type Limits = ReadingRules['withoutTask'];

const mostOf = (
  { what, policies }: { what: string; policies: readonly string[] },
  { claims, policies: ofBook, glasses }: Limits,
): number => {
  if (what === 'glass') return glasses;
  return policies.length > 0 ? ofBook : claims;
};

/**
 * Records a look without a task if the person has looked at fewer claims, or policies, than the rules say,
 * else that it was tried. Looks at once are counted one after the other. False where it was denied.
 */
export async function recordCountedLook(database: Database, look: Look, limits: Limits): Promise<boolean> {
  const {
    by,
    roles,
    claims,
    policies,
    what,
    because,
    party = null,
    purpose = null,
    note = null,
  } = rowOf(look);
  const max = mostOf({ what, policies }, limits);
  const { hours } = limits;
  // An unknown telephone is of no claim, and counts as one.
  const about = [...claims, ...policies].length > 0 ? [...claims, ...policies] : [party ?? ''];
  const [, rows] = await database.$transaction([
    database.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('looks ' || ${by}, 0))`,
    database.$queryRaw<{ because: string }[]>`
      INSERT INTO personal_look ("by", roles, claims, policies, party, what, purpose, because, note)
      SELECT ${by}, ${roles}::text[], ${claims}::text[], ${policies}::text[], ${party}, ${what}, ${purpose},
        CASE WHEN (
          SELECT count(DISTINCT coalesce(seen, l.party))
          FROM personal_look l LEFT JOIN LATERAL unnest(l.claims || l.policies) AS seen ON true
          WHERE l."by" = ${by} AND l.at > now() - make_interval(hours => ${hours}::int)
            AND l.because = ${because} AND (l.what = 'glass') = (${what} = 'glass')
            AND (l.policies <> '{}') = (${policies}::text[] <> '{}')
            AND coalesce(seen, l.party) <> ALL(${about}::text[])
        ) + ${Math.max(1, policies.length)}::int <= ${max}::int THEN ${because} ELSE 'denied' END, ${note}
      RETURNING because`,
  ]);
  return rows[0]?.because === because;
}

/** Has this person broken the glass of the claim within these minutes? */
export const isGlassBroken = async (
  database: Database,
  { by, claim }: { by: string; claim: ClaimNumber },
  minutes: number,
): Promise<boolean> =>
  (await database.personalLook.count({
    where: {
      by,
      claims: { has: claim },
      what: 'glass',
      because: 'glass',
      at: { gt: new Date(Date.now() - minutes * 60_000) },
    },
  })) > 0;

/** A page of looks, the newest first; `next` is the id of its last row where there are more. */
export async function looksOf(
  database: Database,
  { claim, policy, by }: { claim?: ClaimNumber; policy?: string; by?: string },
  { after, limit }: { after?: bigint; limit: number },
): Promise<{ looks: (KeptLook & { note?: string })[]; next?: string }> {
  const rows = await database.personalLook.findMany({
    where: {
      ...present({
        by,
        claims: claim === undefined ? undefined : { has: claim },
        policies: policy === undefined ? undefined : { has: policy },
        id: after === undefined ? undefined : { lt: after },
      }),
    },
    orderBy: { id: 'desc' },
    take: limit + 1,
  });
  const page = rows.slice(0, limit);
  return {
    looks: page.map(({ at, by: who, roles, claims, policies, what, because, party, purpose, note }) => ({
      at: at.toISOString(),
      by: who,
      roles,
      claims,
      what,
      because,
      ...present({
        policies: policies.length > 0 ? policies : undefined,
        party: party ?? undefined,
        purpose: purpose ?? undefined,
        note: note ?? undefined,
      }),
    })),
    ...present({ next: rows.length > page.length ? page.at(-1)?.id.toString() : undefined }),
  };
}

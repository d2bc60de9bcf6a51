import { Prisma } from '../../prisma/generated/client.ts';
import type { SampledClaim } from '../../client/own-api/schemas/records.ts';
import { majorUnits } from '../../domain/money/money.ts';
import { present } from '../../domain/present.ts';
import { instantOf, type Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';

/** Which closed claims a sample is drawn from; both times by the closing of the claim. */
export interface Population {
  /** Included. */
  closedFrom?: Instant;
  /** Not included. */
  closedTo: Instant;
  line?: string;
  branch?: string;
  outcome?: string;
}

export interface Sample {
  /** How many claims there were to draw from. */
  population: number;
  /** The SHA-256 of their numbers in order, one a line: another population has another one. */
  populationHash: string;
  /** In the order in which they were drawn. */
  claims: SampledClaim[];
}

/**
 * Draws closed claims: those whose SHA-256 of the seed and the number, on two lines, comes first (S13). So
 * the same seed and population give the same claims, to everybody who computes it, and a larger sample begins
 * with the smaller one.
 */
export async function drawSample(
  database: Database,
  of: Population,
  { count, seed }: { count: number; seed: string },
): Promise<Sample> {
  const where = conditionsOf(of);
  const [all] = await database.$queryRaw<{ size: number; hash: string }[]>`
    SELECT count(*)::int AS size, encode(sha256(convert_to(
      COALESCE(string_agg(number, E'\n' ORDER BY number), ''), 'UTF8')), 'hex') AS hash
    FROM claim WHERE ${where}`;
  const drawn = await database.$queryRaw<Drawn[]>`
    SELECT number, line, branch, outcome, stage_since AS "closedAt", currency, claimed_minor AS claimed,
      (SELECT COALESCE(sum(p.amount_minor), 0)::bigint FROM payment p
        WHERE p.claim = number AND p.answer IS DISTINCT FROM 'returned') AS paid
    FROM claim WHERE ${where}
    ORDER BY sha256(convert_to(${seed} || E'\n' || number, 'UTF8')), number
    LIMIT ${count}`;
  return {
    population: all?.size ?? 0,
    populationHash: all?.hash ?? '',
    claims: drawn.map(({ number, closedAt, currency, claimed, paid, ...rest }) => ({
      claim: number,
      ...rest,
      closedAt: instantOf(closedAt.getTime()),
      currency,
      claimed: majorUnits(Number(claimed), currency),
      paid: majorUnits(Number(paid), currency),
    })),
  };
}

function conditionsOf({ closedFrom, closedTo, ...same }: Population): Prisma.Sql {
  const columns = Object.entries(present({ ...same })).map(
    ([name, value]) => Prisma.sql`${Prisma.raw(name)} = ${value}`,
  );
  return Prisma.join(
    [
      Prisma.sql`outcome IS NOT NULL`,
      Prisma.sql`stage_since < ${closedTo}::timestamptz`,
      ...(closedFrom === undefined ? [] : [Prisma.sql`stage_since >= ${closedFrom}::timestamptz`]),
      ...columns,
    ],
    ' AND ',
  );
}

interface Drawn {
  number: string;
  line: string;
  branch: string;
  outcome: string;
  closedAt: Date;
  currency: string;
  claimed: bigint;
  paid: bigint;
}

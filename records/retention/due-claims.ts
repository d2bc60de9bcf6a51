import type { KeyObject } from 'node:crypto';
import { legalTerms, type Retention } from '../../config/retention.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { heldClaims } from './holds.ts';

/** A closed claim whose time is over. `stays`: why it is kept all the same. */
export interface DueClaim {
  claim: ClaimNumber;
  closedAt: Instant;
  /** The law that kept it longest, and until when. */
  law: string;
  until: Instant;
  stays?: 'hold' | 'follow-up';
}

const pageSize = 500;

/**
 * The closed claims whose time is over at `now`, by number; only `only` if it is given. Throws a sentence for
 * a jurisdiction without times.
 */
export async function* dueClaims(
  database: Database,
  { retention, roots, now, only }: Asked,
): AsyncGenerator<DueClaim> {
  const held = await heldClaims(database, roots, only);
  const years = Object.values(retention.laws).flatMap(({ claim, longClaim, payment }) =>
    [claim, longClaim, payment].map((term) => term.years),
  );
  const closedBefore = new Date(now);
  closedBefore.setUTCFullYear(closedBefore.getUTCFullYear() - Math.min(...years));
  for (let after = ''; ;) {
    const rows = await database.prepared<Row>('closed-claims', closedClaims, [
      closedBefore,
      after,
      pageSize,
      only ?? null,
    ]);
    yield* rows.flatMap((row) => dueIn(row, { retention, now, isHeld: held.has(row.number) }));
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.number ?? after;
  }
}

interface Asked {
  retention: Retention;
  roots: readonly KeyObject[];
  now: Instant;
  only?: ClaimNumber;
}

function dueIn(
  { number, jurisdiction, closedAt, validFrom, validTo, lastPaymentAt, isFollowedUp }: Row,
  { retention, now, isHeld }: { retention: Retention; now: Instant; isHeld: boolean },
): DueClaim[] {
  const policy =
    validFrom && validTo ? { validFrom: validFrom.toISOString(), validTo: validTo.toISOString() } : undefined;
  const [longest] = legalTerms(
    {
      jurisdiction,
      closedAt: closedAt.toISOString(),
      ...present({ policy, lastPaymentAt: lastPaymentAt?.toISOString() }),
    },
    retention,
  );
  if (!longest || longest.until > now) return [];
  const other = isFollowedUp ? 'follow-up' : undefined;
  const stays: DueClaim['stays'] = isHeld ? 'hold' : other;
  return [{ claim: number, closedAt: closedAt.toISOString(), ...longest, ...present({ stays }) }];
}

interface Row {
  number: ClaimNumber;
  jurisdiction: string;
  closedAt: Date;
  validFrom: Date | null;
  validTo: Date | null;
  lastPaymentAt: Date | null;
  isFollowedUp: boolean;
}

const closedClaims = `
  SELECT c.number, c.jurisdiction, c.stage_since AS "closedAt",
    p.valid_from AS "validFrom", p.valid_to AS "validTo",
    (SELECT max(placed_at) FROM payment WHERE claim = c.number) AS "lastPaymentAt",
    EXISTS (SELECT FROM follow_up f WHERE f.claim = c.number AND f.done_at IS NULL) AS "isFollowedUp"
  FROM claim c LEFT JOIN LATERAL (
    SELECT min(valid_from) AS valid_from, max(valid_to) AS valid_to FROM policy
    WHERE number = upper(c.state->>'policy') AND replaced_at IS NULL) p ON TRUE
  WHERE c.outcome IS NOT NULL AND c.stage_since < $1 AND c.number > $2 AND ($4::text IS NULL OR c.number = $4)
  ORDER BY c.number LIMIT $3`;

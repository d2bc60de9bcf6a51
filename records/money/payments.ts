import { z } from 'zod';
import type { Order } from '../../domain/money/gate.ts';
import type { Elsewhere } from '../../domain/money/related.ts';
import type { Ties } from '../../domain/money/ties.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { Database } from '../database.ts';
import { elsewhereIn } from './related.ts';

const placed = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['placed', 'other-content', 'daily-amount']) }),
  z.object({ kind: z.literal('news'), elsewhere: z.unknown().transform(elsewhereIn) }),
]);
export type Placing = z.infer<typeof placed>;

/** What a payment rests on beside its own claim. */
export interface Ground {
  ties: Ties;
  elsewhere: Elsewhere;
  /** The most that the rules release in 24 hours for one account, person or policy. */
  aDayMinor: number;
}

/**
 * Gives a payment its place, so that what belongs together is counted together (records/sql). Placing the
 * same again changes nothing. `news`: the records know something else than what the payment rests on.
 */
export async function placePayment(database: Database, order: Order, ground: Ground): Promise<Placing> {
  const { payment, claim, item, policy, lossAt, account, object, amountMinor, excessMinor } = order;
  const { currency, of, byRules, people } = order;
  const [row] = await database.prepared<{ placing: unknown }>('place-payment', placing, [
    JSON.stringify({
      id: payment,
      claim,
      item,
      policy,
      loss_at: lossAt,
      account,
      people,
      object,
      amount_minor: amountMinor,
      excess_minor: excessMinor,
      currency,
      of,
      by_rules: byRules,
    }),
    JSON.stringify(ground.ties),
    JSON.stringify(ground.elsewhere),
    ground.aDayMinor,
    'placed_at',
  ]);
  return placed.parse(row?.placing);
}

/** Gives a payment that the bank knows the place that the records have lost. */
export async function keepPlace(
  database: Database,
  { payment, lossAt, amountMinor, excessMinor, ...rest }: Order,
  placedAt: Instant,
  answer: 'accepted' | 'confirmed' | 'returned',
): Promise<void> {
  const { claim, item, policy, account, people, object, currency, of, byRules } = rest;
  const place = { id: payment, claim, item, policy, lossAt, account, people, object, currency, of, byRules };
  await database.payment.createMany({
    data: [{ ...place, amountMinor, excessMinor, placedAt, answer }],
    skipDuplicates: true,
  });
}

const placing = `
  SELECT place_payment($1::jsonb || jsonb_build_object($5::text, clock_timestamp()), $2::jsonb, $3::jsonb, $4)
    AS placing`;

/** Whether the payment has its place: then the bank may have been instructed. */
export const isPlaced = async (database: Database, payment: string): Promise<boolean> =>
  (await database.prepared('is-placed', 'SELECT id FROM payment WHERE id = $1', [payment])).length > 0;

/** Keeps the bank's latest answer; a payment without a place has none to keep. */
export async function keepAnswer(
  database: Database,
  payment: string,
  answer: 'accepted' | 'confirmed' | 'returned',
): Promise<void> {
  await database.prepared('keep-answer', 'UPDATE payment SET answer = $2 WHERE id = $1', [payment, answer]);
}

import { z } from 'zod';
import type { Order } from '../../domain/money/gate.ts';
import type { Database } from '../database.ts';

const placing = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('placed') }),
  z.object({ kind: z.literal('other-content') }),
  z.object({
    kind: z.literal('too-much'),
    elsewhereMinor: z.int(),
    payments: z.array(z.object({ id: z.string(), claim: z.string() })),
  }),
]);
export type Placing = z.infer<typeof placing>;

/**
 * Gives a payment its place, so that what belongs to one loss is counted together (records/sql). Placing the
 * same again changes nothing. `upToMinor`: the most that other claims may have been paid.
 */
export async function placePayment(
  database: Database,
  order: Order,
  { hours, upToMinor }: { hours: number; upToMinor: number },
): Promise<Placing> {
  const { payment, claim, item, policy, lossAt, account, amountMinor, currency, of } = order;
  const [row] = await database.prepared<{ placing: unknown }>(
    'place-payment',
    'SELECT place_payment($1::jsonb || jsonb_build_object($4::text, clock_timestamp()), $2, $3) AS placing',
    [
      JSON.stringify({
        id: payment,
        claim,
        item,
        policy,
        loss_at: lossAt,
        account,
        amount_minor: amountMinor,
        currency,
        of,
      }),
      hours,
      upToMinor,
      'placed_at',
    ],
  );
  return placing.parse(row?.placing);
}

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

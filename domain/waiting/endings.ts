import type { ActName } from '../claim/acts.ts';
import type { Item } from '../claim/claim.ts';
import { takerOf } from '../road/road.ts';
import { isStep, type ClaimStep, type ItemStep } from '../road/steps.ts';
import type { Expectation } from './expectation.ts';

/** The act that ends an expectation from staff. `watch`: none; a superior sees to it that others act. */
export type Ending = ActName | 'watch';

/**
 * The kinds of expectation beside the road, each with the act that ends it. The first word of an
 * expectation's id is its kind, or its step on the road.
 */
const besideRoad = {
  problem: 'retry',
  post: 'post-letter',
  withdrawal: 'withdraw',
  check: 'accept-document',
  call: 'record-call',
  reach: 'record-call',
  answer: 'record-call',
  compare: 'join-claims',
  clock: 'watch',
  escalation: 'watch',
} as const satisfies Record<string, Ending>;
type BesideRoad = keyof typeof besideRoad;

/** The id of an expectation. A party brings a `document`; all others have a row above or on the road. */
export type ExpectationId = ClaimStep | BesideRoad | `${ItemStep | BesideRoad | 'document'}:${string}`;

/** The act that ends the expectation; undefined where we wait for a party or the bank. */
export function endedBy({ id }: Pick<Expectation, 'id'>, item: Item | undefined): Ending | undefined {
  const [kind = ''] = id.split(':');
  if (isBesideRoad(kind)) return besideRoad[kind];
  const taker = isStep(kind) ? takerOf(kind) : 'process';
  if (typeof taker === 'string' || taker.who === 'owner') return undefined;
  return (item?.refusal && taker.actOnRefusal) ?? taker.act;
}

const isBesideRoad = (kind: string): kind is BesideRoad => kind in besideRoad;

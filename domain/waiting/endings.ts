import type { ActName } from '../claim/acts.ts';
import type { Item } from '../claim/claim.ts';
import { takerOf } from '../road/road.ts';
import { isStep, type ClaimStep, type ItemStep } from '../road/steps.ts';
import type { Expectation } from './expectation.ts';

/** The act that ends an expectation from staff. `watch`: none; a superior sees to it that others act. */
export type Ending = ActName | 'watch';

/**
 * The kinds of expectation beside the road, each with the act that ends it and with what it says, where `*`
 * is anything: each language has a word for it. A problem has words of its own. The first word of an
 * expectation's id is its kind, or its step on the road.
 */
const besideRoad = {
  problem: { act: 'retry', says: undefined },
  post: { act: 'post-letter', says: 'post-letter' },
  policy: { act: 'watch', says: 'the policy from its source' },
  withdrawal: { act: 'withdraw', says: 'confirm withdrawal' },
  check: { act: 'accept-document', says: 'check *' },
  call: { act: 'record-call', says: 'call *' },
  reach: { act: 'record-call', says: 'call *' },
  answer: { act: 'record-call', says: 'call *' },
  appeal: { act: 'reopen', says: 'reopen after an appeal' },
  late: { act: 'reopen', says: 'reopen after a document, or keep the decision' },
  compare: { act: 'join-claims', says: 'compare with *' },
  clock: { act: 'watch', says: 'decision * by law' },
  escalation: { act: 'watch', says: 'stalled: *' },
} as const satisfies Record<string, { act: Ending; says: string | undefined }>;
export type BesideRoad = keyof typeof besideRoad;

/** What the expectations beside the road say, for the words of each language. */
export const tasksBesideRoad: readonly string[] = Object.values(besideRoad).flatMap(({ says }) => says ?? []);

/** The id of an expectation. A party brings a `document`; all others have a row above or on the road. */
export type ExpectationId = ClaimStep | BesideRoad | `${ItemStep | BesideRoad | 'document'}:${string}`;

/** The act that ends the expectation; undefined where we wait for a party or the bank. */
export function endedBy({ id }: Pick<Expectation, 'id'>, item: Item | undefined): Ending | undefined {
  const [kind = ''] = id.split(':');
  if (isBesideRoad(kind)) return besideRoad[kind].act;
  const taker = isStep(kind) ? takerOf(kind) : 'process';
  if (typeof taker === 'string' || taker.who === 'owner') return undefined;
  return (item?.refusal && taker.actOnRefusal) ?? taker.act;
}

const isBesideRoad = (kind: string): kind is BesideRoad => kind in besideRoad;

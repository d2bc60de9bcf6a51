import pLimit, { type LimitFunction } from 'p-limit';
import type { ClaimNumber } from '../../domain/ids.ts';

/** The engine allows ten at a time in one claim. Four leave room for two API processes. */
const actsAtATime = 4;

/**
 * One message too many makes the engine stop its work on the claim, and all messages begin anew (ADR 9). So
 * each claim's messages wait here, in the order of their arrival.
 */
export function takingTurns() {
  const claims = new Map<ClaimNumber, { limit: LimitFunction; waiting: number }>();
  return async <T>(claim: ClaimNumber, act: () => Promise<T>): Promise<T> => {
    const turns = claims.get(claim) ?? { limit: pLimit(actsAtATime), waiting: 0 };
    claims.set(claim, turns);
    turns.waiting += 1;
    try {
      return await turns.limit(act);
    } finally {
      turns.waiting -= 1;
      if (turns.waiting === 0) claims.delete(claim);
    }
  };
}

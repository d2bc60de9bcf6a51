import pLimit, { type LimitFunction } from 'p-limit';
import type { ClaimNumber } from '../../domain/ids.ts';

/** Of the ten that the engine lets be under way in one claim: so two of us may be busy with it. */
const actsAtATime = 4;

/**
 * Whoever sends one more than the engine takes makes it drop what it was doing with the claim, and all begin
 * anew (ADR 9): so each claim's
 * messages wait here, in the order in which they came.
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

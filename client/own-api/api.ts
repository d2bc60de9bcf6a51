import { asking } from './asking.ts';
import { actCalls } from './calls/acts.ts';
import { claimCalls } from './calls/claims.ts';
import { operationsCalls } from './calls/operations.ts';
import { personalCalls } from './calls/personal.ts';
import type { Connection, Send } from './http.ts';

export type Api = ReturnType<typeof apiAt>;

/**
 * Lipei's API as functions. Each throws an ApiFailure when it is refused or cannot be reached, and whatever
 * `connection` throws. `send` is for who sends otherwise than once.
 */
export function apiAt(connection: () => Connection, send?: Send) {
  const ask = asking(connection, send);
  return { ...claimCalls(ask), ...actCalls(ask), ...personalCalls(ask), ...operationsCalls(ask) };
}

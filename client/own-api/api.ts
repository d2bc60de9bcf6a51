import { asking } from './asking.ts';
import { actCalls } from './calls/acts.ts';
import { archiveCalls } from './calls/archives.ts';
import { claimCalls } from './calls/claims.ts';
import { importCalls } from './calls/imports.ts';
import { operationsCalls } from './calls/operations.ts';
import { personalCalls } from './calls/personal.ts';
import { staffChangeCalls } from './calls/staff-changes.ts';
import { policyCalls } from './calls/policies.ts';
import { staffCalls } from './calls/staff.ts';
import type { Connection, Send } from './http.ts';

export type Api = ReturnType<typeof apiAt>;

/**
 * Lipei's API as functions. Each throws an ApiFailure when the API denies the request or cannot be reached,
 * and every fault of `connection`. `send` replaces the sender, for instance to repeat requests.
 */
export function apiAt(connection: () => Connection, send?: Send) {
  const ask = asking(connection, send);
  return {
    ...claimCalls(ask),
    ...actCalls(ask),
    ...personalCalls(ask),
    ...policyCalls(ask),
    ...staffCalls(ask),
    ...operationsCalls(ask),
    ...archiveCalls(ask),
    ...staffChangeCalls(ask),
    ...importCalls(ask),
  };
}

import { Client, Connection, WorkflowNotFoundError, type ConnectionOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { taskQueue as usualTaskQueue } from '../../config/task-queue.ts';
import { workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import { present } from '../../domain/present.ts';
import type { ClaimResult, ClaimStart } from '../../workflows/contract.ts';
import { unavailable, type Unavailable } from './faults.ts';

export interface EngineOptions {
  connection: Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey'>;
  namespace: string;
  /** The codec: all payloads leave this process encrypted. */
  dataConverter?: DataConverter;
  taskQueue?: string;
  /**
   * In milliseconds; people wait at a screen. An act may have to wait for a worker's restart, a query need
   * not.
   */
  actWithinMs?: number;
  lookWithinMs?: number;
}

/**
 * No claim of this number runs: it was never filed, or it has ended. The engine no longer knows claims that
 * ended long ago.
 */
export type Gone = { kind: 'unknown' } | { kind: 'ended' };

export const againAfterMs = 200;

export type ClaimWorkflow = (start: ClaimStart) => Promise<ClaimResult>;

/** The connection, and the requests about one claim's workflow that several files share. */
export type Engine = ReturnType<typeof openEngine>;

/** Connects when first used, so that the API starts while the engine is down. */
export function openEngine({
  connection: to,
  namespace,
  dataConverter,
  taskQueue = usualTaskQueue,
  actWithinMs = 28_000,
  lookWithinMs = 5_000,
}: EngineOptions) {
  const connection = Connection.lazy({ ...to, connectTimeout: '3 seconds' });
  const client = new Client({ connection, namespace, ...present({ dataConverter }) });
  const handleOf = (claim: ClaimNumber) => client.workflow.getHandle<ClaimWorkflow>(workflowIdOf(claim));
  const asked = new Set<Promise<unknown>>();
  const within = <T>(deadline: number, call: () => Promise<T>): Promise<T> => {
    const answer = client.withDeadline(deadline, call);
    const isAnswered = (): void => void asked.delete(answer);
    asked.add(answer);
    answer.then(isAnswered, isAnswered);
    return answer;
  };

  async function whatBecameOf(
    claim: ClaimNumber,
    until: number,
  ): Promise<{ kind: 'running' } | Gone | Unavailable> {
    try {
      const { status } = await within(until, () => handleOf(claim).describe());
      return { kind: ['RUNNING', 'CONTINUED_AS_NEW', 'PAUSED'].includes(status.name) ? 'running' : 'ended' };
    } catch (fault) {
      return fault instanceof WorkflowNotFoundError ? { kind: 'unknown' } : unavailable(fault);
    }
  }

  return {
    client,
    namespace,
    taskQueue,
    actWithinMs,
    lookWithinMs,
    handleOf,
    within,
    whatBecameOf,
    /** The client tries a request again by a timer, which must not find the connection closed. */
    async close(): Promise<void> {
      await Promise.allSettled(asked);
      await connection.close();
    },
  };
}

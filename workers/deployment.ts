import { setTimeout as pause } from 'node:timers/promises';
import { isGrpcServiceError, type Connection } from '@temporalio/client';
import type { WorkerDeploymentOptions } from '@temporalio/worker';

/** The deployment of all workers of claims. Each version of our code is a version of it. */
const deploymentName = 'claims';

/**
 * Claims outlive versions. Each claim continues with the current version, by `patched` and replay
 * (docs/changing-a-workflow.md).
 */
export const deploymentOf = (buildId: string): WorkerDeploymentOptions => ({
  version: { deploymentName, buildId },
  useWorkerVersioning: true,
  defaultVersioningBehavior: 'AUTO_UPGRADE',
});

/** gRPC codes: the engine does not know this version yet, or none of its workers. */
const notYet: readonly number[] = [/* not found */ 5, /* failed precondition */ 9, /* unavailable */ 14];

/**
 * From now on the workers of this version do the work: new claims, and the next step of every open claim.
 * Waits up to ten seconds until the engine knows the version; then throws a sentence.
 */
export async function makeCurrent(connection: Connection, namespace: string, buildId: string): Promise<void> {
  for (const until = Date.now() + 10_000; ; await pause(200)) {
    try {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        namespace,
        deploymentName,
        buildId,
        identity: 'lipei',
      });
      return;
    } catch (fault) {
      if (!isGrpcServiceError(fault) || !notYet.includes(fault.code)) throw fault;
      if (Date.now() > until)
        throw new Error(
          `No worker of version ${buildId} asks for tasks (${fault.details}): ` +
            'start one, then make the version current again.',
          { cause: fault },
        );
    }
  }
}

export interface Releases {
  current: string | undefined;
  known: { buildId: string; since: string | undefined }[];
}

/** The versions that the engine knows, the newest first, and the current one. */
export async function releases(connection: Connection, namespace: string): Promise<Releases> {
  try {
    const { workerDeploymentInfo: info } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    return {
      current: info?.routingConfig?.currentDeploymentVersion?.buildId ?? undefined,
      known: (info?.versionSummaries ?? []).map(({ deploymentVersion, createTime }) => ({
        buildId: deploymentVersion?.buildId ?? '',
        since: createTime?.seconds ? new Date(Number(createTime.seconds) * 1000).toISOString() : undefined,
      })),
    };
  } catch (fault) {
    if (isGrpcServiceError(fault) && fault.code === 5) return { current: undefined, known: [] };
    throw fault;
  }
}

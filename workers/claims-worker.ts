import { NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities, type Outside } from '../activities/activities.ts';
import { namedFaults } from '../activities/named-faults.ts';
import { taskQueue } from '../config/task-queue.ts';
import { workflowsPath } from './workflow-bundle.ts';

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  dataConverter: WorkerOptions['dataConverter'];
  /** A bundle made before, so that several workers need not make their own. */
  workflowBundle?: WorkflowBundleOption;
  taskQueue?: string;
}


/** A worker for claims: real workflow code, and activities that touch exactly the `outside` it is given. */
export const createClaimsWorker = ({ connection, namespace, dataConverter, workflowBundle, taskQueue: queue = taskQueue }: WorkerSettings, outside: Outside): Promise<Worker> =>
  Worker.create({
    connection,
    namespace,
    taskQueue: queue,
    ...(dataConverter && { dataConverter }),
    ...(workflowBundle ? { workflowBundle } : { workflowsPath }),
    activities: { ...createActivities(outside) },
    interceptors: { activity: [namedFaults] },
    // A cached claim takes about 50 KB; the SDK's default assumes 1 MB.
    maxCachedWorkflows: 2000,
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentActivityTaskExecutions: 100,
    // The local stack gives us seven seconds.
    shutdownGraceTime: '4 seconds',
    shutdownForceTime: '6 seconds',
    showStackTraceSources: true,
  });

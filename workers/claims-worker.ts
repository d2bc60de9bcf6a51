import { getHeapStatistics } from 'node:v8';
import { NativeConnection, Worker, type WorkerOptions, type WorkflowBundleOption } from '@temporalio/worker';
import { createActivities, type Outside } from '../activities/activities.ts';
import { namedFaults } from '../activities/named-faults.ts';
import { taskQueue } from '../config/task-queue.ts';
import { deploymentOf } from './deployment.ts';
import { present } from '../domain/present.ts';

export interface WorkerSettings {
  connection: NativeConnection;
  namespace: string;
  dataConverter: WorkerOptions['dataConverter'];
  /** Made by `workflowBundle` (workflow-bundle.ts) in advance, so that several workers share it. */
  workflowBundle: WorkflowBundleOption;
  taskQueue?: string;
  /** The version, where the engine distinguishes versions; a test server does not. */
  buildId?: string;
}

const megabyte = 2 ** 20;

/**
 * An open claim in the cache, with garbage that V8 has not collected yet. The objects are 110 KB, most of it
 * the stacks of pending promises.
 */
const cachedClaimMegabytes = 0.3;
const ownMegabytes = 200;

/**
 * How many claims a worker keeps in memory. Others are replayed when something happens to them. Exported for
 * its test.
 */
export const cachedClaims = (heapLimitBytes: number): number =>
  Math.max(100, Math.floor((heapLimitBytes / megabyte - ownMegabytes) / cachedClaimMegabytes));

/** A worker for claims: real workflow code, and activities that touch only the given `outside`. */
export const createClaimsWorker = (settings: WorkerSettings, outside: Outside): Promise<Worker> =>
  createWorker(settings, { ...createActivities(outside) });

/** The same with other activities, for the benchmark. */
export const createWorker = (
  {
    connection,
    namespace,
    dataConverter,
    workflowBundle,
    taskQueue: queue = taskQueue,
    buildId,
  }: WorkerSettings,
  activities: object,
): Promise<Worker> =>
  Worker.create({
    connection,
    namespace,
    taskQueue: queue,
    ...present({
      dataConverter,
      workerDeploymentOptions: buildId === undefined ? undefined : deploymentOf(buildId),
    }),
    workflowBundle,
    activities,
    interceptors: { activity: [namedFaults] },
    maxCachedWorkflows: cachedClaims(getHeapStatistics().heap_size_limit),
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentActivityTaskExecutions: 100,
    // The local stack gives us seven seconds.
    shutdownGraceTime: '4 seconds',
    shutdownForceTime: '6 seconds',
    showStackTraceSources: true,
  });

import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';

/**
 * The engine did not answer in time, or cannot be reached; a message may have arrived all the same, so it is
 * sent again under its id.
 */
export interface Unavailable {
  kind: 'unavailable';
  why: string;
}

/**
 * What the engine itself says of a message that a run left unanswered, or did not even look at, because it
 * ended just then.
 */
const leftByItsRun: readonly string[] = ['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate'];

/**
 * The engine has no running workflow for it, or the run that was given the message ended before it answered.
 */
export const endedMeanwhile = (fault: unknown): boolean =>
  fault instanceof WorkflowNotFoundError ||
  (fault instanceof WorkflowUpdateFailedError &&
    fault.cause instanceof ApplicationFailure &&
    leftByItsRun.includes(fault.cause.type ?? ''));

/**
 * gRPC's codes, as numbers so that the transport is no dependency of ours: what the engine may take a moment
 * later.
 */
const [cancelled, deadlineExceeded, failedPrecondition] = [1, 4, 9];
const passing: readonly number[] = [/* aborted */ 10, /* unavailable */ 14, /* resource exhausted */ 8];

const codeOf = (fault: unknown): number | undefined => {
  const cause =
    fault instanceof ServiceError || fault instanceof WorkflowUpdateRPCTimeoutOrCancelledError
      ? fault.cause
      : fault;
  return isGrpcServiceError(cause) ? cause.code : undefined;
};

export const isPassing = (fault: unknown): boolean =>
  passing.includes(codeOf(fault) ?? -1) || isNotReady(fault);

/**
 * Before its first task was done, or while a task is repeated that a worker lost: asked again, it answers.
 */
export const isNotReady = (fault: unknown): boolean => codeOf(fault) === failedPrecondition;

/** Only what the engine or the way to it may do; anything else is a fault of ours and is thrown on. */
export function unavailable(fault: unknown): Unavailable {
  const code = codeOf(fault);
  if (
    code === undefined &&
    !(fault instanceof WorkflowUpdateRPCTimeoutOrCancelledError) &&
    !isConnectionFault(fault)
  )
    throw fault;
  return {
    kind: 'unavailable',
    why:
      code === deadlineExceeded || code === cancelled || code === undefined
        ? 'no answer in time'
        : `the engine answered with code ${code}`,
  };
}

/** A lazy connection that could not be made. */
const isConnectionFault = (fault: unknown): boolean =>
  fault instanceof Error && /Failed to connect|before the deadline/i.test(fault.message);

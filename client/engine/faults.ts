import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { denialReasons, denied, type Denied } from '../../domain/denial.ts';

/**
 * The engine did not answer in time, or cannot be reached. A message may have arrived, so it is sent again
 * under its id.
 */
export interface Unavailable {
  kind: 'unavailable';
  why: string;
}

/** The names of an update that its run left unanswered, or did not handle, because the run ended. */
const leftByItsRun: readonly string[] = ['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate'];

/** The engine has no running workflow for the message, or its run ended before it answered. */
export const endedMeanwhile = (fault: unknown): boolean =>
  fault instanceof WorkflowNotFoundError ||
  (fault instanceof WorkflowUpdateFailedError &&
    fault.cause instanceof ApplicationFailure &&
    leftByItsRun.includes(fault.cause.type ?? ''));

/** The denial of a message whose sender nobody knows: it fails, so that the Temporal UI shows red. */
export function denialIn(fault: unknown): Denied | undefined {
  if (!(fault instanceof WorkflowUpdateFailedError) || !(fault.cause instanceof ApplicationFailure))
    return undefined;
  const { type, message, details } = fault.cause;
  const reason = denialReasons.find((each) => each === details?.[0]);
  return type === 'Denied' && reason ? denied(reason, message) : undefined;
}

/** gRPC's codes, as numbers, so that the transport is no dependency of ours. */
const [cancelled, invalidArgument, deadlineExceeded, notFound, failedPrecondition] = [1, 3, 4, 5, 9];
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
 * The workflow's first task is not done yet, or a task is repeated after a worker was lost. A later query is
 * answered.
 */
export const isNotReady = (fault: unknown): boolean => codeOf(fault) === failedPrecondition;

/** The engine does not know the workflow, or has deleted it. */
export const isUnknown = (fault: unknown): boolean =>
  fault instanceof WorkflowNotFoundError || codeOf(fault) === notFound;

/** The engine denied a request as wrong in itself: to repeat it is no use. */
export const isInvalid = (fault: unknown): boolean => codeOf(fault) === invalidArgument;

/** Only for faults of the engine and of the connection. Any other fault is ours, and is thrown. */
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

/** A lazy connection could not be made. */
const isConnectionFault = (fault: unknown): boolean =>
  fault instanceof Error && /Failed to connect|before the deadline/i.test(fault.message);

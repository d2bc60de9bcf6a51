import { setTimeout as pause } from 'node:timers/promises';
import {
  Client,
  Connection,
  isGrpcServiceError,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
  type ConnectionOptions,
} from '@temporalio/client';
import { ApplicationFailure, type DataConverter } from '@temporalio/common';
import proto from '@temporalio/proto';
import { z } from 'zod';
import { noticeOfWorkflow } from './notice-of-workflow.ts';
import { noticeSchema } from '../../config/notice-schema.ts';
import { taskQueue as usualTaskQueue } from '../../config/task-queue.ts';
import type { ActName } from '../../domain/claim/acts.ts';
import type { ReportName } from '../../domain/claim/reports.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { numbersOf, workflowIdOf, type ClaimNumber } from '../../domain/ids.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import {
  claimQuery,
  factSignal,
  humanUpdate,
  workflowType,
  type Answer,
  type ClaimResult,
  type ClaimStart,
  type HumanPayload,
} from '../../workflows/contract.ts';
import { claimsStandingStill, type StandingPage } from './standing-still.ts';
import { takingTurns } from './turns.ts';
import { present } from '../../domain/present.ts';

/**
 * The engine did not answer in time, or cannot be reached; a message may have arrived all the same, so it is
 * sent again under its id.
 */
export interface Unavailable {
  kind: 'unavailable';
  why: string;
}

/**
 * There is no running claim of this number: never filed, or ended; what ended long ago the engine no longer
 * knows.
 */
export type Gone = { kind: 'unknown' } | { kind: 'ended' };

export type Filing = { kind: 'filed' | 'already-filed'; claim: ClaimNumber } | Unavailable;
export type StateAnswer =
  | { kind: 'found'; claim: Claim }
  | { kind: 'opening' }
  | { kind: 'not-opened'; sentence: string }
  | { kind: 'unknown' }
  | Unavailable;

/** All that is asked of the engine. Outcomes are values; what throws is a fault of ours. */
export interface Claims {
  /**
   * The same source and reference is the same claim, however often and from wherever it is filed. `summary`
   * stands in the Temporal UI;
   * `numbers` are those of the notice that the records give to no other, where they could be asked.
   */
  file(notice: NoticeOfLoss, given?: { summary?: string; numbers?: ClaimNumber[] }): Promise<Filing>;
  /**
   * A person's act. The payload's id is the update's: one that was not accepted is sent again under it, and
   * counts once.
   */
  act(claim: ClaimNumber, name: ActName, payload: HumanPayload): Promise<Answer | Gone | Unavailable>;
  /** A fact without an author; its id makes one that is sent twice count once. */
  learn(
    claim: ClaimNumber,
    name: ReportName,
    payload: { id: string } & Record<string, unknown>,
  ): Promise<{ kind: 'sent' } | Gone | Unavailable>;
  /** The state as the workflow has it; a claim that has just been filed is waited for, for a few seconds. */
  state(claim: ClaimNumber): Promise<StateAnswer>;
  /**
   * Running claims that stand still, and what is broken: as the engine lists them, so while the records are
   * down too. A page, after the one that said `next`.
   */
  standingStill(after?: string): Promise<({ kind: 'known' } & StandingPage) | Unavailable>;
  /**
   * How many runs of claims began by then, open ones and those whose histories are kept; null where the
   * engine does not say.
   */
  runsBegunBy(moment: Date): Promise<number | null>;
  isReachable(): Promise<boolean>;
  /** How many workers ask for tasks of claims, and how many tasks wait for one. */
  load(): Promise<{ kind: 'known'; workers: number; waiting: number } | Unavailable>;
  close(): Promise<void>;
}

export interface ClaimsOptions {
  connection: Pick<ConnectionOptions, 'address' | 'tls' | 'apiKey'>;
  namespace: string;
  /** The codec: nothing leaves this process readable. */
  dataConverter?: DataConverter;
  taskQueue?: string;
  /** People wait at a screen: an act may need a restart of a worker, a look needs none. */
  actWithinMs?: number;
  lookWithinMs?: number;
}

const { temporal } = proto;
const againAfterMs = 200;

type ClaimWorkflow = (start: ClaimStart) => Promise<ClaimResult>;

/** Connects when first used, so that the API starts while the engine is down. */
export function connectClaims({
  connection: to,
  namespace,
  dataConverter,
  taskQueue = usualTaskQueue,
  actWithinMs = 28_000,
  lookWithinMs = 5_000,
}: ClaimsOptions): Claims {
  const connection = Connection.lazy({ ...to, connectTimeout: '3 seconds' });
  const client = new Client({ connection, namespace, ...present({ dataConverter }) });
  const noticeOf = noticeOfWorkflow(client);
  const handleOf = (claim: ClaimNumber) => client.workflow.getHandle<ClaimWorkflow>(workflowIdOf(claim));
  const inTurn = takingTurns();
  const within = <T>(deadline: number, call: () => Promise<T>): Promise<T> =>
    client.withDeadline(deadline, call);

  return {
    async file(notice, { summary, numbers = numbersOf(notice.source, notice.reference) } = {}) {
      for (const number of numbers) {
        const answer = await fileUnder(number, notice, summary);
        if (answer.kind !== 'anothers') return answer;
      }
      return { kind: 'unavailable', why: 'other notices have every number of this one' };
    },

    act: (claim, name, payload) => {
      const until = Date.now() + actWithinMs;
      const send = () =>
        within(until, () =>
          handleOf(claim).executeUpdate(humanUpdate(name), { args: [payload], updateId: payload.id }),
        );
      return inTurn(claim, () => sent(claim, until, send));
    },

    learn: (claim, name, payload) => {
      const until = Date.now() + lookWithinMs;
      return sent(claim, until, async () => {
        await within(until, () => handleOf(claim).signal(factSignal(name), payload));
        return { kind: 'sent' } as const;
      });
    },

    async state(claim) {
      const until = Date.now() + lookWithinMs;
      for (;;) {
        const answer = await look(claim, until);
        if (answer.kind !== 'opening' || Date.now() + againAfterMs > until) return answer;
        await pause(againAfterMs);
      }
    },

    async standingStill(after) {
      try {
        return {
          kind: 'known',
          ...(await within(Date.now() + actWithinMs, () => claimsStandingStill(client, namespace, after))),
        };
      } catch (fault) {
        return unavailable(fault);
      }
    },

    async runsBegunBy(moment) {
      try {
        const { count } = await within(Date.now() + lookWithinMs, () =>
          client.workflow.count(
            `WorkflowType = "${workflowType}" AND StartTime <= "${moment.toISOString()}"`,
          ),
        );
        return count;
      } catch (fault) {
        unavailable(fault);
        return null;
      }
    },

    async isReachable() {
      try {
        await within(Date.now() + 2_000, () => client.workflowService.getSystemInfo({}));
        return true;
      } catch {
        return false;
      }
    },

    async load() {
      try {
        const [tasks, activities] = await Promise.all([
          queue('TASK_QUEUE_TYPE_WORKFLOW'),
          queue('TASK_QUEUE_TYPE_ACTIVITY'),
        ]);
        return { kind: 'known', workers: tasks.workers, waiting: tasks.waiting + activities.waiting };
      } catch (fault) {
        return unavailable(fault);
      }
    },

    close: () => connection.close(),
  };

  async function queue(
    type: 'TASK_QUEUE_TYPE_WORKFLOW' | 'TASK_QUEUE_TYPE_ACTIVITY',
  ): Promise<{ workers: number; waiting: number }> {
    const asked = {
      namespace,
      taskQueue: { name: taskQueue },
      taskQueueType: temporal.api.enums.v1.TaskQueueType[type],
      reportStats: true,
    };
    const { pollers, stats } = await within(Date.now() + 2_000, () =>
      client.workflowService.describeTaskQueue(asked),
    );
    return { workers: pollers?.length ?? 0, waiting: Number(stats?.approximateBacklogCount ?? 0) };
  }

  async function fileUnder(
    claim: ClaimNumber,
    notice: NoticeOfLoss,
    summary?: string,
  ): Promise<Filing | { kind: 'anothers' }> {
    const started = await start(claim, notice, 'REJECT_DUPLICATE', summary);
    if (started.kind !== 'already-filed') return started;
    const found = await whose(claim, notice);
    if (found.kind === 'nobodys') return start(claim, notice, 'ALLOW_DUPLICATE', summary);
    return found.kind === 'own' ? { kind: 'already-filed', claim: found.claim } : found;
  }

  async function start(
    claim: ClaimNumber,
    notice: NoticeOfLoss,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' | 'ALLOW_DUPLICATE',
    summary?: string,
  ): Promise<Filing> {
    const options = {
      workflowId: workflowIdOf(claim),
      taskQueue,
      workflowIdReusePolicy,
      ...present({ staticSummary: summary }),
    };
    try {
      await within(Date.now() + lookWithinMs, () =>
        client.workflow.start<ClaimWorkflow>(workflowType, { ...options, args: [notice] }),
      );
      return { kind: 'filed', claim };
    } catch (fault) {
      if (fault instanceof WorkflowExecutionAlreadyStartedError) return { kind: 'already-filed', claim };
      return unavailable(fault);
    }
  }

  /**
   * Whose claim it is that has the number: two notices may have the same, and one that is taken for the other
   * is lost. Where there is no
   * telling, whoever asks asks again: the records will know.
   */
  async function whose(
    claim: ClaimNumber,
    notice: NoticeOfLoss,
  ): Promise<{ kind: 'own'; claim: ClaimNumber } | { kind: 'anothers' } | { kind: 'nobodys' } | Unavailable> {
    const until = Date.now() + lookWithinMs;
    try {
      const { raw } = await within(until, () => handleOf(claim).describe());
      const { data: first } = named.safeParse(
        await within(until, () => noticeOf(workflowIdOf(claim), raw.workflowExecutionInfo?.firstRunId ?? '')),
      );
      if (first && (first.source !== notice.source || first.reference !== notice.reference))
        return { kind: 'anothers' };
      const result = await resultOf(claim, until);
      // A notice that was mistyped in the Temporal UI, say, and never became a claim: it takes nobody's
      // number.
      if (result?.kind === 'not-opened') return { kind: 'nobodys' };
      // It may go by another number than it was started under.
      return first ? { kind: 'own', claim: result?.claim ?? claim } : untold(claim);
    } catch (fault) {
      return fault instanceof WorkflowNotFoundError ? untold(claim) : unavailable(fault);
    }
  }

  /** Undefined while it runs, or when it was terminated. */
  async function resultOf(claim: ClaimNumber, until: number): Promise<ClaimResult | undefined> {
    if ((await whatBecameOf(claim, until)).kind !== 'ended') return undefined;
    try {
      return await within(until, () => handleOf(claim).result());
    } catch (fault) {
      if (fault instanceof WorkflowFailedError) return undefined;
      throw fault;
    }
  }

  /**
   * Tries again, under the same id, what the claim did not take while it went on to a new run or its worker
   * was restarting.
   */
  async function sent<T>(
    claim: ClaimNumber,
    until: number,
    send: () => Promise<T>,
  ): Promise<T | Gone | Unavailable> {
    for (;;) {
      try {
        return await send();
      } catch (fault) {
        const gone = endedMeanwhile(fault) ? await whatBecameOf(claim, until) : undefined;
        if (gone && gone.kind !== 'running') return gone;
        const mayHelp = gone !== undefined || isPassing(fault);
        if (!mayHelp || Date.now() + againAfterMs > until) return unavailable(fault);
        await pause(againAfterMs);
      }
    }
  }

  async function look(claim: ClaimNumber, until: number): Promise<StateAnswer> {
    try {
      const state = await within(until, () => handleOf(claim).query(claimQuery));
      if (state) return { kind: 'found', claim: state };
      return await notYetOpen(claim, until);
    } catch (fault) {
      if (fault instanceof WorkflowNotFoundError) return { kind: 'unknown' };
      return isNotReady(fault) ? { kind: 'opening' } : unavailable(fault);
    }
  }

  async function notYetOpen(claim: ClaimNumber, until: number): Promise<StateAnswer> {
    const became = await whatBecameOf(claim, until);
    if (became.kind !== 'ended') return became.kind === 'running' ? { kind: 'opening' } : became;
    const result = await within(until, () => handleOf(claim).result());
    return result.kind === 'not-opened' ? result : { kind: 'unknown' };
  }

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
}

/** What a notice of loss is known by, as it is read. */
const named = z.object({ source: noticeSchema.shape.source, reference: noticeSchema.shape.reference });

/**
 * What the engine itself says of a message that a run left unanswered, or did not even look at, because it
 * ended just then.
 */
const leftByItsRun: readonly string[] = ['AcceptedUpdateCompletedWorkflow', 'UnprocessedUpdate'];

/**
 * The engine has no running workflow for it, or the run that was given the message ended before it answered.
 */
const endedMeanwhile = (fault: unknown): boolean =>
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

const isPassing = (fault: unknown): boolean => passing.includes(codeOf(fault) ?? -1) || isNotReady(fault);

/**
 * Before its first task was done, or while a task is repeated that a worker lost: asked again, it answers.
 */
const isNotReady = (fault: unknown): boolean => codeOf(fault) === failedPrecondition;

/** Only what the engine or the way to it may do; anything else is a fault of ours and is thrown on. */
function unavailable(fault: unknown): Unavailable {
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

const untold = (claim: ClaimNumber): Unavailable => ({
  kind: 'unavailable',
  why: `there is no telling whose claim ${claim} is`,
});

/** A lazy connection that could not be made. */
const isConnectionFault = (fault: unknown): boolean =>
  fault instanceof Error && /Failed to connect|before the deadline/i.test(fault.message);

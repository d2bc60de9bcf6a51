import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActName } from '../domain/claim/acts.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import type { ReportName } from '../domain/claim/reports.ts';
import type { WaitingLine } from '../domain/claim/view.ts';
import type { DenialReason } from '../domain/denial.ts';

/**
 * The contract between a claim's workflow and its callers. Each message is one object with its own `id`, so
 * that a message sent twice counts once. An act has an author: it is an update with a proof (design §3). A
 * report has none: it is a signal. Their names and fields are the rows of `domain/claim/acts.ts` and
 * `reports.ts`. No validator is used, because it could not write the journal: the handler denies a malformed
 * message and journals it.
 */
export const workflowType = 'claim';

/** The answer of a claim to an update. */
export type ActAnswer =
  { kind: 'recorded'; seq: number } | { kind: 'denied'; reason: DenialReason; sentence: string };

/** The result of a claim's workflow. */
export type ClaimResult =
  | { kind: 'closed'; claim: string; outcome: string }
  /**
   * Somebody started the notice by hand under another workflow id: the claim runs, or ran, under its own id.
   */
  | { kind: 'filed' | 'already-filed'; claim: string }
  | { kind: 'not-opened'; sentence: string };

/** A claim continues in a new run. Its state holds no personal data. */
export interface Continued {
  continued: Claim;
}

export type ClaimStart = NoticeOfLoss | Continued;

/** The content of an update: the act's fields, the message's id, and the proof that the API signed. */
export type HumanPayload = { id: string; proof: unknown } & Record<string, unknown>;

export const humanUpdate = (name: ActName) => defineUpdate<ActAnswer, [HumanPayload]>(name);
export const reportSignal = (name: ReportName) =>
  defineSignal<[{ id: string } & Record<string, unknown>]>(name);

export const claimQuery = defineQuery<Claim | undefined>('claim');
export const waitingOnQuery = defineQuery<WaitingLine[]>('waitingOn');

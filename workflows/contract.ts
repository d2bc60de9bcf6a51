import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActName } from '../domain/claim/acts.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import type { ReportName } from '../domain/claim/reports.ts';
import type { WaitingLine } from '../domain/claim/view.ts';
import type { DenialReason } from '../domain/denial.ts';

/**
 * The contract between a claim's workflow and everybody who talks to it. Each message is one object with an
 * `id` of its own, so
 * that one that is sent twice counts once. What names an author is an act: an update that carries a proof
 * (design §3); what has none is a report: a signal. Both are called as their rows are in `domain/claim/acts.ts`
 * and `reports.ts`, which say their fields. No validator rejects: a malformed message is refused and journalled by its handler, which a
 * validator could not do.
 */
export const workflowType = 'claim';

/** What a claim answers to an update. */
export type ActAnswer =
  { kind: 'recorded'; seq: number } | { kind: 'denied'; reason: DenialReason; sentence: string };

/** What a claim's workflow ends with. */
export type ClaimResult =
  | { kind: 'closed'; claim: string; outcome: string }
  /** The notice was started by hand under another workflow id: the claim runs, or ran, under its own. */
  | { kind: 'filed' | 'already-filed'; claim: string }
  | { kind: 'not-opened'; sentence: string };

/** A claim goes on in a new run: state holds no personal data. */
export interface Continued {
  continued: Claim;
}

export type ClaimStart = NoticeOfLoss | Continued;

/** What travels in an update: the act's fields, an id of its own, and the proof that the API signed. */
export type HumanPayload = { id: string; proof: unknown } & Record<string, unknown>;

export const humanUpdate = (name: ActName) => defineUpdate<ActAnswer, [HumanPayload]>(name);
export const reportSignal = (name: ReportName) =>
  defineSignal<[{ id: string } & Record<string, unknown>]>(name);

export const claimQuery = defineQuery<Claim | undefined>('claim');
export const waitingOnQuery = defineQuery<WaitingLine[]>('waitingOn');

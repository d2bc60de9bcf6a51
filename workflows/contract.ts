import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { ActName } from '../domain/claim/acts.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { Beside } from '../domain/claim/filing.ts';
import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import type { ReportName } from '../domain/claim/reports.ts';
import type { WaitingLine } from '../domain/claim/view.ts';
import type { Proof } from '../domain/signed-payload.ts';
import type { DenialReason } from '../domain/denial.ts';

/**
 * The contract between a claim's workflow and its callers. Each message is one object with its own `id`, so
 * that a message sent twice counts once. An act is an update, signed for a member of staff (design §3). A
 * report is a signal, signed for a provider or for our own sweeps. Their names and fields are the rows of
 * `domain/claim/acts.ts` and `reports.ts`, which also say what anybody may send unsigned. No validator is
 * used, because it could not write the journal: the handler denies a malformed message and journals it.
 */
export const workflowType = 'claim';

/** The type and the id of the one workflow that notifies staff of their work. */
export const staffMailType = 'notifyStaff';
export const staffMailId = 'notify-staff';

/** The type and the id of the one workflow that watches the claims. */
export const watchType = 'watchClaims';
export const watchId = 'watch-claims';

/** Has the watch look at once, and ask every claim to compare itself with the records. */
export const lookNowSignal = defineSignal('look-now');

/**
 * The answer of a claim to an update. `entry`: the number of the message's last entry, by which the records
 * show that they have it; absent where it made none, or nobody knows who sent it.
 */
export type ActAnswer =
  | { kind: 'recorded'; seq: number; entry?: number }
  | { kind: 'denied'; reason: DenialReason; sentence: string; entry?: number };

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

/**
 * A claim is taken up from its journal in the records, under its own id. Reports that an earlier run received
 * and did not store are further arguments of the workflow.
 */
export interface Resumed {
  resume: string;
}

/** A notice of loss that the API has signed for the person who files it; one typed by hand has no proof. */
export type SignedNotice = Proof & { beside: Beside };

export type ClaimStart = NoticeOfLoss | SignedNotice | Continued | Resumed;

/**
 * What an update or a signal carries: the proof with the statement that was signed. What nobody signed, such
 * as a request from the Temporal UI, is an object with an id and its fields.
 */
export type Payload = Proof | ({ id: string } & Record<string, unknown>);

export const humanUpdate = (name: ActName) => defineUpdate<ActAnswer, [Payload]>(name);
export const reportSignal = (name: ReportName) => defineSignal<[Payload]>(name);

/**
 * Has the claim compare itself with the records, which win. Harmless, so anybody may send it. It makes no
 * entry in the journal.
 */
export const compareSignal = defineSignal('compare-with-records');

export const claimQuery = defineQuery<Claim | undefined>('claim');
export const waitingOnQuery = defineQuery<WaitingLine[]>('waitingOn');

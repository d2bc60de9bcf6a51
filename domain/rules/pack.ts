import type { Calendar, Offset } from '../time/calendar.ts';
import type { ClockRule } from '../waiting/clock.ts';
import type { Currency } from '../money/money.ts';
import type { Caps, NotificationChannel, NotificationKind } from '../messages/notifications.ts';
import type { PartyKind } from '../people/people.ts';
import type { ItemEnd, ItemStep, ReopenedAt } from '../road/steps.ts';

/**
 * The parts of a pack, each as `<name>@<version>`. A claim records them, so that it keeps its rules when a
 * part gets a new version. A version in use is never edited.
 */
export interface RuleVersions {
  line: string;
  jurisdiction: string;
  ladders: string[];
  channels: string;
  /** The scale of time: `ordinary`, or one for demonstrations and tests. */
  pace: string;
}

/** One thing or household and its owner; or all passengers, guests or customers. */
export const policyCovers = ['one-risk', 'many-people'] as const;
type PolicyCovers = (typeof policyCovers)[number];

/**
 * The settings of the business for claims of one line in one jurisdiction, composed of the parts in `rules`.
 */
export interface RulePack {
  versions: RuleVersions;
  jurisdiction: string;
  line: string;
  currency: Currency;
  /** The damaged objects of the line, and who must bring their papers. */
  objects: Record<string, { owner: 'customer' | 'third-party' }>;
  /** The causes of loss that a notice may name, and policies insure against. */
  causes: string[];
  documents: DocumentRule[];
  ladders: Record<string, Rung[]>;
  automatic: {
    /** An assessment up to this amount needs no second person, unless it is above the claimed amount. */
    verifyUpToMinor: number;
    /** A notice that comes more hours after the loss than this is verified by a person (S12). */
    verifyNoticeWithinHours: number;
    /** A payment is released without a person up to this cumulative total … */
    payUpToMinor: number;
    /** … up to this one where one member of staff alone filed, proved and assessed it … */
    oneHandUpToMinor: number;
    /** … and only with fewer risk points than this. */
    payBelowRisk: number;
    /** The rules release at most so much in 24 hours for one account, one person or one policy. */
    aDayMinor: number;
  };
  /**
   * How many different people must approve, by the claim's cumulative total; ascending, the last one open.
   */
  review: { upToMinor?: number; approvals: number }[];
  /**
   * Above this amount, claimed or assessed, people are kept apart who may each do all of a smaller claim
   * (`people/permissions.ts`).
   */
  separateAboveMinor: number;
  /** Kinds of documents that show the scene or the damage, where a survey was waived (S12). */
  scenePhotographs: string[];
  /** Only a claim for more than this is surveyed; absent: every one is. */
  surveyAboveMinor?: number;
  /** From this claimed total on a claim is major: named handler, priority (S28). */
  majorFromMinor: number;
  /**
   * Somebody who leaves within `noNewWorkDays` gets no new claims. Where the handler of a major claim is away
   * for longer than `longAbsence`, the customer is notified (S28). Claims that nobody has looked at for
   * `unseenAfter` are on the list of a supervisor (S33).
   */
  staffing: { noNewWorkDays: number; longAbsence: Offset; unseenAfter: Offset };
  risk: RiskRule[];
  /** An act whose proof is older than this when it reaches the claim is denied. */
  proofValidFor: Offset;
  /** An approval that is older does not count. */
  approvalsValidFor: Offset;
  /** People may have the bank asked about a payment again only after this time. */
  askBankAgainAfter: Offset;
  /** How far off a day may be that a party promises. */
  promises: { atMost: Offset };
  /**
   * Claims with the same policy, account or vehicle are counted together when their losses are within these
   * hours. A policy that covers many people has many losses a day: there the same person must claim too. A
   * claim that closed more than `duplicateDays` before the notice is no likely duplicate. A claim lists
   * `atMost` others; while there are more, the rules release nothing.
   */
  together: {
    policyCovers: PolicyCovers;
    policyHours: number;
    accountHours: number;
    vehicleHours: number;
    duplicateDays: number;
    atMost: number;
  };
  /** Is the sum insured for each loss, or for all losses under the policy? */
  sumInsured: 'each-loss' | 'whole-policy';
  /** What the acknowledgement promises (S27), from the notice of loss on. */
  expected: { survey: Offset; decision: Offset; payment: Offset };
  /** Which channels carry a kind of notification, in order; a channel that the party lacks is left out. */
  channels: Record<NotificationKind, NotificationChannel[]>;
  /** Reasons of a reviewer or verifier to return an item, each with the steps that it may return to. */
  returns: Record<string, ItemStep[]>;
  /** The times of the reader's own day between which a text may go to a party. */
  contactHours: { from: string; to: string };
  /** After this time without a message the claimant gets a progress message (S26). */
  heartbeat: Offset;
  /** How long arrivals are collapsed into one message; null: no message is sent. */
  collapse: Offset | null;
  /** The caps of messages to one person. */
  caps: Caps;
  /** The law's time limits. */
  clocks: { decision?: ClockRule };
  /** Reasons for an assessment below the claimed amount: each part of the difference has one (S36). */
  cutReasons: string[];
  /** Reasons to do without a document. */
  waiveReasons: string[];
  /** Reasons to appoint somebody of another branch. */
  appointReasons: string[];
  /**
   * The clauses that a refusal may cite, each with its reasons. The customer reads both as sentences. A
   * reason that ends in `*` stands for all with that beginning.
   */
  refusalReasons: Record<string, string[]>;
  /** Reasons to take up what has ended; the customer reads them as sentences. */
  reopenReasons: Record<string, ReopenReason>;
  /** Until how long after a decision the customer may have it looked at again, as the letters say. */
  appeals: { within: Offset; article?: string };
}

/** Which ends it undoes, and where the item then stands. */
export interface ReopenReason {
  of: Partial<Record<ItemEnd, ReopenedAt>>;
  /** Other people than before decide (S22). */
  byOthers?: boolean;
  /** The customer asks for it, within the time for appeals. */
  isAppeal?: boolean;
}

export interface DocumentRule {
  kind: string;
  /** Once for the claim, or for each item. */
  scope: 'claim' | 'item';
  /** For item documents: the damaged objects that need it; absent: all. */
  objects?: string[];
  /**
   * Needed only when the item's claimed amount is above this. 「以下」 includes the number (Civil Code art.
   * 1259), so equal is not above.
   */
  aboveMinor?: Record<string, number>;
  /** Who issues it; the customer collects a document that the police issue. */
  from: PartyKind;
  ladder: string;
  /** Earliest possible time, counted from the date of loss. */
  notBefore?: Offset;
  /** Documents that count in its place. */
  substitutes: string[];
}

/**
 * One step of a ladder. Offsets count from the latest of since, notBefore and a promise. The last rung
 * repeats.
 */
export interface Rung {
  after: Offset;
  do: RungAction;
  /** For a chase. */
  by?: NotificationChannel;
  /** For an escalation. */
  to?: Extract<PartyKind, 'handler' | 'supervisor' | 'manager' | 'executive' | 'operations'>;
}

export type RungAction = 'chase' | 'call' | 'escalate' | 'write' | 'remind' | 'inquire';

/** Points for a circumstance of a payment (S20). */
export interface RiskRule {
  factor: RiskFactor;
  points: number;
  /** The bound of the factor: hours for `late-notice`, minor units for `amount-above`. */
  limit?: number;
}

/**
 * `stranger`: the policy does not know who claims or is paid. `object-unclear`, `cause-unknown`: the policy
 * makes a difference of what the notice does not say.
 */
export const riskFactors = [
  'late-notice',
  'no-scene',
  'likely-duplicate',
  'amount-above',
  'payee-changed',
  'assessed-above-claimed',
  'returned-before',
  'stranger',
  'object-unclear',
  'cause-unknown',
] as const;
export type RiskFactor = (typeof riskFactors)[number];

/** The rules of a claim: its pack, and the calendar of its jurisdiction. */
export interface Rules {
  pack: RulePack;
  calendar: Calendar;
}

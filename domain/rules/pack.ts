import type { Calendar, Offset } from '../time/calendar.ts';
import type { ClockRule } from '../waiting/clock.ts';
import type { Currency } from '../money/money.ts';
import type { Caps, NotificationChannel, NotificationKind } from '../messages/notifications.ts';
import type { PartyKind } from '../people/people.ts';
import type { ItemStep } from '../road/steps.ts';

/**
 * The parts that a pack is made of, each as `<name>@<version>`: what a claim records, so that it keeps its
 * rules when a part gets a new version. A version in use is never edited.
 */
export interface RuleVersions {
  line: string;
  jurisdiction: string;
  ladders: string[];
  channels: string;
  /** The scale of time: `ordinary`, or one for demonstrations and tests. */
  pace: string;
}

/**
 * Everything the business may change about claims of one line in one jurisdiction: composed of the parts in
 * `rules`, whose versions the claim records.
 */
export interface RulePack {
  versions: RuleVersions;
  jurisdiction: string;
  line: string;
  currency: Currency;
  /** The damaged objects that the line knows, and who owes what belongs to them. */
  objects: Record<string, { owner: 'customer' | 'third-party' }>;
  documents: DocumentRule[];
  ladders: Record<string, Rung[]>;
  automatic: {
    /** An assessment up to this amount needs no second person, if it is not above what was claimed. */
    verifyUpToMinor: number;
    /** A payment is released without a person up to this cumulative total … */
    payUpToMinor: number;
    /** … and only with fewer risk points than this. */
    payBelowRisk: number;
  };
  /**
   * How many different people must approve, by the claim's cumulative total; ascending, the last one open.
   */
  review: { upToMinor?: number; approvals: number }[];
  /** Only a claim for more than this is surveyed; absent: every one is. */
  surveyAboveMinor?: number;
  /** From this claimed total on a claim is major: named handler, priority (S28). */
  majorFromMinor: number;
  risk: RiskRule[];
  /** A decision older than this when it reaches the claim is refused. */
  proofValidFor: Offset;
  /** What the acknowledgement promises (S27), from the notice of loss on. */
  expected: { survey: Offset; decision: Offset; payment: Offset };
  /** Which channels carry a kind of notification, in order; a channel that the party lacks is left out. */
  channels: Record<NotificationKind, NotificationChannel[]>;
  /** Reasons for which a reviewer or verifier may send an item back, and to which step. */
  returns: Record<string, ItemStep[]>;
  /** Between which times of the reader's own day a text may go to a party. */
  contactHours: { from: string; to: string };
  /** After how long without a word the claimant hears how things stand (S26). */
  heartbeat: Offset;
  /**
   * For how long what comes in is gathered before one message says that all of it has come; null: nobody is
   * told.
   */
  collapse: Offset | null;
  /** How often one person is written to. */
  caps: Caps;
  /** Times that the law sets. */
  clocks: { decision?: ClockRule };
  /** Why an assessment may be below what is claimed: each part of the difference has its reason (S36). */
  cutReasons: string[];
  /** Clauses that a refusal may cite. */
  refusalClauses: string[];
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
  /** Who makes it; a document that police make is collected by the customer. */
  from: PartyKind;
  ladder: string;
  /** It cannot exist before: counted from the date of loss. */
  notBefore?: Offset;
  /** Documents that do as well. */
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
  /** What the factor compares with: hours for `late-notice`, minor units for `amount-above`. */
  limit?: number;
}

export type RiskFactor =
  | 'late-notice'
  | 'no-scene'
  | 'amount-above'
  | 'payee-changed'
  | 'assessed-above-claimed'
  | 'returned-before';

/** What decisions are made with: the pack that the claim runs under, and its place's calendar. */
export interface Rules {
  pack: RulePack;
  calendar: Calendar;
}

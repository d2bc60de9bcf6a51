import type { Mark } from './marks.ts';

/** Roles of staff that a claim can wait for. */
const rolesWaitedFor = [
  'surveyor',
  'handler',
  'verifier',
  'reviewer',
  'finance',
  'supervisor',
  'manager',
  'executive',
  'operations',
] as const;

/** Roles of staff (design §3). One person may have several; duties are separated per item. */
export const staffRoles = ['hotline', ...rolesWaitedFor, 'auditor'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Those that a claim can wait for. */
export const partyKinds = [
  'customer',
  'police',
  'third-party',
  'hospital',
  'garage',
  ...rolesWaitedFor,
  'bank',
] as const;
export type PartyKind = (typeof partyKinds)[number];

/** A member of staff's code: `S-012`. Never a name. */
export type StaffCode = string;

/** A member of staff, with the authority of the moment of the decision. */
export interface Person {
  code: StaffCode;
  roles: StaffRole[];
  branch: string;
  /** The units beneath their own, where they may act as in their own; absent: none. */
  below?: string[];
  /** Colleagues who are absent or have left, and whose deputy they are now; absent: none. */
  standsInFor?: StaffCode[];
  /**
   * The largest cumulative total of a claim, in minor units, that this person may approve for the claim's
   * line in its currency; absent: none.
   */
  limitMinor?: number;
  /**
   * What this person is related to, and so may not decide on (S19): numbers of policies and claims; marks of
   * accounts, telephones, mailboxes and vehicles, such as those of a relative or a garage.
   */
  conflicts: string[];
}

/** The roles of the people that a notice of loss names. */
export const partyRoles = [
  'policyholder',
  'insured',
  'driver',
  'third-party',
  'injured',
  'beneficiary',
  'garage',
] as const;
export type PartyRole = (typeof partyRoles)[number];

/** A party of a claim as workflows know it: no name, number or address, only how it can be reached. */
export interface Party {
  id: PartyId;
  role: PartyRole;
  reach: { sms: boolean; email: boolean };
  /** The preferred channel; the other one is the fall-back. */
  prefers?: 'sms' | 'email';
  /** Lost channels, with the provider's code. A corrected contact, or a report, restores them. */
  lost?: { sms?: string; email?: string };
  /** The mark of the account that the notice names. */
  account?: Mark;
  /** Of each account, telephone and mailbox that the party has or had in this claim. */
  marks: Mark[];
}

/** `party-1`, in the order of the notice of loss. */
export type PartyId = string;

/**
 * Who did something: a member of staff, a party, the process itself, or an unknown person who reaches the
 * engine.
 */
export type Author = StaffCode | PartyKind | 'lipei' | 'anybody';

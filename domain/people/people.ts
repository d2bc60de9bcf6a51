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

/** What a member of staff may be (design §3); one person may be several, segregation is per item. */
export const staffRoles = ['hotline', ...rolesWaitedFor, 'auditor'] as const;
export type StaffRole = (typeof staffRoles)[number];

/** Whom a claim can wait for. */
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

/** A member of staff as known at the moment of a decision (authority is read then, not before). */
export interface Person {
  code: StaffCode;
  roles: StaffRole[];
  branch: string;
  /**
   * The largest cumulative total of a claim, in minor units, that this person may approve for the claim's
   * line; absent: none.
   */
  limitMinor?: number;
  /** Numbers of policies and claims that this person is related to and therefore keeps away from (S19). */
  conflicts: string[];
}

/** Whom a notice of loss names. */
export const partyRoles = [
  'policyholder',
  'insured',
  'driver',
  'third-party',
  'injured',
  'beneficiary',
] as const;
export type PartyRole = (typeof partyRoles)[number];

/** A party of a claim as workflows know it: no name, number or address, only how it can be reached. */
export interface Party {
  id: PartyId;
  role: PartyRole;
  reach: { sms: boolean; email: boolean };
  /** The channel by which they would rather hear; the other is what it falls back to. */
  prefers?: 'sms' | 'email';
  /**
   * Ways that were lost, by the code that said so; they are open again when the contact is corrected, or a
   * lost one turns up.
   */
  lost?: { sms?: string; email?: string };
  /**
   * Stands for the bank account that PostgreSQL holds, so that a change is seen: a hash, never the number.
   */
  account?: string;
}

/** `party-1`, in the order of the notice of loss. */
export type PartyId = string;

/** Who did something: a member of staff, a party, or the process itself. */
export type Author = StaffCode | PartyKind | 'lipei';

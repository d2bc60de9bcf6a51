import type { Claim } from '../claim/claim.ts';
import { followUpTaskOf, type FollowUpRole } from '../claim/follow-ups.ts';
import type { RulePack } from '../rules/pack.ts';
import { msOf, type Instant } from '../time/time.ts';
import { isBeneath, isOfCircle, type Company } from './circles.ts';
import { deputyOf } from './deputies.ts';
import { followUpNeeds, isNeededFor, taskKind, type Need, type PersonalDatum, type Wanted } from './needs.ts';
import type { Mark } from './marks.ts';
import type { StaffCode, StaffRole } from './people.ts';
import { inConflict, lacksRole, onlyLooks, rolesFor, type Access } from './permissions.ts';
import { isOfCompany, onLine, takersOf, type Member } from './takers.ts';

/** The rules of reading that the business may change: `config/reading.json`. */
export interface ReadingRules {
  /** Why people without a task may look, by code; `says` explains it, and one of the roles is needed. */
  purposes: Readonly<Record<string, { says: string; roles: readonly StaffRole[] }>>;
  /** Until so many days after the closure its handler and surveyor read a claim without a purpose. */
  daysAfterClosing: number;
  /** How long a broken glass opens a claim to the person who broke it. */
  glassMinutes: number;
  /** A work list that is read again within these minutes is the same look. */
  listMinutes: number;
  /** For one person within these hours: claims and policies looked at without a task, and glasses broken. */
  withoutTask: { hours: number; claims: number; policies: number; glasses: number };
  /** By role: why somebody looks into the policy book who gives no purpose: their daily work. */
  policyPurpose: Readonly<Partial<Record<StaffRole, string>>>;
}

/**
 * Why a look was allowed: a task that needs it, the person is the claim's handler or surveyor, role and
 * branch with a purpose, a broken glass, an audit. `denied`: it was tried.
 */
export const reasonsToRead = ['task', 'named', 'branch', 'glass', 'audit', 'denied'] as const;
export type ReasonToRead = (typeof reasonsToRead)[number];

/** `purpose`: one must be given. `no-need`: only a broken glass opens it. `too-many`: the day's limit. */
export type WhyNotRead = 'purpose' | 'no-need' | 'too-many';

export interface MayRead {
  kind: 'allowed';
  because: Exclude<ReasonToRead, 'denied'>;
  purpose: string;
}

export interface MayNotRead {
  kind: 'barred';
  why: WhyNotRead;
  sentence: string;
}

export interface Reading extends Company<Member> {
  pack: RulePack;
  now: Instant;
  rules: Pick<ReadingRules, 'purposes' | 'daysAfterClosing'>;
  /** The code that the person gave. */
  purpose?: string;
  /** The open follow-ups of the claim. */
  followUps: readonly { what: string; role: FollowUpRole; branch: string }[];
  /** The person has broken the glass of this claim, and it is still open. */
  isGlassBroken: boolean;
}

/** The access that a role needs to read these data without a task. */
export const accessTo = (datum: PersonalDatum): Access =>
  datum === 'messages' ? 'read-messages' : 'read-personal-data';

/**
 * Whether a person may read personal data of a claim, and why (S32). A task that needs them comes first, and
 * is the purpose. Auditors read everything. Others need the role and the branch, or their name on the claim,
 * and a purpose; who has none of these must break the glass.
 */
export function mayRead(me: Member, wanted: Wanted, claim: Claim, reading: Reading): MayRead | MayNotRead {
  const { purpose, isGlassBroken } = reading;
  const task = taskFor(me, wanted, claim, reading);
  if (task !== undefined) return allowed('task', task);
  if (onlyLooks(me)) return allowed('audit', purpose ?? 'audit');
  const answer = byBranch(me, wanted, claim, reading);
  return answer.kind === 'barred' && isGlassBroken ? allowed('glass', purpose ?? 'glass') : answer;
}

const allowed = (because: MayRead['because'], purpose: string): MayRead => ({
  kind: 'allowed',
  because,
  purpose,
});

const barred = (why: WhyNotRead, sentence: string): MayNotRead => ({ kind: 'barred', why, sentence });

/** The kind of an open task of this person that needs it; undefined without one. */
function taskFor(me: Member, wanted: Wanted, claim: Claim, reading: Reading): string | undefined {
  const { staff, followUps } = reading;
  const mine = claim.expectations
    .filter((open) => isNeededFor(open, wanted, claim, reading.pack))
    .find((open) => {
      const { present: here, absent } = takersOf(claim, open, staff, reading);
      return [...here, ...absent].some(({ code }) => code === me.code);
    });
  if (mine) return taskKind(mine);
  return followUps.some((each) => isTakenBy(me, each, reading) && needsIt(each.what, wanted))
    ? 'follow-up'
    : undefined;
}

function needsIt(what: string, { datum }: Wanted): boolean {
  const task = followUpTaskOf(what);
  const need: Need = task === undefined ? {} : followUpNeeds[task];
  return need[datum] !== undefined;
}

/** A follow-up is for its role in its branch, or in the nearest units above with somebody there. */
export const isTakenBy = (
  me: Pick<Member, 'code'>,
  followUp: { role: FollowUpRole; branch: string },
  company: Company<Member>,
): boolean => isOfCircle(me.code, followUp, company);

function byBranch(me: Member, { datum }: Wanted, claim: Claim, reading: Reading): MayRead | MayNotRead {
  const access = accessTo(datum);
  const related = inConflict(onLine(me, claim), claim);
  if (related) return barred('no-need', related.sentence);
  const wrong =
    (datum === 'account' ? noAccount : undefined) ??
    lacksRole(me, access)?.sentence ??
    isElsewhere(me, claim, access, reading);
  if (wrong !== undefined) return barred('no-need', `${wrong} ${howToBreak(claim)}`);
  const named = namedAs(me, claim, reading);
  if (reading.purpose === undefined)
    return named ? allowed('named', named) : barred('purpose', purposeNeeded(me, claim, reading));
  const { purposes } = reading.rules;
  return isPurposeOf(me, purposes[reading.purpose])
    ? allowed(named ? 'named' : 'branch', reading.purpose)
    : barred('purpose', `${reading.purpose} is no purpose of yours. ${purposeNeeded(me, claim, reading)}`);
}

/** What relations of staff are compared with: a policy's number, and the marks of its people and objects. */
export interface PolicyTies {
  number: string;
  marks: readonly Mark[];
}

/**
 * Whether a person may look into the policy book without a task: who reads personal data, with a purpose of
 * theirs. At any branch: who calls does not know theirs.
 */
export function mayReadPolicies(
  me: Pick<Member, 'code' | 'roles'>,
  given: string | undefined,
  rules: Pick<ReadingRules, 'purposes' | 'policyPurpose'>,
): MayRead | MayNotRead {
  const lacking = lacksRole(me, 'read-policies');
  if (lacking) return barred('no-need', lacking.sentence);
  if (onlyLooks(me)) return allowed('audit', given ?? 'audit');
  const purpose = given ?? me.roles.flatMap((role) => rules.policyPurpose[role] ?? [])[0];
  if (purpose !== undefined && isPurposeOf(me, rules.purposes[purpose])) return allowed('branch', purpose);
  const own = `--purpose with one of ${purposesOf(me, rules).join(', ')}.`;
  return barred(
    'purpose',
    purpose === undefined
      ? `A purpose is needed to look into the policy book: ${own}`
      : `${purpose} is no purpose of yours: give ${own}`,
  );
}

/** Whether the person is related to the policy, or to somebody or something that belongs to it (S19). */
export const isRelatedTo = (
  { conflicts }: Pick<Member, 'conflicts'>,
  { number, marks }: PolicyTies,
): boolean => conflicts.some((each) => each === number || marks.includes(each));

const dayMs = 24 * 3_600_000;

const noAccount = 'An account is only shown to who clears a payment.';

/**
 * The handler and the surveyor, and their deputies, work on a claim between their tasks too, and answer for
 * it after closing.
 */
function namedAs(me: Member, claim: Claim, reading: Reading): string | undefined {
  const { outcome, stageSince, handler, surveyor } = claim;
  const closedDays = outcome ? (msOf(reading.now) - msOf(stageSince)) / dayMs : 0;
  if (closedDays > reading.rules.daysAfterClosing) return undefined;
  if (isOrStandsInFor(me, handler, reading)) return 'handling';
  return isOrStandsInFor(me, surveyor, reading) ? 'survey' : undefined;
}

function isOrStandsInFor({ code }: Member, named: StaffCode, { staff, today }: Reading): boolean {
  const person = staff.find((each) => each.code === named);
  return code === named || (person !== undefined && deputyOf(person, staff, today)?.code === code);
}

function isElsewhere(me: Member, claim: Claim, access: Access, reading: Reading): string | undefined {
  const { code, branch } = me;
  const isHere =
    branch === claim.branch ||
    isBeneath(reading.units, claim.branch, branch) ||
    isOfCompany(me, rolesFor(access)) ||
    [claim.handler, claim.surveyor].some((named) => isOrStandsInFor(me, named, reading)) ||
    claim.appointed.some(({ to }) => to === code);
  return isHere
    ? undefined
    : `${code} is of ${branch} and has no task on claim ${claim.number} of ${claim.branch} that needs ` +
        `this; a supervisor or manager there may appoint ${code} to it.`;
}

/** The way that is always open, and that somebody looks at. */
const howToBreak = ({ branch }: Claim): string =>
  `If it cannot wait, break the glass with a reason (--break-glass "REASON"): ` +
  `it is recorded, and a supervisor of ${branch} looks at it.`;

const isPurposeOf = (
  { roles }: Pick<Member, 'roles'>,
  purpose: ReadingRules['purposes'][string] | undefined,
): boolean => purpose?.roles.some((role) => roles.includes(role)) ?? false;

/** The purposes that the roles of this person may give. */
export const purposesOf = (me: Pick<Member, 'roles'>, { purposes }: Pick<ReadingRules, 'purposes'>) =>
  Object.keys(purposes).filter((code) => isPurposeOf(me, purposes[code]));

function purposeNeeded(me: Member, { number }: Claim, { rules }: Reading): string {
  const own = purposesOf(me, rules);
  return (
    `No task of ${me.code} on claim ${number} needs this, so a purpose is needed: ` +
    `--purpose with one of ${own.join(', ')}.`
  );
}

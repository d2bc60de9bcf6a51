import { acts, recordActs, type ActName, type RecordActName } from '../claim/acts.ts';
import { marksOf, type Claim, type Item } from '../claim/claim.ts';
import { plainAmount } from '../money/money.ts';
import { cumulativeMinor, payableMinor } from '../money/payable.ts';
import { denied, type Denied } from '../denial.ts';
import type { RulePack } from '../rules/pack.ts';
import { hands, handsOn, type Hand, type HandBefore } from './hands.ts';
import { staffRoles, type Person, type StaffRole } from './people.ts';

/** `above`: only where the item is about more than `separateAboveMinor` of the rules. */
export type Apart = 'always' | 'above';

export interface Permission {
  /** One of these is needed. */
  roles: readonly StaffRole[];
  /** For a person who is related to the policy or the claim (S19). */
  conflict: 'kept away' | 'may act';
  /**
   * `own`: for people of the claim's branch, for its handler and surveyor and their deputies, for those who
   * are appointed to it, for roles of authority in units above the branch, and for roles of the whole
   * company. `any`: for every branch.
   */
  branch: 'own' | 'any';
  /** Earlier acts that bar a person from deciding on money that rests on them (S18, S19, S22). */
  apart?: Readonly<Partial<Record<Hand, Apart>>>;
  limit?: 'on the total of the claim';
}

/** Who decides on money has no other hand in it. */
const allHands = {
  filed: 'always',
  corrected: 'always',
  waived: 'always',
  accepted: 'always',
  surveyed: 'always',
  assessed: 'always',
  verified: 'always',
  'set the payee': 'always',
} as const satisfies Record<HandBefore, Apart>;

/** Roles of the whole company: they act in every branch (design §3). */
export const companyRoles: readonly StaffRole[] = ['executive', 'finance', 'operations', 'auditor'];

/** Roles that watch and decide: in a unit above a branch, they act there as in their own. */
const rolesOfAuthority: readonly StaffRole[] = ['reviewer', 'supervisor', 'manager', 'executive'];
export const isOfAuthority = (role: string): boolean => rolesOfAuthority.some((each) => each === role);

/** An auditor reads every claim and changes none (S13). */
const rolesThatAct = staffRoles.filter((role) => role !== 'auditor');
const talkers = ['hotline', 'handler', 'supervisor'] as const;
const reviewers = ['reviewer', 'manager', 'executive'] as const;
/** They name people of other branches, and other surveyors. */
export const superiors = ['supervisor', 'manager', 'executive'] as const;
const keepers = ['operations', 'manager'] as const;

/** The permissions for each act on a claim, one row for each. All checks use this table. */
export const permissions: Record<ActName | RecordActName, Permission> = {
  'add-document': { roles: rolesThatAct, conflict: 'may act', branch: 'any' },
  'accept-document': { roles: ['handler', 'supervisor'], conflict: 'kept away', branch: 'own' },
  'reject-document': { roles: ['handler', 'supervisor'], conflict: 'kept away', branch: 'own' },
  'waive-document': { roles: ['supervisor', 'manager'], conflict: 'kept away', branch: 'own' },
  'report-survey': { roles: ['surveyor'], conflict: 'kept away', branch: 'own' },
  assess: {
    roles: ['handler', 'surveyor'],
    conflict: 'kept away',
    branch: 'own',
    apart: { filed: 'above', corrected: 'above', 'decided it before': 'always' },
  },
  verify: {
    roles: ['verifier'],
    conflict: 'kept away',
    branch: 'own',
    apart: {
      filed: 'above',
      corrected: 'above',
      waived: 'above',
      accepted: 'above',
      surveyed: 'above',
      assessed: 'always',
      'set the payee': 'above',
    },
  },
  approve: {
    roles: reviewers,
    conflict: 'kept away',
    branch: 'own',
    apart: { ...allHands, approved: 'always', 'decided it before': 'always' },
    limit: 'on the total of the claim',
  },
  'return-for-rework': { roles: [...reviewers, 'verifier'], conflict: 'kept away', branch: 'own' },
  refuse: {
    roles: reviewers,
    conflict: 'kept away',
    branch: 'own',
    apart: {
      ...allHands,
      approved: 'always',
      'proposed the refusal': 'always',
      'decided it before': 'always',
    },
    limit: 'on the total of the claim',
  },
  'join-claims': { roles: ['handler', 'supervisor'], conflict: 'kept away', branch: 'own' },
  'set-payee': { roles: ['hotline', 'handler', 'finance'], conflict: 'kept away', branch: 'any' },
  'clear-payment': {
    roles: ['finance', 'operations', 'manager'],
    conflict: 'kept away',
    branch: 'any',
    apart: { ...allHands, 'approved the held payment': 'always' },
  },
  'ask-bank': { roles: [...talkers, 'finance', 'operations', 'manager'], conflict: 'may act', branch: 'any' },
  'record-call': { roles: talkers, conflict: 'may act', branch: 'any' },
  'hand-over': {
    roles: ['handler', 'supervisor', 'manager', 'executive'],
    conflict: 'kept away',
    branch: 'own',
  },
  appoint: { roles: superiors, conflict: 'kept away', branch: 'own' },
  reopen: {
    roles: ['supervisor', 'manager'],
    conflict: 'kept away',
    branch: 'own',
    apart: { 'decided it': 'always', 'decided it before': 'always' },
  },
  'keep-decision': {
    roles: ['supervisor', 'manager'],
    conflict: 'kept away',
    branch: 'own',
    apart: { 'decided it': 'always', 'decided it before': 'always' },
  },
  'record-appeal': { roles: talkers, conflict: 'may act', branch: 'any' },
  withdraw: { roles: talkers, conflict: 'kept away', branch: 'any' },
  'cancel-withdrawal': { roles: ['handler', 'supervisor'], conflict: 'kept away', branch: 'any' },
  'correct-claim': { roles: talkers, conflict: 'kept away', branch: 'any' },
  'correct-contact': { roles: talkers, conflict: 'kept away', branch: 'any' },
  'add-note': { roles: rolesThatAct, conflict: 'may act', branch: 'any' },
  'post-letter': { roles: ['operations', 'handler', 'hotline'], conflict: 'may act', branch: 'any' },
  'resend-notification': { roles: [...talkers, 'operations'], conflict: 'may act', branch: 'any' },
  'request-withdrawal': { roles: rolesThatAct, conflict: 'may act', branch: 'any' },
  retry: { roles: rolesThatAct, conflict: 'may act', branch: 'any' },
  'opt-in': { roles: [...talkers, 'operations'], conflict: 'may act', branch: 'any' },
  'opt-out': { roles: [...talkers, 'operations'], conflict: 'may act', branch: 'any' },
  'break-glass': { roles: rolesThatAct, conflict: 'kept away', branch: 'any' },
  'close-out': { roles: [...talkers, 'operations', 'manager'], conflict: 'may act', branch: 'any' },
};

/** Staff in contact with customers, and those who check them. */
const inTouch = [...talkers, 'manager', 'auditor', 'operations'] as const;

/** Staff whose work needs personal data. */
const readers = [...inTouch, 'surveyor', 'verifier', 'reviewer', 'executive'] as const;

/** What people may read or operate, with the roles for it. */
export const accesses = {
  'file-claims': { does: 'file notices of loss, one by one or by import', roles: rolesThatAct },
  'look-at-claims': {
    does: 'look at claims and their journals, at work lists and at problems',
    roles: staffRoles,
  },
  'read-messages': { does: 'read the text of a notification or a letter', roles: inTouch },
  'read-personal-data': {
    does:
      'read contacts, the words of the notice, notes and attachments of their branch, with a purpose; ' +
      'each look is recorded',
    roles: readers,
  },
  'read-policies': {
    does:
      'find policies by number, plate, telephone, mailbox, identity number or name, and read them, with a ' +
      'purpose; each look is recorded',
    roles: readers,
  },
  'look-at-readers': {
    does: 'see who read personal data of a claim, or what somebody of their branch has read, and why',
    roles: ['supervisor', 'manager', 'auditor'],
  },
  'look-at-keys': {
    does: 'see the data that each encryption key still protects',
    roles: [...keepers, 'auditor'],
  },
  'rewrap-keys': { does: 'rewrap data keys under the newest key', roles: keepers },
  'check-records': {
    does: 'check the records: journals, proofs, signed heads, and what Temporal runs',
    roles: [...keepers, 'auditor'],
  },
  'read-history': {
    does: 'see how the roles and limits of staff, and policies, have changed',
    roles: ['supervisor', 'manager', 'auditor'],
  },
  'sample-claims': {
    does: 'draw a sample of closed claims that everybody can draw again; each draw is recorded',
    roles: ['auditor'],
  },
  'archive-claims': {
    does: 'make the archive of a claim: journal, proofs, messages and attachments in one file',
    roles: [...keepers, 'auditor'],
  },
  'hold-claims': {
    does: 'keep a closed claim from deletion (legal hold), or release it',
    roles: ['manager', 'executive'],
  },
  'plan-retention': { does: 'plan what is deleted after the years of the law', roles: keepers },
  'run-retention': { does: 'delete what a plan of somebody else lists', roles: ['manager'] },
  'rebuild-records': { does: 'rebuild the read model from the journal', roles: keepers },
  'resume-claims': {
    does: 'take up claims that are open and that nothing runs, and compare claims with the records',
    roles: ['operations'],
  },
  'erase-parties': {
    does: 'erase the personal data of a party of a closed claim; what the law wants kept is set aside',
    roles: ['manager', 'executive'],
  },
  'import-policies': {
    does: 'import policies, list such imports and undo them; each one that is taken or undone is signed',
    roles: keepers,
  },
  'import-staff': {
    does: 'import members of staff and units, list such imports and undo them; likewise signed',
    roles: keepers,
  },
  'change-attendance': {
    does:
      'record absences, deputies and the last day of people of their unit and those beneath; ' +
      'everybody records their own absences and deputies; each change is signed',
    roles: superiors,
  },
  'revoke-tokens': { does: 'revoke a token by its id', roles: ['manager'] },
  'decrypt-payloads': {
    does: 'decrypt payloads in the Temporal Web UI, with a token for the codec server; each look is recorded',
    roles: readers,
  },
} satisfies Record<string, { does: string; roles: readonly StaffRole[] }>;
export type Access = keyof typeof accesses;

const isPermittedAct = (name: string): name is ActName | RecordActName => name in permissions;
export const permittedActs = Object.keys(permissions).filter(isPermittedAct);
const isAccess = (name: string): name is Access => name in accesses;
export const accessNames = Object.keys(accesses).filter(isAccess);

type Permitted = keyof typeof permissions | Access;

/** The roles; a person needs one of them. */
export const rolesFor = (what: Permitted): readonly StaffRole[] => permitted[what].roles;
const permitted = { ...permissions, ...accesses };

/** `handler, supervisor`; where all roles but one may, `everybody but auditor`. */
export function rolesInWords(what: Permitted): string {
  const roles = rolesFor(what);
  const others = staffRoles.filter((role) => !roles.includes(role));
  if (others.length === 0) return 'everybody';
  return others.length === 1 ? `everybody but ${others.join()}` : roles.join(', ');
}

/** The act with its roles: `do without a document (supervisor, manager)`. */
export const doesInWords = (what: Permitted): string =>
  `${{ ...acts, ...recordActs, ...accesses }[what].does} (${rolesInWords(what)})`;

/** The same with a capital letter. */
export function actInWords(what: Permitted): string {
  const does = doesInWords(what);
  return `${does.charAt(0).toUpperCase()}${does.slice(1)}`;
}

/** Auditors change nothing, whatever other roles they have. */
export const onlyLooks = ({ roles }: Pick<Person, 'roles'>): boolean => roles.includes('auditor');

/** The denial for a person who has none of the needed roles; undefined otherwise. */
export function lacksRole(
  { code, roles }: Pick<Person, 'code' | 'roles'>,
  what: Permitted,
): Denied | undefined {
  const wanted = rolesFor(what);
  if (roles.some((role) => wanted.includes(role))) return undefined;
  const right = wanted.length === 1 ? `the role ${wanted.join()}` : `one of the roles ${wanted.join(', ')}`;
  return denied('role', `This needs ${right}; ${code} has ${roles.join(', ') || 'none'}.`);
}

/** The denial by role, branch, or a relation to the claim; undefined when the person may act. */
export function mayNot(
  person: Person,
  act: keyof typeof permissions,
  claim: Related & Placed,
): Denied | undefined {
  const lacking = lacksRole(person, act) ?? isElsewhere(person, act, claim);
  if (lacking) return lacking;
  return permissions[act].conflict === 'kept away' ? inConflict(person, claim) : undefined;
}

/** What of a claim can be related to a member of staff. */
type Related = Pick<Claim, 'policy' | 'formerPolicies' | 'number' | 'parties' | 'items'>;

/** Where the claim is, and who is named or appointed to it. */
type Placed = Pick<Claim, 'branch' | 'handler' | 'surveyor' | 'appointed'>;

/**
 * The denial for a person who is related to the claim, to a policy that it has or once had, or to one of its
 * accounts, telephones, mailboxes or vehicles (S19). It doesn't say to which: that may be a private matter.
 */
export function inConflict(
  { code, conflicts }: Pick<Person, 'code' | 'conflicts'>,
  claim: Related,
): Denied | undefined {
  const { number, policy, formerPolicies } = claim;
  const all: readonly string[] = [number, policy, ...formerPolicies, ...marksOf(claim)];
  return conflicts.some((each) => all.includes(each))
    ? denied('conflict-of-interest', `${code} is related to claim ${number}; somebody else must act.`)
    : undefined;
}

function isElsewhere(
  { code, roles, branch, below = [], standsInFor = [] }: Person,
  act: keyof typeof permissions,
  claim: Placed,
): Denied | undefined {
  const row = permissions[act];
  if (row.branch === 'any' || branch === claim.branch) return undefined;
  const here = [
    ...companyRoles.filter((role) => roles.includes(role)),
    ...claim.appointed.flatMap(({ to, role }) => (to === code ? role : [])),
    ...namedRoles.filter((role) => [code, ...standsInFor].includes(claim[role])),
    ...(below.includes(claim.branch) ? roles.filter(isOfAuthority) : []),
  ];
  if (here.some((role) => row.roles.includes(role))) return undefined;
  return denied(
    'branch',
    `${code} is of ${branch}, and the claim is of ${claim.branch}; ` +
      `a supervisor or manager there may appoint ${code} to it.`,
  );
}

/** The claim names one person in each. */
const namedRoles = ['handler', 'surveyor'] as const;

/**
 * The denial by the person's earlier acts that the money rests on, or by the limit; undefined when the person
 * may decide. The limit is measured on the cumulative total, so that splitting helps nobody. A
 * refusal is measured on the larger of the claimed and the assessed amount: it is what the customer loses.
 */
export function mayNotDecideOn(
  person: Person,
  act: keyof typeof permissions,
  claim: Claim,
  item: Item,
  { separateAboveMinor }: Pick<RulePack, 'separateAboveMinor'>,
): Denied | undefined {
  const { apart = {}, limit } = permissions[act];
  const isAbove = atStakeMinor(claim, item) > separateAboveMinor;
  const earlier = hands.find(
    (hand) =>
      (apart[hand] === 'always' || (apart[hand] === 'above' && isAbove)) &&
      handsOn(hand, claim, item).includes(person.code),
  );
  if (earlier) return separated(person, earlier, act, item);
  const total = measuredMinor(act, claim, item);
  if (!limit || total <= (person.limitMinor ?? -1)) return undefined;
  const money = (minor: number): string => plainAmount({ minor, currency: claim.currency });
  const own = person.limitMinor === undefined ? 'none' : money(person.limitMinor);
  const what = claim.related.length > 0 ? ', with the claims that are counted together,' : '';
  return denied(
    'limit',
    `The total of ${money(total)}${what} is above the limit of ${person.code} (${own}); ` +
      'somebody with more authority must decide.',
  );
}

/** The amount that a limit is measured on: a refusal's is what it denies. */
export const measuredMinor = (act: keyof typeof permissions, claim: Claim, item: Item): number =>
  act === 'refuse' ? atStakeMinor(claim, item) : cumulativeMinor(claim, item);

/** The larger of the claimed and the assessed amount, with what else was paid for the loss. */
const atStakeMinor = (claim: Claim, item: Item): number =>
  Math.max(item.claimedMinor, item.assessment?.amountMinor ?? 0) +
  cumulativeMinor(claim, item) -
  (payableMinor(claim, item) ?? 0);

/** `C-301 accepted …`: what each hand did, for a denial and for the table of the documentation. */
export const handInWords: Record<Hand, string> = {
  filed: 'filed the notice of loss',
  corrected: 'corrected the notice of loss',
  waived: 'waived a document',
  accepted: 'accepted a document',
  surveyed: 'reported the survey',
  assessed: 'assessed the item',
  verified: 'verified the item',
  'set the payee': 'set the payee',
  approved: 'approved this payment already',
  'approved the held payment': 'approved the held payment',
  'proposed the refusal': 'proposed the refusal',
  'decided it': 'decided it',
  'decided it before': 'decided it before',
};

function separated({ code }: Person, hand: Hand, act: string, { id }: Item): Denied {
  if (hand === 'approved' && act === 'approve')
    return denied(
      'approved-before',
      `${code} has approved this payment already; the other approval must come from somebody else.`,
    );
  if (hand === 'decided it' || hand === 'decided it before')
    return denied(
      'segregation',
      `${code} had a part in the decision about ${id} that is looked at again; ` +
        `somebody else must ${act.replaceAll('-', ' ')}.`,
    );
  return denied(
    'segregation',
    `${code} ${handInWords[hand]}, and ${id} rests on it; somebody else must ${act.replaceAll('-', ' ')}.`,
  );
}

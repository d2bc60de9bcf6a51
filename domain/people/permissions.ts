import { acts, recordActs, type ActName, type RecordActName } from '../claim/acts.ts';
import { heldBy, marksOf, type Claim, type Item } from '../claim/claim.ts';
import { validApprovals } from '../money/authority.ts';
import { plainAmount } from '../money/money.ts';
import { cumulativeMinor } from '../money/payable.ts';
import { denied, type Denied } from '../denial.ts';
import { signOffs, type SignOff } from '../road/steps.ts';
import { staffRoles, type Person, type StaffRole } from './people.ts';

/** Earlier acts on an item that bar a person from deciding on it. */
export type Segregation =
  'assessed' | SignOff | 'approved' | 'approved the held payment' | 'proposed the refusal';

export interface Permission {
  /** One of these is needed. */
  roles: readonly StaffRole[];
  /** For a person who is related to the policy or the claim (S19). */
  conflict: 'kept away' | 'may act';
  /** Earlier acts on the same item that bar a person (S18, S22). */
  segregation?: readonly Segregation[];
  limit?: 'on the total of the claim';
}

const signedOff: readonly SignOff[] = Object.values(signOffs);

/** An auditor reads every claim and changes none (S13). */
const rolesThatAct = staffRoles.filter((role) => role !== 'auditor');
const talkers = ['hotline', 'handler', 'supervisor'] as const;
const reviewers = ['reviewer', 'manager', 'executive'] as const;
const keepers = ['operations', 'manager'] as const;

/** The permissions for each act on a claim, one row for each. All checks use this table. */
export const permissions: Record<ActName | RecordActName, Permission> = {
  'add-document': { roles: rolesThatAct, conflict: 'may act' },
  'accept-document': { roles: ['handler', 'supervisor'], conflict: 'kept away' },
  'reject-document': { roles: ['handler', 'supervisor'], conflict: 'kept away' },
  'waive-document': { roles: ['supervisor', 'manager'], conflict: 'kept away' },
  'report-survey': { roles: ['surveyor'], conflict: 'kept away' },
  assess: { roles: ['handler', 'surveyor'], conflict: 'kept away' },
  verify: { roles: ['verifier'], conflict: 'kept away', segregation: ['assessed'] },
  approve: {
    roles: reviewers,
    conflict: 'kept away',
    segregation: ['assessed', ...signedOff, 'approved'],
    limit: 'on the total of the claim',
  },
  'return-for-rework': { roles: [...reviewers, 'verifier'], conflict: 'kept away' },
  refuse: { roles: reviewers, conflict: 'kept away', segregation: ['assessed', 'proposed the refusal'] },
  'join-claims': { roles: ['handler', 'supervisor'], conflict: 'kept away' },
  'set-payee': { roles: ['hotline', 'handler', 'finance'], conflict: 'kept away' },
  'clear-payment': {
    roles: ['finance', 'operations', 'manager'],
    conflict: 'kept away',
    segregation: ['assessed', 'approved the held payment'],
  },
  'ask-bank': { roles: [...talkers, 'finance', 'operations', 'manager'], conflict: 'may act' },
  'record-call': { roles: talkers, conflict: 'may act' },
  'hand-over': { roles: ['handler', 'supervisor', 'manager'], conflict: 'kept away' },
  withdraw: { roles: talkers, conflict: 'kept away' },
  'cancel-withdrawal': { roles: ['handler', 'supervisor'], conflict: 'kept away' },
  'correct-claim': { roles: talkers, conflict: 'kept away' },
  'correct-contact': { roles: talkers, conflict: 'kept away' },
  'add-note': { roles: rolesThatAct, conflict: 'may act' },
  'post-letter': { roles: ['operations', 'handler', 'hotline'], conflict: 'may act' },
  'resend-notification': { roles: [...talkers, 'operations'], conflict: 'may act' },
  'request-withdrawal': { roles: rolesThatAct, conflict: 'may act' },
  retry: { roles: rolesThatAct, conflict: 'may act' },
  'opt-in': { roles: [...talkers, 'operations'], conflict: 'may act' },
  'opt-out': { roles: [...talkers, 'operations'], conflict: 'may act' },
  'close-out': { roles: [...talkers, 'operations'], conflict: 'may act' },
};

/** Staff in contact with customers, and those who check them. */
const inTouch = [...talkers, 'manager', 'auditor', 'operations'] as const;

/** What people may read or operate, with the roles for it. */
export const accesses = {
  'file-claims': { does: 'file notices of loss, one by one or by import', roles: rolesThatAct },
  'look-at-claims': {
    does: 'look at claims and their journals, at work lists and at problems',
    roles: staffRoles,
  },
  'read-messages': { does: 'read the text of a notification or a letter', roles: inTouch },
  'read-personal-data': {
    does: 'read contacts, the words of the notice, notes and attachments; each look is logged',
    roles: [...inTouch, 'surveyor', 'verifier', 'reviewer', 'executive'],
  },
  'look-at-keys': {
    does: 'see the data that each encryption key still protects',
    roles: [...keepers, 'auditor'],
  },
  'rewrap-keys': { does: 'rewrap data keys under the newest key', roles: keepers },
  'check-records': {
    does: "recompute the journal's chain of hashes",
    roles: [...keepers, 'auditor'],
  },
  'rebuild-records': { does: 'rebuild the read model from the journal', roles: keepers },
  'revoke-tokens': { does: 'revoke a token by its id', roles: ['manager'] },
  'decrypt-payloads': {
    does: 'decrypt payloads in the Temporal Web UI, with a token for the codec server',
    roles: staffRoles,
  },
} satisfies Record<string, { does: string; roles: readonly StaffRole[] }>;
export type Access = keyof typeof accesses;

const isPermittedAct = (name: string): name is ActName | RecordActName => name in permissions;
export const permittedActs = Object.keys(permissions).filter(isPermittedAct);
const isAccess = (name: string): name is Access => name in accesses;
export const accessNames = Object.keys(accesses).filter(isAccess);

type Permitted = keyof typeof permissions | Access;

/** The roles; a person needs one of them. */
export const rolesFor = (what: Permitted): readonly StaffRole[] =>
  ({ ...permissions, ...accesses })[what].roles;

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

/** The denial by role, or by a relation to the claim or policy; undefined when the person may act. */
export function mayNot(person: Person, act: keyof typeof permissions, claim: Related): Denied | undefined {
  const lacking = lacksRole(person, act);
  if (lacking) return lacking;
  return permissions[act].conflict === 'kept away' ? inConflict(person, claim) : undefined;
}

/** What of a claim can be related to a member of staff. */
type Related = Pick<Claim, 'policy' | 'formerPolicies' | 'number' | 'parties' | 'items'>;

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

/**
 * The denial by the person's earlier acts on this item, or by the limit; undefined when the person may
 * decide. The limit is measured on the claim's cumulative total, so that splitting helps nobody.
 */
export function mayNotDecideOn(
  person: Person,
  act: keyof typeof permissions,
  claim: Claim,
  item: Item,
): Denied | undefined {
  const { segregation = [], limit } = permissions[act];
  const earlier = segregation.find((what) => hasDone(person, what, claim, item));
  if (earlier) return segregated(person, earlier, act, item);
  const total = cumulativeMinor(claim, item);
  if (!limit || total <= (person.limitMinor ?? -1)) return undefined;
  const money = (minor: number): string => plainAmount({ minor, currency: claim.currency });
  const own = person.limitMinor === undefined ? 'none' : money(person.limitMinor);
  return denied(
    'limit',
    `The claim's total of ${money(total)} is above the limit of ${person.code} (${own}); ` +
      'somebody with more authority must decide.',
  );
}

function hasDone({ code }: Person, what: Segregation, claim: Claim, item: Item): boolean {
  switch (what) {
    case 'assessed':
      return item.assessment?.by === code;
    case 'approved':
      return validApprovals(claim, item).some(({ by }) => by === code);
    case 'approved the held payment':
      return hasApprovedHeld(code, item);
    case 'proposed the refusal':
      return item.refusal?.by === code;
    default:
      return signersOf(what, item).includes(code);
  }
}

function hasApprovedHeld(code: string, item: Item): boolean {
  const { payments, approvals } = item;
  const payment = payments.find(({ id }) => id === heldBy(item)?.payment);
  return approvals.some(({ of, by }) => by === code && of === payment?.of);
}

const signersOf = (what: SignOff, { signedOff: signatures }: Item): string[] =>
  Object.entries(signatures).flatMap(([step, { by }]) =>
    Object.entries(signOffs).some(([signed, kind]) => signed === step && kind === what) ? [by] : [],
  );

function segregated({ code }: Person, what: Segregation, act: string, { id }: Item): Denied {
  switch (what) {
    case 'approved':
      return denied(
        'approved-before',
        `${code} has approved this payment already; the other approval must come from somebody else.`,
      );
    case 'approved the held payment':
      return denied('segregation', `${code} approved the payment of ${id}; somebody else must clear it.`);
    case 'proposed the refusal':
      return denied('segregation', `${code} proposed to refuse ${id}; somebody else must confirm it.`);
    default:
      return denied(
        'segregation',
        `${code} ${what.replaceAll('-', ' ')} ${id} and cannot also ${act} it; somebody else must.`,
      );
  }
}

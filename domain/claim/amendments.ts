import { assertNever } from '../assert-never.ts';
import type { Person, StaffRole } from '../people/people.ts';
import { inConflict, mayNot, superiors } from '../people/permissions.ts';
import { present } from '../present.ts';
import { after, endOfDay, localDate } from '../time/calendar.ts';
import { wasInstructed, type Claim } from './claim.ts';
import type { HumanCommand } from './commands.ts';
import { add, type Draft } from './draft.ts';
import { nextRung } from '../waiting/ladder.ts';
import type { Expectation } from '../waiting/expectation.ts';
import type { PartyId } from '../people/people.ts';
import { isAskedFor } from './problems.ts';
import { denied, type Denied } from '../denial.ts';
import { isLocalDate, type Instant } from '../time/time.ts';
import { loseChannel, missedBy, resendMissed } from '../messages/deliveries.ts';
import { isDenied, openItem, unknownParty } from './open-item.ts';
import { solveProblems } from './problem-decisions.ts';

type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;
type Amendment = Act<
  | 'record-call'
  | 'hand-over'
  | 'appoint'
  | 'correct-claim'
  | 'correct-contact'
  | 'add-note'
  | 'post-letter'
  | 'retry'
  | 'request-withdrawal'
  | 'cancel-withdrawal'
>;

/** Acts that do not move an item along its road by themselves. */
export function amend(draft: Draft, command: Amendment): Denied | undefined {
  switch (command.kind) {
    case 'record-call':
      return recordCall(draft, command);
    case 'hand-over':
      return handOver(draft, command);
    case 'appoint':
      return appoint(draft, command);
    case 'correct-claim':
      return correctClaim(draft, command);
    case 'correct-contact':
      return correctContact(draft, command);
    case 'add-note':
      return (
        mayNot(command.person, command.kind, draft.claim) ??
        void add(draft, { kind: 'note-added', note: command.note })
      );
    case 'post-letter':
      return postLetter(draft, command);
    case 'cancel-withdrawal':
      return cancelWithdrawal(draft, command);
    case 'request-withdrawal':
      return mayNot(command.person, command.kind, draft.claim) ?? requestWithdrawal(draft);
    case 'retry':
      return mayNot(command.person, command.kind, draft.claim) ?? retry(draft, command);
    default:
      return assertNever(command);
  }
}

/**
 * A promised date pauses the ladders of the party's papers until the end of that day (S2). If the promise is
 * broken, the next rung follows. A wrong number is no channel any more.
 */
function recordCall(
  draft: Draft,
  { person, party, outcome, promised, documents }: Act<'record-call'>,
): Denied | undefined {
  const denial = mayNot(person, 'record-call', draft.claim);
  if (denial) return denial;
  const stranger = unknownParty(draft.claim, party);
  if (stranger) return stranger;
  if (outcome === 'busy-will-go-later' && !promised)
    return denied(
      'malformed',
      '"busy-will-go-later" needs the promised date (promised: YYYY-MM-DD); ask for one.',
    );
  if (promised && (outcome === 'wrong-number' || outcome === 'no-answer'))
    return denied(
      'malformed',
      `promised: a call that ended with "${outcome}" holds no promise; leave it out.`,
    );
  const until = promised && (isLocalDate(promised) ? endOfDay(promised, draft.rules.calendar) : promised);
  const mistake = until && promiseMistake(draft, promised, until);
  if (mistake) return denied('malformed', mistake);
  add(draft, {
    kind: 'call-recorded',
    party,
    outcome,
    ...present({ promised, documents }),
  });
  if (outcome === 'wrong-number') loseChannel(draft, party, 'sms', outcome);
  if (until) pause(draft, until, (open) => isPromised(open, party, documents));
  return undefined;
}

/** A promise reaches at most as far as the rules say, counted in days of the claim's place. */
function promiseMistake({ now, rules }: Draft, promised: string, until: Instant): string | undefined {
  if (until <= now) return `promised: ${promised} has passed; a promised date must be in the future.`;
  const last = localDate(after(now, rules.pack.promises.atMost, rules.calendar), rules.calendar);
  return until > endOfDay(last, rules.calendar)
    ? `promised: ${promised} is too far off; the last possible day is ${last}.`
    : undefined;
}

/**
 * Without named documents, a party promises what it brings itself. What others issue, such as the police, is
 * promised only by name.
 */
const isPromised = (open: Expectation, party: PartyId, documents: string[] | undefined): boolean =>
  open.ask === party &&
  (documents ? documents.includes(open.what) : open.from === 'customer' || open.from === 'third-party');

/** Only what is open now: an expectation that is opened later was not promised. */
function pause(draft: Draft, until: Instant, isMeant: (open: Expectation) => boolean): void {
  for (const expectation of draft.claim.expectations.filter(isMeant))
    add(draft, {
      kind: 'promised',
      expectation: expectation.id,
      promised: until,
      next: nextRung({ ...expectation, promised: until }, draft.rules, draft.now),
    });
}

/**
 * To somebody who has the role, is in no conflict and did not file the claim. Another surveyor is named by a
 * superior (S11), and so is anybody of another branch (S10).
 */
function handOver(draft: Draft, { person, to, role, as }: Act<'hand-over'>): Denied | undefined {
  const { claim } = draft;
  const denial = mayNot(person, 'hand-over', claim);
  if (denial) return denial;
  if (claim[role] === to) return denied('not-now', `${to} is the ${role} already.`);
  const unfit = isUnfit({ code: to, ...as }, role, claim);
  if (unfit) return unfit;
  const isElsewhere = as.branch !== claim.branch;
  const isSuperior = person.roles.some((own) => superiors.some((each) => each === own));
  if (role === 'surveyor' && !isSuperior)
    return denied('role', `Another surveyor is named by ${superiors.join(' or ')}, not by ${person.code}.`);
  if (isElsewhere && !isSuperior)
    return denied(
      'branch',
      `${to} is of ${as.branch}, and the claim is of ${claim.branch}: that needs ${superiors.join(' or ')}.`,
    );
  add(draft, { kind: 'handed-over', to, role, ...present({ branch: isElsewhere ? as.branch : undefined }) });
  return undefined;
}

/** Somebody of another branch may decide on this claim as if of its branch. */
function appoint(draft: Draft, { person, to, role, reason, as }: Act<'appoint'>): Denied | undefined {
  const { claim, rules } = draft;
  const denial = mayNot(person, 'appoint', claim);
  if (denial) return denial;
  const { appointReasons } = rules.pack;
  if (!appointReasons.includes(reason))
    return denied(
      'unknown-code',
      `"${reason}" is not a reason to appoint somebody; use one of ${appointReasons.join(', ')}.`,
    );
  if (as.branch === claim.branch)
    return denied('not-now', `${to} is of ${claim.branch} and needs no appointment.`);
  if (claim.appointed.some((each) => each.to === to && each.role === role))
    return denied('not-now', `${to} is appointed as ${role} already.`);
  const unfit = isUnfit({ code: to, ...as }, role, claim);
  if (unfit) return unfit;
  add(draft, { kind: 'appointed', to, role, branch: as.branch, reason });
  return undefined;
}

/** No work goes to somebody who may not do it. */
export function isUnfit(
  { code, roles, conflicts }: Pick<Person, 'code' | 'roles' | 'conflicts'>,
  role: StaffRole,
  claim: Claim,
): Denied | undefined {
  if (!roles.includes(role))
    return denied('role', `This needs the role ${role}; ${code} has ${roles.join(', ') || 'none'}.`);
  if (claim.filedBy === code)
    return denied('segregation', `${code} filed the claim and cannot be its ${role}; somebody else must.`);
  return inConflict({ code, conflicts }, claim);
}

function correctClaim(
  draft: Draft,
  { person, policy, lossAt, cause, item }: Act<'correct-claim'>,
): Denied | undefined {
  const denial = mayNot(person, 'correct-claim', draft.claim);
  if (denial) return denial;
  if (lossAt && lossAt > draft.now)
    return denied('malformed', `lossAt: ${lossAt} is in the future; it must be in the past.`);
  const { causes } = draft.rules.pack;
  if (cause !== undefined && !causes.includes(cause))
    return denied('unknown-code', `"${cause}" is not a cause of loss; use one of ${causes.join(', ')}.`);
  const paying =
    (policy ?? lossAt ?? cause ?? item?.vehicle) &&
    draft.claim.items.find((each) => !each.outcome && wasInstructed(each));
  if (paying)
    return denied(
      'not-now',
      `The payment for ${paying.id} is with the bank; ` +
        `policy, date and cause of loss and vehicle can be corrected once the bank has answered.`,
    );
  const corrected = item && openItem(draft.claim, item.id);
  if (corrected && isDenied(corrected)) return corrected;
  add(draft, { kind: 'claim-corrected', ...present({ policy, lossAt, cause, item }) });
  return undefined;
}

function correctContact(
  draft: Draft,
  { person, party, revision, reach, prefers, marks }: Act<'correct-contact'>,
): Denied | undefined {
  const denial = mayNot(person, 'correct-contact', draft.claim);
  if (denial) return denial;
  const stranger = unknownParty(draft.claim, party);
  if (stranger) return stranger;
  const missed = missedBy(draft.claim, party);
  add(draft, { kind: 'contact-corrected', party, revision, reach, marks, ...present({ prefers }) });
  resendMissed(draft, party, missed);
  return undefined;
}

function postLetter(draft: Draft, { person, notification }: Act<'post-letter'>): Denied | undefined {
  const denial = mayNot(person, 'post-letter', draft.claim);
  if (denial) return denial;
  if (!draft.claim.letters.includes(notification))
    return denied('not-now', `There is no letter "${notification}" to post.`);
  add(draft, { kind: 'letter-posted', notification });
  return undefined;
}

/** A handler asks the customer. Until then no payment goes to the bank. */
export function requestWithdrawal(draft: Draft): Denied | undefined {
  if (draft.claim.withdrawalRequested) return denied('not-now', 'The withdrawal was requested already.');
  add(draft, { kind: 'withdrawal-requested' });
  return undefined;
}

/** The customer did not mean to withdraw. */
function cancelWithdrawal(draft: Draft, { person }: Act<'cancel-withdrawal'>): Denied | undefined {
  const denial = mayNot(person, 'cancel-withdrawal', draft.claim);
  if (denial) return denial;
  if (!draft.claim.withdrawalRequested) return denied('not-now', 'Nobody asked to withdraw this claim.');
  add(draft, { kind: 'withdrawal-cancelled' });
  return undefined;
}

/**
 * The broken part is repaired, so the blocked steps resume. They are named by the problem's id, or by the
 * part.
 */
export function retry(draft: Draft, { problem }: Pick<Act<'retry'>, 'problem'>): Denied | undefined {
  const solved = solveProblems(draft, (open) => isAskedFor(open, problem));
  return solved > 0
    ? undefined
    : denied('not-now', problem ? `There is no problem "${problem}".` : 'Nothing is broken.');
}

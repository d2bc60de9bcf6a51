import { claimedTotal, type Claim, type Cover } from '../claim/claim.ts';
import type { Command } from '../claim/commands.ts';
import type { PolicyFacts } from './policy.ts';
import { decide } from '../claim/decide.ts';
import { evolve } from '../claim/evolve/evolve.ts';
import type { FullOpening, JournalEntry } from '../claim/journal.ts';
import { isAsFiled } from '../claim/filing.ts';
import { commandOf } from '../claim/read-command.ts';
import { isActName } from '../claim/acts.ts';
import { isReportName } from '../claim/reports.ts';
import {
  doubt,
  signedMessageOf,
  statementOf,
  turnsIn,
  type Doubt,
  type SignedBy,
} from '../claim/signed-entries.ts';
import { hashOf } from '../hash.ts';
import { signOffs } from '../road/steps.ts';
import type { RulePack, Rules } from '../rules/pack.ts';

/** What does not come from the journal. */
export interface Evidence {
  signedBy: SignedBy;
  /**
   * A version of a policy, which says the same for ever; `not compared`: the check of cover is taken as it
   * was recorded.
   */
  policy: PolicyVersions | 'not compared';
  rules: Rules;
}

/** Undefined where the book has no such version. */
type PolicyVersions = (number: string, version: number) => PolicyFacts | undefined;

/** The claim, if everything in its journal that money rests on was decided as the rules have it. */
export type Trusted = { kind: 'trusted'; claim: Claim } | Doubt;

/**
 * Folds a journal and believes nothing in it. What people and providers sent must be signed by them for this
 * claim; what the process did follows from the state. Each decision is made again on the state before it, and
 * must give the same entries. Dates of expectations, clocks and messages are not compared: no money rests on
 * them.
 */
export function trusted(entries: JournalEntry[], evidence: Evidence): Trusted {
  const [first, ...later] = entries;
  if (first?.kind !== 'claim-opened') return doubt(first, 'A journal begins with claim-opened.');
  const gap = entries.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) return doubt(entries[gap], 'An entry is missing before it.');
  const { line, jurisdiction, currency } = evidence.rules.pack;
  if (first.line !== line || first.jurisdiction !== jurisdiction || first.currency !== currency)
    return doubt(first, 'Its rules are those of another line, jurisdiction or currency.');
  let claim: Claim = openedBy(first, evidence);
  for (const turn of turnsIn(later)) {
    const found = turn[0]?.message === undefined ? ofProcess(claim, turn, evidence) : undefined;
    const doubted = found ?? (turn[0]?.message === undefined ? undefined : ofMessage(claim, turn, evidence));
    if (doubted) return doubted;
    claim = turn.reduce((state, entry) => evolve(state, entry, evidence.rules.pack), claim);
  }
  return { kind: 'trusted', claim };
}

/**
 * Without a genuine proof of its filing, or where it was opened otherwise than filed, nobody knows who filed
 * it, and the rules release nothing.
 */
function openedBy(entry: Extract<JournalEntry, { kind: 'claim-opened' }>, evidence: Evidence): Claim {
  const claim = evolve(undefined, entry, evidence.rules.pack);
  const { message: id, received } = entry;
  if (id === undefined || !received) return { ...claim, filedBy: 'anybody' };
  const statement = statementOf(received, evidence.signedBy);
  return statement?.act === 'file' &&
    statement.claim === claim.number &&
    statement.id === id &&
    isAsFiled(entry, statement.fields) &&
    mayWaiveSurvey(entry, evidence.rules.pack)
    ? claim
    : { ...claim, filedBy: 'anybody' };
}

const mayWaiveSurvey = ({ surveyWaived, items }: FullOpening, { surveyAboveMinor }: RulePack): boolean =>
  !surveyWaived || claimedTotal(items) <= (surveyAboveMinor ?? -1);

/** The kinds that money rests on. What only takes money away from somebody may be missing or invented. */
const kinds = [
  'cover-checked',
  'survey-reported',
  'document-received',
  'document-accepted',
  'document-rejected',
  'document-waived',
  'receipt-issued',
  'assessed',
  ...Object.values(signOffs),
  'payee-set',
  'risk-scored',
  'approved',
  'payment-approved',
  'payment-instructed',
  'payment-confirmed',
  'payment-returned',
  'payment-held',
  'payment-cleared',
  'returned-for-rework',
  'refusal-proposed',
  'refusal-confirmed',
  'claims-joined',
  'withdrawal-cancelled',
  'item-concluded',
  'item-reopened',
  'claim-closed',
  'claim-corrected',
  'handed-over',
  'appointed',
] as const;
type Kind = (typeof kinds)[number];
type Compared = Extract<JournalEntry, { kind: Kind }>;

const names: readonly string[] = kinds;

/** Whether money rests on the entry. */
export const isCompared = (entry: JournalEntry): entry is Compared => names.includes(entry.kind);

/** What an entry says, whenever and in which message it does. */
function plain(entry: JournalEntry): string {
  const { seq: _, at: _at, message: _message, received: _received, ...says } = entry;
  return hashOf(says);
}

function ofMessage(claim: Claim, turn: JournalEntry[], evidence: Evidence): Doubt | undefined {
  const compared = turn.filter(isCompared);
  const [first] = turn;
  if (compared.length === 0 || !first) return undefined;
  const command = signedCommand(claim, first, evidence);
  if (typeof command === 'string') return doubt(first, command);
  const decision = decide(claim, command, { now: first.at, rules: evidence.rules });
  if (decision.kind === 'denied') return doubt(first, decision.sentence);
  return isSame(decision.entries, compared)
    ? undefined
    : doubt(first, `It does not follow from "${command.kind}" of ${first.by}.`);
}

const isSame = (decided: JournalEntry[], recorded: Compared[]): boolean =>
  decided.filter(isCompared).map(plain).join() === recorded.map(plain).join();

/** The command of a message, read from what was signed; or why there is none. */
function signedCommand(claim: Claim, entry: JournalEntry, { signedBy }: Evidence): Command | string {
  const signed = signedMessageOf(claim.number, entry, signedBy);
  if (typeof signed === 'string') return signed;
  const { name, arrived } = signed;
  if (!isActName(name) && !isReportName(name)) return `No message is called "${name}".`;
  const command = commandOf(name, arrived);
  return command.kind === 'denied' ? command.sentence : command;
}

/** Several decisions of the process may follow one another. */
function ofProcess(claim: Claim, turn: JournalEntry[], evidence: Evidence): Doubt | undefined {
  const { pack } = evidence.rules;
  let state = claim;
  let due: string[] = [];
  for (const entry of turn) {
    if (isToFollow(entry, evidence)) {
      if (due.length === 0) due = dueFrom(state, entry, evidence);
      if (due.shift() !== plain(entry)) return doubt(entry, 'It does not follow from the claim.');
    }
    state = evolve(state, entry, pack);
  }
  return due.length > 0 ? doubt(turn.at(-1), 'The rest of the decision is missing.') : undefined;
}

/**
 * That there is no policy pays nothing, and neither does a proposal to refuse: neither must follow.
 */
const isToFollow = (entry: JournalEntry, { policy }: Evidence): entry is Compared =>
  isCompared(entry) &&
  entry.kind !== 'refusal-proposed' &&
  (entry.kind !== 'cover-checked' || (policy !== 'not compared' && !isWithoutPolicy(entry.cover)));

const isWithoutPolicy = ({ kind, version }: Cover): boolean =>
  kind === 'not-covered' && version === undefined;

function dueFrom(claim: Claim, entry: Compared, evidence: Evidence): string[] {
  const command = processCommand(claim, entry, evidence);
  if (!command) return [];
  const decision = decide(claim, command, { now: entry.at, rules: evidence.rules });
  return decision.kind === 'denied'
    ? []
    : decision.entries
        .filter((each) => isCompared(each) && each.kind !== 'refusal-proposed')
        .map((each) => plain(each));
}

/** The command by which the process makes such an entry without a message; undefined where it never does. */
function processCommand(
  { policy: number }: Claim,
  entry: Compared,
  { policy }: Evidence,
): Command | undefined {
  switch (entry.kind) {
    case 'cover-checked':
      return policy === 'not compared' || entry.cover.version === undefined
        ? undefined
        : { kind: 'check-cover', policy: policy(number, entry.cover.version) };
    case 'receipt-issued':
      return { kind: 'issue-receipt', item: entry.item };
    case 'verified':
      return { kind: 'verify-by-rules', item: entry.item };
    case 'payee-set':
      return { kind: 'take-payee', item: entry.item };
    case 'risk-scored':
      return { kind: 'score', item: entry.item };
    case 'approved':
      return { kind: 'review-by-rules', item: entry.item };
    case 'payment-instructed':
      return { kind: 'payment-instructed', item: entry.item, payment: entry.payment };
    case 'payment-confirmed':
    case 'payment-held':
      return { kind: 'bank-confirmed', payment: entry.payment, reference: entry.reference };
    case 'payment-returned':
      return { kind: 'bank-returned', payment: entry.payment, reason: entry.reason };
    case 'item-concluded':
      return { kind: 'conclude', item: entry.item };
    case 'claim-closed':
      return { kind: 'close' };
    default:
      return undefined;
  }
}

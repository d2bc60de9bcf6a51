import { objectOf, ofKind, type Reader, type ReadParts } from '../shape.ts';
import { rejectionReasons } from '../documents/requirements.ts';
import { joinFindings } from '../money/related.ts';
import { itemSteps, signOffs, type SignOffStep } from '../road/steps.ts';
import { isLocalDate } from '../time/time.ts';
import { appointedRoles, findings } from './claim.ts';
import { callOutcomes, type Correction, type Event } from './journal.ts';
import {
  choice,
  claimNumber,
  code,
  day,
  document,
  id,
  isOrIsNot,
  item,
  mark,
  minorUnits,
  moment,
  needed,
  notification,
  object,
  optional,
  party,
  onRecord,
  several,
  sha256,
  staffCode,
  text,
  version,
  words as typedWords,
  type Fields,
} from './fields.ts';
import { followUpOutcomes } from './follow-ups.ts';

type EventKind = Event['kind'];

/** How a page names the codes of an entry. */
interface Words {
  money(minor: number): string;
  party(id: string): string;
  time(instant: string): string;
}

/** The text of an entry, without its author and time. */
type Sentence<E extends EventKind> = (entry: Extract<Event, { kind: E }>, words: Words) => string;
type Sentences<E extends EventKind> = { [K in E]: Sentence<K> };

/** One act of people on a claim. Its key is its name everywhere. */
interface Row<F extends Fields, E extends EventKind> {
  /** For people, as an order: `accept a document after checking it`. */
  does: string;
  /** The fields of the message, beside its `id` and its proof. */
  fields: F;
  /** The entries that it makes in the journal, each with its text. */
  events: Sentences<E>;
  /** An unknown person may send it too, such as from the Temporal UI: it can do no harm. */
  anybody?: true;
  /** The answer. Fields stand in braces; after a bar stands the word for a field that was not given. */
  recorded: string;
}

const act = <F extends Fields, E extends EventKind>(row: Row<F, E>): Row<F, E> => row;

const ofItem = ({ document: kind, item: where }: { document: string; item?: string }): string =>
  where === undefined ? kind : `${kind} (${where})`;

const because = (cuts: { reason: string; minor: number }[] | undefined, { money }: Words): string =>
  cuts ? `: ${cuts.map(({ reason, minor }) => `${reason} ${money(-minor)}`).join(', ')}` : '';

const correction = ({ policy, lossAt, cause, item: restated }: Correction, { money, time }: Words): string =>
  [
    policy && `policy ${policy}`,
    lossAt && `loss at ${time(lossAt)}`,
    cause && `cause ${cause}`,
    restated?.claimedMinor !== undefined && `${restated.id} claimed ${money(restated.claimedMinor)}`,
    restated?.vehicle && `another plate of ${restated.id}`,
  ]
    .filter(Boolean)
    .join(', ');

const aboutDocument = { item: optional(item), document: needed(document) };

/** The texts of a step that is signed off: the same for each. */
function signature<S extends SignOffStep>(step: S): Sentences<(typeof signOffs)[S]>;
function signature(step: SignOffStep): object {
  const kind = signOffs[step];
  const sentence = ({ item: which, version: of }: { item: string; version: number }): string =>
    `${which}: assessment ${of} ${kind.replaceAll('-', ' ')}`;
  return { [kind]: sentence };
}

const withNote = (note: object | undefined): string => (note ? ', with a note' : '');

const fromFormer = (left: string | undefined): string => (left ? ` from ${left}, who has left` : '');
const fromBranch = (branch: string | undefined): string => (branch ? `, of ${branch}` : '');

/** The acts of people on a claim. Each is an update with a proof, which the payload codec checks. */
export const acts = {
  'add-document': act({
    does: 'add a document that has arrived',
    fields: { ...aboutDocument, attachment: needed(sha256('the SHA-256 of the file')) },
    events: { 'document-received': (entry) => `${ofItem(entry)} received` },
    recorded: '{document} is added to {claim}; a handler checks it',
  }),
  'accept-document': act({
    does: 'accept a document after checking it',
    fields: aboutDocument,
    events: { 'document-accepted': (entry) => `${ofItem(entry)} accepted` },
    recorded: '{document} of {claim} is accepted',
  }),
  'reject-document': act({
    does: 'reject a document after checking it; it is requested again, with the reason',
    fields: {
      ...aboutDocument,
      reason: needed(choice('what is wrong with it; the customer reads it as a sentence', rejectionReasons)),
      note: optional(typedWords('more about it, for colleagues')),
    },
    events: {
      'document-rejected': (entry) => `${ofItem(entry)} rejected: ${entry.reason}${withNote(entry.note)}`,
    },
    recorded: '{document} of {claim} is rejected and requested again',
  }),
  'waive-document': act({
    does: 'do without a document, with a reason code',
    fields: {
      ...aboutDocument,
      reason: needed(code('why the claim does without it, a reason code such as already-on-file')),
    },
    events: { 'document-waived': (entry) => `${ofItem(entry)} waived: ${entry.reason}` },
    recorded: '{document} of {claim} is waived',
  }),
  'report-survey': act({
    does: 'report the survey',
    fields: {
      onScene: needed(isOrIsNot('the damage was seen where it happened')),
      findings: needed(typedWords('what was found')),
    },
    events: {
      'survey-reported': (entry) =>
        `survey reported, ${entry.onScene ? 'on the scene' : 'not on the scene'}${withNote(entry.findings)}`,
    },
    recorded: 'The survey of {claim} is reported',
  }),
  assess: act({
    does: 'assess the loss of an item; verifications and approvals of another amount are cancelled',
    fields: {
      item: needed(item),
      amountMinor: needed(minorUnits),
      cuts: optional(
        several(
          'why it is below the claimed amount, part by part',
          object('a part of the difference', {
            reason: needed(code('a reason code, such as depreciation')),
            minor: needed(minorUnits),
          }),
        ),
      ),
    },
    events: {
      assessed: ({ item: which, amountMinor, version: nth, cuts }, words) =>
        `${which} assessed at ${words.money(amountMinor)} (version ${nth})${because(cuts, words)}`,
    },
    recorded: '{item} of {claim} is assessed at {amount}',
  }),
  verify: act({
    does: 'confirm an assessment as it stands, as a second person',
    fields: { item: needed(item), version: needed(version) },
    events: signature('verify'),
    recorded: 'The assessment of {item} is verified',
  }),
  approve: act({
    does: 'approve a payment exactly as it stands',
    fields: {
      item: needed(item),
      of: needed(code('the hash of the payment: the "of" of the item as the claim shows it')),
    },
    events: {
      approved: ({ item: which, totalMinor, needs }, { money }) =>
        `${which} approved, the total being ${money(totalMinor)}` +
        (needs > 1 ? ` (needs ${needs} people)` : ''),
    },
    recorded: 'Your approval of {item}{what} is recorded',
  }),
  'return-for-rework': act({
    does: 'return an item to a step, with a reason code',
    fields: {
      item: needed(item),
      to: needed(choice('the step to go back to', itemSteps)),
      reason: needed(code('a reason code, such as price-too-high')),
      documents: optional(several('kinds of documents that are wrong', document)),
    },
    events: {
      'returned-for-rework': ({ item: which, to, reason, documents }) =>
        `${which} returned to ${to}: ${reason}${documents ? ` (${documents.join(', ')})` : ''}`,
    },
    recorded: '{item} goes back to {to}',
  }),
  refuse: act({
    does: 'propose to refuse an item, or confirm the refusal as the second person',
    fields: {
      item: needed(item),
      clause: optional(
        code('the clause that is cited, such as not-in-force; the second person need not repeat it'),
      ),
      reasons: optional(
        several('reason codes of the clause, such as loss-after-expiry', code('a reason code')),
      ),
      note: optional(typedWords('more about it, for colleagues; the customer never reads it')),
    },
    events: {
      'refusal-proposed': ({ item: which, clause, reasons, note }) =>
        `refusal of ${which} proposed (${clause}): ${reasons.join('; ')}${withNote(note)}`,
      'refusal-confirmed': ({ item: which, note }) => `refusal of ${which} confirmed${withNote(note)}`,
    },
    recorded: 'The refusal of {item} is recorded',
  }),
  'set-payee': act({
    does: 'set the payee of an item or the account; approvals of another one are cancelled',
    fields: {
      item: needed(item),
      party: needed(party),
      account: needed(mark('the mark of the account', 'account')),
      holder: optional(mark('the mark of its holder, who is not the usual one', 'name')),
    },
    events: {
      'payee-set': ({ item: which, party: to, changed }, words) =>
        `${which} is to be paid to ${words.party(to)}${changed ? ', another account than before' : ''}`,
    },
    recorded: 'The payee of {item} is set',
  }),
  'join-claims': act({
    does: 'record whether another claim is of the same loss',
    fields: {
      other: needed(claimNumber),
      finding: needed(choice('whether both are of one loss', joinFindings)),
      note: optional(typedWords('why, for colleagues')),
    },
    events: {
      'claims-joined': ({ other, finding, note }) =>
        `compared with ${other}: ${finding.replaceAll('-', ' ')}${withNote(note)}`,
    },
    recorded: '{claim} and {other}: {finding}',
  }),
  'clear-payment': act({
    does: 'clear a held payment after finding out at the bank what became of it',
    fields: { item: needed(item), finding: needed(choice('what became of the payment', findings)) },
    events: {
      'payment-cleared': ({ payment, finding }) => `${payment} cleared: ${finding.replaceAll('-', ' ')}`,
    },
    recorded: 'The payment of {item} is cleared',
  }),
  'ask-bank': act({
    does: 'have the bank asked again what became of a payment',
    fields: {
      payment: optional(id('a payment as the claim shows it; all that are in doubt if none is named')),
    },
    events: { 'bank-asked': ({ payments }) => `the bank is asked about ${payments.join(', ')}` },
    anybody: true,
    recorded: 'The bank is asked about {payment|the payments} of {claim}',
  }),
  'record-call': act({
    does: 'record a telephone call and its result; a promised day pauses chasing until then',
    fields: {
      party: needed(party),
      outcome: needed(choice('how the call ended', callOutcomes)),
      promised: optional(day),
      documents: optional(several('kinds of documents that are promised', document)),
    },
    events: {
      'call-recorded': ({ party: who, outcome, promised }, words) =>
        `${words.party(who)} called: ${outcome}` +
        (promised ? `, promised ${isLocalDate(promised) ? promised : words.time(promised)}` : ''),
      promised: ({ expectation, promised }, { time }) => `${expectation} is paused until ${time(promised)}`,
    },
    recorded: 'The call to {party} is recorded',
  }),
  'hand-over': act({
    does: 'hand a claim, or its survey, to somebody else',
    fields: {
      to: needed(staffCode),
      role: needed(choice('the role that they take over', ['handler', 'surveyor'])),
      as: needed(onRecord),
    },
    events: {
      'handed-over': ({ to, role, branch, left }) =>
        `${to} takes over as ${role}${fromBranch(branch)}${fromFormer(left)}`,
    },
    recorded: '{to} is the {role|handler} of {claim}',
  }),
  appoint: act({
    does: 'appoint somebody of another branch to decide on a claim, with a reason code',
    fields: {
      to: needed(staffCode),
      role: needed(choice('the role that they act in', appointedRoles)),
      reason: needed(code('a reason code, such as conflict-in-the-branch')),
      as: needed(onRecord),
    },
    events: {
      appointed: ({ to, role, branch, reason }) =>
        `${to} is appointed as ${role}${fromBranch(branch)}: ${reason}`,
    },
    recorded: '{to} may act on {claim} as {role}',
  }),
  withdraw: act({
    does: 'withdraw an item, or all that are open, because the customer wants it',
    fields: { item: optional(item) },
    events: {
      'item-concluded': ({ item: which, outcome }, { money }) =>
        `${which} ended: ${outcome.kind}${outcome.kind === 'paid' ? ` ${money(outcome.amountMinor)}` : ''}`,
    },
    recorded: '{item|Everything open} of {claim} is withdrawn',
  }),
  reopen: act({
    does: 'take up again what has ended, in a closed or an open claim, with a reason code',
    fields: {
      reason: needed(code('a reason code, such as withdrawn-by-mistake')),
      items: optional(several('the items; all that the reason fits if none is named', item)),
      note: optional(typedWords('more about it, for colleagues')),
    },
    events: {
      'item-reopened': ({ item: which, reason, to, note }) =>
        `${which} reopened: ${reason}, ${to === 'where-it-stood' ? 'where it stood' : `at ${to}`}` +
        withNote(note),
    },
    recorded: '{items|Everything that the reason fits} of {claim} is open again',
  }),
  'record-appeal': act({
    does: 'record that a customer disagrees with a decision; a supervisor has it looked at again',
    fields: {
      item: needed(item),
      note: needed(typedWords('what the customer says, in their words')),
    },
    events: {
      'appeal-recorded': ({ item: which, note }) => `appeal about ${which}: note ${note.note}`,
    },
    recorded: 'The appeal about {item} of {claim} is recorded; a supervisor reopens it',
  }),
  'keep-decision': act({
    does: 'leave a decision as it is, although a document came after it',
    fields: { item: needed(item), note: needed(typedWords('why the document changes nothing')) },
    events: {
      'decision-kept': ({ item: which, document: paper, note }) =>
        `${which} stays as it is decided, although ${paper} came${withNote(note)}`,
    },
    recorded: '{item} of {claim} stays as it is decided',
  }),
  'request-withdrawal': act({
    does: 'ask for the withdrawal of a claim; payments wait until a handler has answered',
    fields: {},
    events: { 'withdrawal-requested': () => 'asks to withdraw the claim' },
    anybody: true,
    recorded: 'A handler asks whether {claim} is to be withdrawn',
  }),
  'cancel-withdrawal': act({
    does: 'keep a claim open that the customer did not mean to withdraw',
    fields: {},
    events: { 'withdrawal-cancelled': () => 'stays open' },
    recorded: '{claim} stays open',
  }),
  'correct-claim': act({
    does: 'correct a mistyped notice of loss',
    fields: {
      policy: optional(code('the number of the right policy')),
      lossAt: optional(moment),
      cause: optional(code('the cause of the loss, such as hail')),
      item: optional(
        object('the item whose claimed amount or vehicle was wrong', {
          id: needed(item),
          claimedMinor: optional(minorUnits),
          vehicle: optional(mark('the mark of its number plate', 'vehicle')),
        }),
      ),
    },
    events: { 'claim-corrected': (entry, words) => `notice corrected: ${correction(entry, words)}` },
    recorded: 'The notice of {claim} is corrected',
  }),
  'correct-contact': act({
    does: 'correct how a party is reached',
    fields: {
      party: needed(party),
      revision: needed(version),
      reach: needed(
        object('the channels that reach the party', {
          sms: needed(isOrIsNot('by SMS')),
          email: needed(isOrIsNot('by email')),
        }),
      ),
      prefers: optional(choice('the channel that the party prefers', ['sms', 'email'])),
      marks: needed(
        several("the marks of the party's telephone and mailbox", mark('a mark', 'telephone', 'email')),
      ),
    },
    events: { 'contact-corrected': (entry, words) => `contact of ${words.party(entry.party)} corrected` },
    recorded: 'The contact of {party} is corrected',
  }),
  'add-note': act({
    does: 'add a note to a claim',
    fields: { note: needed(typedWords('the text of the note')) },
    events: { 'note-added': ({ note }) => `note ${note.note}` },
    recorded: 'The note is kept with {claim}',
  }),
  'post-letter': act({
    does: 'record that a formal letter has been posted',
    fields: { notification: needed(notification) },
    events: { 'letter-posted': (entry) => `${entry.notification} posted` },
    recorded: '{notification} is posted',
  }),
  'resend-notification': act({
    does: 'send a notification to a party again, because somebody asks for it',
    fields: { notification: needed(notification), party: needed(party) },
    events: {},
    recorded: '{notification} is sent again',
  }),
  retry: act({
    does: 'resume a claim after a repair',
    fields: {
      problem: optional(id('a problem as the claim shows it, or the broken part, such as bank')),
    },
    events: { 'problem-solved': ({ problem }) => `problem ${problem} solved` },
    anybody: true,
    recorded: '{claim} resumes at its step',
  }),
};

type Acts = typeof acts;
export type ActName = keyof Acts;

/** A person's act as the claim receives it. */
export type HumanAct = { [N in ActName]: { kind: N } & ReadParts<Acts[N]['fields']> }[ActName];

/** The acts that anybody may send. */
export type OpenActName = 'request-withdrawal' | 'retry' | 'ask-bank';

export const isOpenAct = (name: string): name is OpenActName =>
  isActName(name) && 'anybody' in acts[name] && acts[name].anybody === true;

export const isActName = (name: string): name is ActName => name in acts;
export const actNames: readonly ActName[] = Object.keys(acts).filter(isActName);

/** Reads the fields of an update, without its id and proof. */
export function actReader(name: ActName): Reader<HumanAct>;
export function actReader(name: ActName): Reader<object> {
  return ofKind(name, objectOf<Fields>(acts[name].fields));
}

/** The journal entries that acts make. */
type ActEvent = { [N in ActName]: keyof Acts[N]['events'] }[ActName];
type Entries = { [K in ActEvent]: Extract<Event, { kind: K }> };

function sentencesOfActs(): { [K in ActEvent]: (entry: Entries[K], words: Words) => string };
function sentencesOfActs(): object {
  return Object.fromEntries(Object.values(acts).flatMap(({ events }) => Object.entries(events)));
}
const sentences = sentencesOfActs();

export const isActEvent = <E extends { kind: string }>(entry: E): entry is Extract<E, { kind: ActEvent }> =>
  entry.kind in sentences;

/** The text of an entry that an act makes. `kind` is the entry's own. */
export const sentenceOfAct = <K extends ActEvent>(kind: K, entry: Entries[K], words: Words): string =>
  sentences[kind](entry, words);

/** The acts of people on the records of a claim. Its workflow does not receive them under these names. */
export const recordActs = {
  'opt-in': {
    does: 'resume sending to a party by a channel after an opt-out, or after the channel was lost',
    fields: {
      party: needed(party),
      channel: needed(choice('by text or by email', ['sms', 'email'])),
      source: needed(text('how the party asked for it, such as "called on 24 November"')),
    },
  },
  'opt-out': {
    does: 'stop sending to a party by a channel, because the party asks for it',
    fields: {
      party: needed(party),
      channel: needed(choice('by text or by email', ['sms', 'email'])),
      source: needed(text('how the party asked for it, such as "called on 24 November"')),
    },
  },
  'break-glass': {
    does: 'read personal data of a claim of others for some minutes; a supervisor looks at the reason',
    fields: { reason: needed(text('why it cannot wait, in a sentence')) },
  },
  'close-out': {
    does: 'record how a follow-up was handled',
    fields: {
      id: needed(id('as claims show and work name it, such as refused-1')),
      how: needed(
        choice('how it was handled: a call, a letter or message, or nothing was needed', followUpOutcomes),
      ),
    },
  },
} satisfies Record<string, { does: string; fields: Fields }>;
export type RecordActName = keyof typeof recordActs;

const isRecordActName = (name: string): name is RecordActName => name in recordActs;
export const recordActNames: readonly RecordActName[] = Object.keys(recordActs).filter(isRecordActName);

import type { ClaimNumber } from '../ids.ts';
import { hashOf } from '../hash.ts';
import type { Proof, Signer, Statement } from '../signed-payload.ts';
import { acts, isActName } from './acts.ts';
import { isAsFiled } from './filing.ts';
import type { Event, JournalEntry, Message } from './journal.ts';
import { arrivedAt, type Arrived } from './message.ts';
import { isReportName, type ReportName } from './reports.ts';

/** Who signed it, or why nobody did. */
export type SignedBy = (
  proof: Proof,
) => { kind: 'genuine'; statement: Statement } | { kind: 'unproven'; why: string };

export interface Doubt {
  kind: 'doubtful';
  /** The number of the entry. */
  seq: number;
  why: string;
}

export const doubt = (entry: Pick<JournalEntry, 'seq'> | undefined, why: string): Doubt => ({
  kind: 'doubtful',
  seq: entry?.seq ?? 0,
  why,
});

/** The statement of a genuine proof. */
export function statementOf({ proof }: Pick<Message, 'proof'>, signedBy: SignedBy): Statement | undefined {
  const signed = proof && signedBy(proof);
  return signed?.kind === 'genuine' ? signed.statement : undefined;
}

/** The entries of one message each, and those of the process between them. */
export function turnsIn(entries: JournalEntry[]): JournalEntry[][] {
  const turns: JournalEntry[][] = [];
  for (const entry of entries) {
    const turn = turns.at(-1);
    if (turn && turn[0]?.message === entry.message && !entry.received) turn.push(entry);
    else turns.push([entry]);
  }
  return turns;
}

/** The message of an entry as it was signed for this claim; or why nobody signed it. */
export function signedMessageOf(
  claim: ClaimNumber,
  { message: id, received }: JournalEntry,
  signedBy: SignedBy,
): { name: string; arrived: Arrived } | string {
  const statement = received && statementOf(received, signedBy);
  if (id === undefined || !received?.proof || !statement) return 'Nobody signed it.';
  const { act: name } = statement;
  const arrived = arrivedAt(claim, name, { $lipei: 'signed', statement, proof: received.proof });
  if (arrived.kind === 'denied') return arrived.sentence;
  if (hashOf(arrived.message) !== hashOf({ id, ...received })) return 'Another message was signed.';
  return { name, arrived };
}

/**
 * The first entry that says of a message what nobody signed; undefined where there is none. Looks at the
 * messages alone, and not at what was decided on them (`trusted` does). `entries` may begin anywhere, but not
 * within the entries of one message.
 */
export function unsignedIn(
  claim: ClaimNumber,
  entries: JournalEntry[],
  signedBy: SignedBy,
): Doubt | undefined {
  for (const turn of turnsIn(entries)) {
    const found = unsignedTurn(claim, turn, signedBy);
    if (found) return found;
  }
  return undefined;
}

/** Kinds of entries that a message alone makes. */
const madeByMessages = [
  'survey-reported',
  'document-received',
  'document-accepted',
  'document-rejected',
  'document-waived',
  'assessed',
  'claims-joined',
  'payment-cleared',
  'returned-for-rework',
  'refusal-confirmed',
  'withdrawal-cancelled',
  'handed-over',
  'handler-away',
  'handler-back',
  'appointed',
  'claim-corrected',
  'contact-corrected',
  'note-added',
  'call-recorded',
  'letter-posted',
  'text-received',
  'delivery-reported',
  'related-claim-named',
] as const satisfies Event['kind'][];

const onlyOfMessages: readonly string[] = madeByMessages;

/** The same by report. */
const madeByReports: Partial<Record<ReportName, readonly Event['kind'][]>> = {
  'document-arrived': ['document-received'],
  'text-arrived': ['text-received'],
  'delivery-reported': ['delivery-reported'],
  'related-claim': ['related-claim-named'],
  'policy-changed': ['policy-changed'],
  'handler-left': ['handed-over'],
  'handler-away': ['handler-away'],
  'handler-back': ['handler-back'],
};

/** Whether a message of this name may make an entry of this kind. */
export function mayMake(name: string, kind: Event['kind']): boolean {
  if (!onlyOfMessages.includes(kind)) return true;
  if (isActName(name)) return kind in acts[name].events;
  return isReportName(name) && (madeByReports[name]?.includes(kind) ?? false);
}

function unsignedTurn(claim: ClaimNumber, turn: JournalEntry[], signedBy: SignedBy): Doubt | undefined {
  const [first] = turn;
  if (!first) return undefined;
  if (first.kind === 'claim-opened') return unsignedOpening(claim, first, signedBy);
  if (first.message === undefined) return beyondProcess(turn);
  if (!first.received) return doubt(first, 'Its message is not in the journal.');
  return first.received.proof ? beyondMessage(claim, turn, signedBy) : beyondAnybody(turn);
}

function unsignedOpening(
  claim: ClaimNumber,
  entry: Extract<JournalEntry, { kind: 'claim-opened' }>,
  signedBy: SignedBy,
): Doubt | undefined {
  if (entry.seq !== 1) return doubt(entry, 'A claim is opened once, by its first entry.');
  if (entry.number !== claim) return doubt(entry, 'It opens another claim.');
  if (!entry.received) return undefined;
  const statement = statementOf(entry.received, signedBy);
  if (!statement) return doubt(entry, 'Nobody signed the notice of loss.');
  if (statement.act !== 'file' || statement.claim !== claim || statement.id !== entry.message)
    return doubt(entry, 'Another notice of loss was signed.');
  return isAsFiled(entry, statement.fields) ? undefined : doubt(entry, 'It was filed otherwise.');
}

/**
 * The process writes under its own name, and nothing that only people or providers can say. What it denied
 * may have had no id.
 */
function beyondProcess(turn: JournalEntry[]): Doubt | undefined {
  const wrong = turn.find(
    ({ kind, by }) => kind !== 'message-denied' && (by !== 'lipei' || onlyOfMessages.includes(kind)),
  );
  return wrong && doubt(wrong, 'Only a signed message makes such an entry, and nobody signed it.');
}

/** What nobody signed is a denial, or one of the requests that anybody may send. */
function beyondAnybody(turn: JournalEntry[]): Doubt | undefined {
  const wrong = turn.find(
    ({ kind, by }) => kind !== 'message-denied' && (by !== 'anybody' || onlyOfMessages.includes(kind)),
  );
  return wrong && doubt(wrong, 'Nobody signed it.');
}

function beyondMessage(claim: ClaimNumber, turn: JournalEntry[], signedBy: SignedBy): Doubt | undefined {
  const [first] = turn;
  const signed = first && signedMessageOf(claim, first, signedBy);
  if (!signed || typeof signed === 'string') return doubt(first, signed ?? 'Nobody signed it.');
  const { name, arrived } = signed;
  const alien = turn.find(({ by }) => !mayBeBy(by, arrived.signer));
  if (alien) return doubt(alien, `"${name}" was signed by another sender.`);
  const wrong = turn.find(({ kind }) => !mayMake(name, kind));
  return wrong && doubt(wrong, `"${name}", which was signed, makes no such entry.`);
}

/** Staff act under their own code. What is reported is written down for the reporter. */
const mayBeBy = (by: string, signer: Signer | undefined): boolean =>
  signer?.kind === 'staff' ? by === signer.code : ['lipei', 'bank', 'customer'].includes(by);

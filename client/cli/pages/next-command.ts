import { proposedItem } from '../../../domain/claim/follow-ups.ts';
import { signOffs } from '../../../domain/road/steps.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { Task } from '../../own-api/schemas/work.ts';

/** More about a line of the work list; looked up only for the first lines. */
export interface Looked {
  /** For a refusal to confirm. */
  claim?: Shown;
  /** The last text of a customer who waits for an answer. */
  wrote?: string;
  /** The number of an unknown telephone. */
  phone?: string;
}

/** The task in words: the document that came, the amount, or the person to call and how. */
export function whatWaits(task: Task, { phone }: Looked): string {
  const { what, act, document, letter, contact } = task;
  if (document !== undefined) return `check ${document}`;
  if (letter !== undefined) return `post the letter ${letter}`;
  if (isCall(task))
    return [what, contact?.name, contact?.phone, contact && `(${contact.locale})`].filter(Boolean).join(' ');
  if (phone !== undefined) return `${what} (${phone})`;
  return [what, act === 'refuse' && 'refusal', amountOf(task)].filter(Boolean).join(' ');
}

const amountOf = ({ amount, currency }: Task): string | undefined =>
  amount === undefined ? undefined : `${currency} ${amount}`;

/** The command to type next, without `--as`; values that the person must fill in are in capitals. */
export function nextCommand(task: Task, { claim }: Looked): string {
  const { claim: no, id, what, item = '', act, followUp } = task;
  if (followUp !== undefined) return afterClosing(task, followUp);
  const forItem = item ? ` --item ${item}` : '';
  switch (act) {
    case 'accept-document':
      return `accept-document ${no} ${task.document}${forItem}`;
    case 'record-call':
      return `record-call ${no} ${task.party} reached`;
    case 'report-survey':
      return `report-survey ${no} --on-scene --findings TEXT`;
    case 'assess':
      return `assess ${no} ${item} AMOUNT`;
    case 'approve':
      return `approve ${no} ${item}`;
    case 'refuse':
      return refusing(no, item, claim);
    case 'join-claims':
      return `join-claims ${no} ${what.replace('compare with ', '')} FINDING`;
    case 'reopen':
      if (id.startsWith('late:'))
        return `reopen ${no} REASON --items ${item}, or keep-decision ${no} ${item} TEXT`;
      return `reopen ${no} REASON --items ${item}`;
    case 'withdraw':
      return `withdraw ${no}`;
    case 'post-letter':
      return `letters save ${no} ${task.letter} letter.pdf`;
    default:
      return act !== undefined && act in signOffs ? `${act} ${no} ${item}` : `claims show ${no}`;
  }
}

/** What came after the closure: a supervisor reopens the claim, or somebody closes the follow-up out. */
function afterClosing({ claim: no, what, from }: Task, followUp: string): string {
  if (followUp.startsWith('glass-')) return `claims readers ${no}`;
  if (from !== 'supervisor') return `close-out ${no} ${followUp} called`;
  const item = proposedItem(what);
  return `reopen ${no} REASON${item === undefined ? '' : ` --items ${item}`}`;
}

/** The first person upholds what the rules proposed, with clause and reasons; the second confirms. */
function refusing(no: string, item: string, claim: Shown | undefined): string {
  const refusal = claim?.items.find(({ id }) => id === item)?.refusal;
  if (!refusal) return `claims show ${no}`;
  return refusal.by === 'lipei'
    ? `refuse ${no} ${item} --clause ${refusal.clause} --reason ${refusal.reasons.join(' --reason ')}`
    : `refuse ${no} ${item}`;
}

export const isCall = ({ act }: Pick<Task, 'act'>): boolean => act === 'record-call';

/** A customer has sent a text and waits for an answer. */
export const isAnswer = ({ id }: Pick<Task, 'id'>): boolean => id.startsWith('answer:');

/** The unknown telephone that a follow-up is about: `telephone-3f2a90c1b7d4`. */
export const telephoneIn = (what: string): string | undefined => /\btelephone-[0-9a-f]+/.exec(what)?.[0];

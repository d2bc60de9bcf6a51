import { signOffs } from '../../../domain/road/steps.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { ShownItem } from '../../own-api/schemas/items.ts';
import type { ShownContact } from '../../own-api/schemas/personal.ts';
import type { Task } from '../../own-api/schemas/work.ts';

/** More about a line of the work list; looked up only for the first lines. */
export interface Looked {
  claim?: Shown;
  contact?: ShownContact;
  /** The last text of a customer who waits for an answer. */
  wrote?: string;
}

/** The task in words, with the document that came or the person to call and their telephone. */
export function whatWaits(task: Task, { claim, contact }: Looked, me: string): string {
  const handedIn = handedInFor(task, claim);
  if (handedIn !== undefined) return `check ${handedIn}`;
  if (task.what === 'post-letter') return `post the letter ${afterColon(task.id)}`;
  if (task.what === 'review') return reviewOf(task, claim, me);
  if (!isCall(task)) return task.what;
  return [task.what, contact?.name, contact?.phone].filter(Boolean).join(' ');
}

/** The command to type next, without `--as`; values that the person must fill in are in capitals. */
export function nextCommand(task: Task, { claim }: Looked, me: string): string {
  const { claim: no, what, item = '', id } = task;
  if (task.followUp !== undefined) return `close-out ${no} ${task.followUp} called`;
  if (isCall(task)) return `record-call ${no} ${afterColon(id)} reached`;
  const handedIn = handedInFor(task, claim);
  const forItem = task.item ? ` --item ${task.item}` : '';
  if (handedIn !== undefined) return `accept-document ${no} ${handedIn}${forItem}`;
  const compared = /^compare with (.+)$/.exec(what)?.[1];
  if (compared !== undefined) return `join-claims ${no} ${compared} FINDING`;
  const reviewed = what === 'review' ? itemOf(claim, item) : undefined;
  if (whyNot(reviewed, me) !== undefined) return looking(no);
  const refusal = reviewed?.refusal;
  if (refusal) return refuseCommand(no, item ?? '', refusal);
  return `${(simple[what] ?? looking)(no, item ?? '')}${what === 'post-letter' ? afterLetter(id) : ''}`;
}

/** The first person upholds what the rules proposed, with clause and reasons; the second confirms. */
const refuseCommand = (
  no: string,
  item: string,
  { by, clause, reasons }: NonNullable<ShownItem['refusal']>,
): string =>
  by === 'lipei'
    ? `refuse ${no} ${item} --clause ${clause} --reason ${reasons.join(' --reason ')}`
    : `refuse ${no} ${item}`;

const itemOf = (claim: Shown | undefined, id: string | null): ShownItem | undefined =>
  claim?.items.find((each) => each.id === id);

/** The list belongs to a role. A person who may not act on a line reads the reason. */
function whyNot(item: ShownItem | undefined, me: string): string | undefined {
  if (item?.approvals.some(({ by }) => by === me))
    return 'you have approved it; another person must approve too';
  if (item?.assessment?.by === me) return 'you have assessed it; another person must review it';
  return item?.refusal?.by === me
    ? 'you have proposed the refusal; another person must confirm it'
    : undefined;
}

function reviewOf(task: Task, claim: Shown | undefined, me: string): string {
  const item = itemOf(claim, task.item ?? '');
  const amount = item?.payable ? ` ${claim?.currency} ${item.payable}` : '';
  const why = whyNot(item, me);
  return `review${item?.refusal ? ' refusal' : amount}${why === undefined ? '' : ` (${why})`}`;
}

const looking = (no: string): string => `claims show ${no}`;

const simple: Record<string, (no: string, item: string) => string> = {
  survey: (no) => `report-survey ${no} --on-scene --findings TEXT`,
  assess: (no, item) => `assess ${no} ${item} AMOUNT`,
  ...Object.fromEntries(
    Object.keys(signOffs).map((step) => [step, (no: string, item: string) => `${step} ${no} ${item}`]),
  ),
  review: (no, item) => `approve ${no} ${item}`,
  'confirm withdrawal': (no) => `withdraw ${no}`,
  'post-letter': (no) => `letters save ${no}`,
};

const afterLetter = (id: string): string => ` ${afterColon(id)} letter.pdf`;

export const isCall = ({ what }: Pick<Task, 'what'>): boolean => what.startsWith('call ');

/** A customer has sent a text and waits for an answer. */
export const isAnswer = ({ id }: Pick<Task, 'id'>): boolean => id.startsWith('answer:');

/** The unknown telephone that a follow-up is about: `telephone-3f2a90c1b7d4`. */
export const telephoneIn = (what: string): string | undefined => /\btelephone-[0-9a-f]+/.exec(what)?.[0];

/** The party or letter in a task's id: `party-1`. */
export const afterColon = (id: string): string => id.slice(id.indexOf(':') + 1);

/** The document to check: a substitute may have come in place of the required one. */
function handedInFor({ what, item }: Task, claim: Shown | undefined): string | undefined {
  const asked = /^check (.+)$/.exec(what)?.[1];
  if (asked === undefined) return undefined;
  const found = (claim?.items ?? [])
    .filter(({ id }) => !item || id === item)
    .flatMap(({ documents }) => documents)
    .find(({ kind, state }) => kind === asked && state === 'received');
  return found?.by ?? asked;
}

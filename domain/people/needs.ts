import { claimant, itemOf, payeeOf, type Claim } from '../claim/claim.ts';
import type { FollowUpTask } from '../claim/follow-ups.ts';
import { ruleFor } from '../documents/requirements.ts';
import type { RulePack } from '../rules/pack.ts';
import type { BesideRoad } from '../waiting/endings.ts';
import type { Expectation } from '../waiting/expectation.ts';
import type { PartyId } from './people.ts';

/** The kinds of personal data of a claim, each with its words for the table of the documentation. */
export const personalData = {
  contact: 'name, telephone and mailbox of a party',
  account: 'accounts of a party',
  notice: 'place and description of the loss',
  notes: 'notes and texts',
  papers: 'attachments',
  messages: 'texts of notifications and letters',
  archive: 'what is sealed in its archive',
  policy: 'people and objects of its policy',
} as const;
export type PersonalDatum = keyof typeof personalData;

/** What a person wants to read. `of`: the party, the kind of paper, or the notification; absent: a list. */
export interface Wanted {
  datum: PersonalDatum;
  of?: string;
}

/** What a task needs. `its own`: only of the party, the paper or the letter that the task is about. */
export type Need = Partial<Record<PersonalDatum, 'its own' | 'all'>>;

const toDecide: Need = { notice: 'all', notes: 'all', papers: 'all', policy: 'all' };

/**
 * What each task of staff needs, one row for each kind: the person whose task it is reads it without giving a
 * purpose (S32; Personal Information Protection Law art. 6). A step of the road has the name of the step.
 */
export const needs = {
  survey: { contact: 'all', ...toDecide },
  assess: toDecide,
  verify: toDecide,
  review: toDecide,
  clear: { contact: 'its own', account: 'its own' },
  check: { papers: 'its own' },
  call: { contact: 'its own' },
  reach: { contact: 'its own', messages: 'all' },
  answer: { contact: 'its own', notes: 'all' },
  withdrawal: { contact: 'its own', notes: 'all' },
  post: { messages: 'its own' },
  compare: toDecide,
  appeal: { contact: 'all', messages: 'all', ...toDecide },
  late: toDecide,
  clock: toDecide,
  escalation: toDecide,
  policy: {},
  problem: {},
} as const satisfies Record<BesideRoad, Need> & Record<string, Need>;

/** The same for follow-ups, by what they say. Their words name no party, so a contact is anybody's. */
export const followUpNeeds: Readonly<Record<FollowUpTask, Need>> = {
  'tell * did not arrive': { contact: 'all', messages: 'all' },
  'answer *, who has written': { contact: 'all', notes: 'all' },
  'answer *: a text from an unknown telephone': {},
  'answer *: a text from an unknown telephone, which names this claim': { contact: 'all' },
  'look at *, which came after closing': { papers: 'all' },
  'reopen * after an appeal': { contact: 'all', messages: 'all', ...toDecide },
  'look at mail that came back about *': { contact: 'all', notes: 'all' },
  'correct the mailbox of *: mail about work comes back': {},
  'look at why * broke the glass': {},
  'compare with *': toDecide,
  'nobody has looked at this claim since *': {},
};

type Waiting = Pick<Expectation, 'id' | 'item'>;
type TaskKind = keyof typeof needs;

const isTaskKind = (kind: string): kind is TaskKind => kind in needs;

/** `call` of `call:party-1`: the kind of the task, which is the purpose of a look for it. */
export const taskKind = ({ id }: Pick<Expectation, 'id'>): TaskKind | undefined =>
  [id.split(':')[0] ?? ''].find(isTaskKind);

/** Does the task need this? */
export function isNeededFor(task: Waiting, wanted: Wanted, claim: Claim, pack: RulePack): boolean {
  const kind = taskKind(task);
  const need: Need = kind === undefined ? {} : needs[kind];
  const extent = need[wanted.datum];
  return extent === 'all' || (extent === 'its own' && isItsOwn(task, wanted, claim, pack));
}

/** The list of attachments says which papers came, so it is for everybody who needs one. */
function isItsOwn(task: Waiting, { datum, of }: Wanted, claim: Claim, pack: RulePack): boolean {
  if (datum === 'papers') return of === undefined || papersOf(task, pack).includes(of);
  if (datum === 'messages') return of === afterColon(task.id);
  return of !== undefined && of === partyOfTask(task, claim);
}

/** The paper that was asked for, or a substitute. */
function papersOf({ id }: Waiting, pack: RulePack): string[] {
  const asked = id.split(':').at(-1) ?? '';
  return [asked, ...(ruleFor(asked, pack)?.substitutes ?? [])];
}

/** The party to call, the payee of a payment, or the customer who is asked about a withdrawal. */
function partyOfTask(task: Waiting, claim: Claim): PartyId | undefined {
  const item = task.item === undefined ? undefined : itemOf(claim, task.item);
  if (item) return payeeOf(item);
  return task.id.includes(':') ? afterColon(task.id) : claimant(claim)?.id;
}

const afterColon = (id: string): string => id.slice(id.indexOf(':') + 1);

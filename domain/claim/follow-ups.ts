import type { StaffCode } from '../people/people.ts';

/** How a follow-up was handled. */
export const followUpOutcomes = ['called', 'written', 'looked-at'] as const;
export type FollowUpOutcome = (typeof followUpOutcomes)[number];

/** A follow-up that proposes to reopen the claim: supervisors have it on their lists. */
const lateDocument = ', which came after closing';
const afterAppeal = ' after an appeal';
export const lateDocumentTask = (document: string): string => `look at ${document}${lateDocument}`;
export const appealTask = (item: string): string => `reopen ${item}${afterAppeal}`;
export const proposalEndings: readonly string[] = [lateDocument, afterAppeal];

/** The item whose reopening a follow-up proposes; undefined where it names none. */
export const proposedItem = (what: string): string | undefined =>
  /^reopen (\S+) after an appeal$/.exec(what)?.[1];

/** What follow-ups say, where `*` is anything: each language has a word for it. */
export const followUpTasks = [
  'tell * did not arrive',
  'answer *, who has written',
  'answer *: a text from an unknown telephone',
  'answer *: a text from an unknown telephone, which names this claim',
  'look at *, which came after closing',
  'reopen * after an appeal',
  'look at mail that came back about *',
  'correct the mailbox of *: mail about work comes back',
  'look at why * broke the glass',
  'compare with *',
  'nobody has looked at this claim since *',
] as const;
export type FollowUpTask = (typeof followUpTasks)[number];

/** The roles that follow-ups go to. */
export const followUpRoles = ['operations', 'supervisor'] as const;
export type FollowUpRole = (typeof followUpRoles)[number];

/** Which of the tasks these words are; undefined for words that no task has. */
export const followUpTaskOf = (what: string): FollowUpTask | undefined =>
  followUpTasks.findLast((task) => {
    const [before = '', after = ''] = task.split('*');
    return what.startsWith(before) && what.endsWith(after);
  });

/** A broken glass is one follow-up of a person and a claim while it is open. */
const glassPrefix = 'glass-';
export const glassId = (by: StaffCode): string => `${glassPrefix}${by}`;
export const whoBroke = (id: string): StaffCode | undefined =>
  id.startsWith(glassPrefix) ? id.slice(glassPrefix.length) : undefined;

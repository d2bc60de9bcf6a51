import type { Problem } from './claim.ts';

/**
 * The parts whose faults block a claim: the name that operations give to `retry`, and the text that
 * `ClaimProblem` and the claim's page show. A problem's id is the name with the blocked place: `bank:item-1`.
 */
export const brokenParts = {
  records: 'the records cannot be reached',
  bank: 'the bank does not take payments',
  gate: 'the payment gate holds a payment',
  sms: 'the SMS provider takes no messages',
  email: 'the mail server takes no messages',
  rules: 'a worker cannot read the rules',
  keys: 'a worker lacks an encryption key: put it back',
  journal: 'the journal differs from the claim',
  step: 'a step fails on the workers: see their logs',
  nobody: 'nobody may',
} as const;

export type BrokenPart = keyof typeof brokenParts;

export const problemId = (broken: BrokenPart, place: string): string => `${broken}:${place}`;

/** A task that nobody may take, as a problem for operations. */
export interface Untaken {
  problem: string;
  /** `nobody may review item-1 (CNY 1500000.00) in longkou`. */
  what: string;
  /** Absent where the claim lacks a handler, whatever it waits for. */
  expectation?: string;
}

/** Nothing is broken, but nobody of the staff may take a task. The claim proceeds beside it. */
export const isAboutStaff = ({ id }: Pick<Problem, 'id'>): boolean => isAskedFor({ id }, 'nobody');

/** `ofRules` is the unreadable part of the rules, such as `ladders/motor@1`, where it is known. */
export const problemInWords = (broken: BrokenPart, ofRules?: string): string =>
  broken === 'rules' && ofRules ? `${brokenParts.rules} ${ofRules}` : brokenParts[broken];

/** Does the problem match: by its id, by its broken part, or because none was named? */
export const isAskedFor = ({ id }: Pick<Problem, 'id'>, asked: string | undefined): boolean =>
  asked === undefined || id === asked || id.startsWith(`${asked}:`);

/** The broken parts that `ClaimProblem` names; none for problems that need a look at each claim. */
export const brokenPartsIn = (words: string): BrokenPart[] =>
  partNames.filter((part) => words.split('; ').some((each) => each.startsWith(brokenParts[part])));

/** The names for `retry`, in the order in which operations would check the parts. */
export const partNames: readonly BrokenPart[] = [
  'records',
  'bank',
  'gate',
  'sms',
  'email',
  'rules',
  'keys',
  'journal',
  'step',
  'nobody',
];

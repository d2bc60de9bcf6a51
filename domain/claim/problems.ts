import type { Problem } from './claim.ts';

/**
 * What may be broken so that a claim stands still until it is alreadyResumed: the name by which operations retry it,
 * and the words that
 * `ClaimProblem` and the claim's page show. A problem's id is the name and the place where the claim stands:
 * `bank:item-1`.
 */
export const brokenParts = {
  records: 'the records cannot be reached',
  bank: 'the bank does not take payments',
  sms: 'the SMS provider takes no messages',
  email: 'the mail server takes no messages',
  rules: 'a worker cannot read the rules',
  keys: 'a worker lacks an encryption key: put it back',
  journal: 'the journal differs from the claim',
  step: 'a step fails on the workers; their logs say why',
} as const;

export type BrokenPart = keyof typeof brokenParts;

export const problemId = (broken: BrokenPart, place: string): string => `${broken}:${place}`;

/** `ofRules` is the part of the rules that cannot be read, such as `ladders/motor@1`, where that is known. */
export const problemInWords = (broken: BrokenPart, ofRules?: string): string =>
  broken === 'rules' && ofRules ? `${brokenParts.rules} ${ofRules}` : brokenParts[broken];

/** Is this what was asked for: a problem's id, or the part that is broken, or any? */
export const isAskedFor = ({ id }: Pick<Problem, 'id'>, asked: string | undefined): boolean =>
  asked === undefined || id === asked || id.startsWith(`${asked}:`);

/**
 * The parts that are broken by what `ClaimProblem` says; none for what has to be looked into claim by claim.
 */
export const brokenPartsIn = (words: string): BrokenPart[] =>
  partNames.filter((part) => words.split('; ').some((each) => each.startsWith(brokenParts[part])));

/** What operations retry by, in the order in which they would look. */
export const partNames: readonly BrokenPart[] = [
  'records',
  'bank',
  'sms',
  'email',
  'rules',
  'keys',
  'journal',
  'step',
];

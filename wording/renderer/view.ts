import type { Words } from './words.ts';

/**
 * Everything that a template may mention, in words. A value that the message lacks is undefined, and
 * templates do not print it.
 */
export interface View {
  brand: Words['brand'];
  claim: { number: string; tail: string };
  recipient: { name?: string };
  /** The handler, or the hotline. */
  contact: { phone: string; name?: string };
  date?: string;
  item?: string;
  amount?: string;
  /**
   * How the amount was worked out: the claimed amount, and each cut with its rule or the assessor's reason.
   */
  claimed?: string;
  cuts?: { rule: string; amount: string }[];
  /** All that is payable, where a part was paid before this second look. */
  total?: string;
  paidBefore?: string;
  nothingPayable: boolean;
  /** It was decided before. */
  isSecondLook: boolean;
  /** The last day to have the decision looked at again. */
  appealBy?: string;
  /** It replaces an earlier message. */
  isRevised: boolean;
  /** The payment goes to somebody else than the reader. */
  isToAnother: boolean;
  /**
   * The law of the claim's jurisdiction: where to complain, which article allows us to request papers, until
   * when one may sue, how to opt out of texts.
   */
  law: { complaints?: string; request?: string; limitation?: string; optOut?: string };
  documents?: DocumentView[];
  /** Documents that are still missing when others have come. */
  missing?: DocumentView[];
  receipt?: { number: string; date: string };
  /** Some of the documents are papers; an account is given by telephone. */
  anythingToSend: boolean;
  expected?: { survey?: string; decision: string; payment: string };
  /** Each expectation: its content, who owes it, and the day since when. */
  waiting?: { what: string; from: string; isReader: boolean; since: string }[];
  /** The day of our next step. */
  next?: string;
  reasons?: string[];
  clause?: string;
  /** What the policy says: the number of each clause and its words, in the language of the policy. */
  quotes?: { number: string; words: string }[];
  /** The reader may have got the same message before. */
  isRepeat: boolean;
  /** A code by which templates choose their text. */
  outcome?: string;
  /** The last day of the handler's absence. */
  awayUntil?: string;
}

export interface DocumentView {
  name: string;
  guidance: string;
  /** The shortest guidance. */
  hint?: string;
  substitutes?: string[];
  /** The first day on which the document can exist. */
  notBefore?: string;
  reasons?: string[];
}

/**
 * All names of the view, for the check of templates. `true` is a value; names below a name are written with a
 * point.
 */
export const names: Names<View> = {
  brand: { name: true, hotline: true, email: true },
  claim: { number: true, tail: true },
  recipient: { name: true },
  contact: { phone: true, name: true },
  date: true,
  item: true,
  amount: true,
  claimed: true,
  cuts: { size: true, rule: true, amount: true },
  total: true,
  paidBefore: true,
  nothingPayable: true,
  isSecondLook: true,
  appealBy: true,
  isRevised: true,
  isToAnother: true,
  law: { complaints: true, request: true, limitation: true, optOut: true },
  documents: {
    size: true,
    name: true,
    guidance: true,
    hint: true,
    substitutes: { size: true },
    notBefore: true,
    reasons: { size: true },
  },
  missing: {
    size: true,
    name: true,
    guidance: true,
    hint: true,
    substitutes: { size: true },
    notBefore: true,
    reasons: { size: true },
  },
  receipt: { number: true, date: true },
  anythingToSend: true,
  expected: { survey: true, decision: true, payment: true },
  waiting: { size: true, what: true, from: true, isReader: true, since: true },
  next: true,
  reasons: { size: true },
  clause: true,
  quotes: { size: true, number: true, words: true },
  isRepeat: true,
  outcome: true,
  awayUntil: true,
};

/** Everything that the mail about work may mention. */
export interface WorkView {
  brand: Words['brand'];
  recipient: { name: string; code: string };
  /** What the reader types to see their list. */
  command: string;
  /** The named tasks, by claim. */
  claims: { number: string; tasks: { what: string; since: string; isLate: boolean }[] }[];
  fresh: number;
  late: number;
  /** Fresh tasks that are not named. */
  unnamed: number;
  total: number;
  isLastToday: boolean;
}

export const workNames: Names<WorkView> = {
  brand: { name: true, hotline: true, email: true },
  recipient: { name: true, code: true },
  command: true,
  claims: { size: true, number: true, tasks: { size: true, what: true, since: true, isLate: true } },
  fresh: true,
  late: true,
  unnamed: true,
  total: true,
  isLastToday: true,
};

/** For a list: the names of each entry, and `size`. */
type Names<T> = { [K in keyof T]-?: NamesOf<NonNullable<T[K]>> };
type NamesOf<T> = T extends string | number | boolean
  ? true
  : T extends string[]
    ? { size: true }
    : T extends (infer Entry)[]
      ? Names<Entry> & { size: true }
      : Names<T>;

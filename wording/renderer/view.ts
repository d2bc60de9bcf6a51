import type { NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Message } from './message.ts';
import { formatsFor, type Formats } from './formats.ts';
import { placed, wordFor, wordIfAny, type Words } from './words.ts';
import { present } from '../../domain/present.ts';

/**
 * Everything that a template may mention, in words. What a message has nothing of is undefined, which
 * templates do not print.
 */
export interface View {
  brand: Words['brand'];
  claim: { number: string; tail: string };
  recipient: { name?: string };
  /** Whom to ask. */
  contact: { phone: string; name?: string };
  date?: string;
  item?: string;
  amount?: string;
  /** How the amount comes about: what was claimed, and each cut with its rule, or the assessor's reason. */
  claimed?: string;
  cuts?: { rule: string; amount: string }[];
  nothingPayable: boolean;
  /** It replaces what may have been told before. */
  isRevised: boolean;
  /** The payment is not the reader's. */
  isToAnother: boolean;
  /**
   * What the law of the claim's place says: where to complain, by which article papers are asked for, until
   * when one may sue.
   */
  law: { complaints?: string; request?: string; limitation?: string };
  documents?: DocumentView[];
  /** What is still owed when something else has come. */
  missing?: DocumentView[];
  receipt?: { number: string; date: string };
  /** Some of the documents are of paper; an account is told on the telephone. */
  anythingToSend: boolean;
  expected?: { survey?: string; decision: string; payment: string };
  stalled?: { what: string; from: string; since: string };
  /** What is waited for: the thing, from whom, since which day. */
  waiting?: { what: string; from: string; isReader: boolean; since: string }[];
  /** The day on which we follow it up again. */
  next?: string;
  reasons?: string[];
  clause?: string;
  /** It may have been said before. */
  isRepeat: boolean;
  /** A code, for templates to choose by. */
  outcome?: string;
}

interface DocumentView {
  name: string;
  guidance: string;
  /** The shortest guidance. */
  hint?: string;
  substitutes?: string[];
  /** The day from which it exists. */
  notBefore?: string;
  reasons?: string[];
}

/**
 * The names of all that, for whoever checks templates: `true` is a value, and what has names below it is
 * written with a point.
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
  nothingPayable: true,
  isRevised: true,
  isToAnother: true,
  law: { complaints: true, request: true, limitation: true },
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
  stalled: { what: true, from: true, since: true },
  waiting: { size: true, what: true, from: true, isReader: true, since: true },
  next: true,
  reasons: { size: true },
  clause: true,
  isRepeat: true,
  outcome: true,
};

/** Of a list, the names of each entry, and how many there are. */
type Names<T> = { [K in keyof T]-?: NamesOf<NonNullable<T[K]>> };
type NamesOf<T> = T extends string | boolean
  ? true
  : T extends string[]
    ? { size: true }
    : T extends (infer Entry)[]
      ? Names<Entry> & { size: true }
      : Names<T>;

export function viewOf(message: Message, { tag, words }: { tag: string; words: Words }): View {
  const { facts, claim, recipient, handler, at } = message;
  const place = placeOf(claim.jurisdiction, words);
  const formats = formatsFor({ ...message, currency: claim.currency }, tag);
  return {
    brand: { ...words.brand, hotline: place.hotline ?? words.brand.hotline },
    claim: { number: claim.number, tail: claim.number.slice(-5) },
    recipient: { name: recipient.name },
    contact: { phone: handler?.phone ?? place.hotline ?? words.brand.hotline, name: handler?.name },
    date: at && formats.day(at),
    item: facts.item && objectOf(facts.item, claim, words),
    amount: facts.amountMinor === undefined ? undefined : formats.money(facts.amountMinor),
    claimed: facts.account && formats.money(facts.account.claimedMinor),
    cuts: facts.account?.cuts.map(({ rule, reason, minor }) => ({
      rule: reason ? wordFor(words.cutReasons, reason, 'cutReasons') : wordFor(words.cuts, rule, 'cuts'),
      amount: formats.money(-minor),
    })),
    nothingPayable: facts.amountMinor === 0,
    isRevised: facts.isRevised === true,
    isToAnother: facts.isToAnother === true,
    law: {
      complaints: place.complaints,
      request: place.request,
      limitation: facts.isInsured && place.limitation,
    },
    documents: facts.documents?.map((document) => documentOf(document, message, words, formats)),
    missing: facts.missing?.map((document) => documentOf(document, message, words, formats)),
    receipt: facts.receipt && { number: facts.receipt.number, date: formats.day(facts.receipt.at) },
    anythingToSend: facts.documents?.some(({ kind }) => !words.documents[kind]?.byTelephone) ?? false,
    expected: facts.expected && {
      ...present({
        survey: facts.expected.survey === undefined ? undefined : formats.day(facts.expected.survey),
      }),
      decision: formats.day(facts.expected.decision),
      payment: formats.day(facts.expected.payment),
    },
    stalled: facts.stalled && {
      what: taskOf(facts.stalled.what, words),
      from: wordFor(words.parties, facts.stalled.from, 'parties'),
      since: formats.moment(facts.stalled.since),
    },
    waiting: facts.waiting?.map(({ what, from, since }) => ({
      what: taskOf(what, words),
      from: wordFor(words.parties, from, 'parties'),
      isReader: from === 'customer',
      since: formats.day(since),
    })),
    next: facts.nextAt && formats.day(facts.nextAt),
    reasons: reasonsOf(facts.reason, message, words),
    clause: facts.clause && wordFor(words.clauses, facts.clause, 'clauses'),
    isRepeat: facts.isRepeat === true,
    outcome: facts.outcome,
  };
}

/** A language that lacks the words of the place cites none of its law. */
const placeOf = (jurisdiction: string, { places }: Words): Partial<Words['places'][string]> =>
  places[jurisdiction] ?? {};

type Owed = NonNullable<NotificationFacts['documents']>[number];

function documentOf(
  { kind, item, notBefore, reason }: Owed,
  message: Message,
  words: Words,
  { day }: Formats,
): DocumentView {
  const { name, guidance, hint, substitutes } = wordFor(words.documents, kind, 'documents');
  return {
    name:
      item && message.claim.items.length > 1
        ? placed(words.patterns.documentOfObject, {
            document: name,
            object: objectOf(item, message.claim, words),
          })
        : name,
    guidance,
    hint,
    substitutes: substitutes?.map((each) => wordFor(words.documents, each, 'documents').name),
    notBefore: notBefore && day(notBefore),
    reasons: reasonsOf(reason, message, words),
  };
}

/** The object's word; with a number where the claim has several of the kind, in the order of the notice. */
function objectOf(id: string, { items }: Message['claim'], { objects, patterns }: Words): string {
  const item = items.find((each) => each.id === id);
  if (!item) throw new Error(`The claim has no item "${id}" to tell about.`);
  const word = wordFor(objects, item.object, 'objects');
  const alike = items.filter(({ object }) => object === item.object);
  return alike.length === 1
    ? word
    : placed(patterns.objectNumber, { object: word, number: String(alike.indexOf(item) + 1) });
}

/**
 * Codes in words; what staff typed stays as it is. It may name anybody or hold a link, so an SMS leaves it
 * out (effects.md §2).
 * Several come joined by `, `, which may also stand in what was typed.
 */
function reasonsOf(
  reason: string | undefined,
  { channel }: Message,
  { reasons }: Words,
): string[] | undefined {
  if (!reason) return undefined;
  const said = reason.split(', ').map((text) => ({ text, word: wordIfAny(reasons, text) }));
  const known = said.flatMap(({ word }) => word ?? []);
  const typed = said.flatMap(({ text, word }) => (word === undefined ? text : [])).join(', ');
  if (channel !== 'sms') return typed ? [...known, typed] : known;
  return known.length > 0 ? known : undefined;
}

/** What staff wait for: a document, somebody to call, a task, or a problem that is in words already. */
const taskOf = (what: string, words: Words): string =>
  words.documents[what]?.name ??
  wordIfAny(words.parties, what) ??
  wordIfAny(words.tasks, what, (rest) => taskOf(rest, words)) ??
  what;

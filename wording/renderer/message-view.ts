import type { NotificationFacts } from '../../domain/messages/notifications.ts';
import { present } from '../../domain/present.ts';
import { houseWordings, quotesFrom, type Quote } from '../../config/rules/wordings.ts';
import { formatsFor, type Formats } from './formats.ts';
import type { Message, WorkMessage } from './message.ts';
import type { DocumentView, View, WorkView } from './view.ts';
import { placed, wordFor, wordIfAny, type Words } from './words.ts';

/** The view of one message in one language. Throws when the words have no word for a code, naming both. */
export function viewOf(message: Message, { tag, words }: { tag: string; words: Words }): View {
  const { facts, claim, recipient, handler, at } = message;
  const place = placeWords(claim.jurisdiction, words);
  const hotline = place.hotline ?? words.brand.hotline;
  const formats = formatsFor({ ...message, currency: claim.currency }, tag);
  const documents = (list: NotificationFacts['documents']) =>
    list?.map((document) => documentOf(document, message, words, formats));
  return {
    brand: { ...words.brand, hotline },
    claim: { number: claim.number, tail: claim.number.slice(-5) },
    recipient: { name: recipient.name },
    contact: { phone: handler?.phone ?? hotline, name: handler?.name },
    date: at && formats.day(at),
    item: facts.item && objectOf(facts.item, claim, words),
    ...moneyOf(facts, words, formats),
    isRevised: facts.isRevised === true,
    isSecondLook: facts.isSecondLook === true,
    appealBy: facts.appealBy && formats.day(facts.appealBy),
    isToAnother: facts.isToAnother === true,
    law: {
      complaints: place.complaints,
      request: place.request,
      limitation: facts.isInsured && place.limitation,
      optOut: place.optOut,
    },
    documents: documents(facts.documents),
    missing: documents(facts.missing),
    receipt: facts.receipt && { number: facts.receipt.number, date: formats.day(facts.receipt.at) },
    anythingToSend: facts.documents?.some(({ kind }) => !words.documents[kind]?.byTelephone) ?? false,
    ...timesOf(facts, words, formats),
    reasons: reasonsOf(facts.reason, words),
    clause: facts.clause && wordFor(words.clauses, facts.clause, 'clauses'),
    quotes: quotesOf(message),
    isRepeat: facts.isRepeat === true,
    outcome: facts.outcome,
    awayUntil: facts.awayUntil && formats.day(`${facts.awayUntil}T12:00:00.000Z`),
  };
}

/** What a refusal quotes of the policy: its special term and its wording; undefined: nothing. */
function quotesOf({ facts, termWords }: Message): Quote[] | undefined {
  const { clause, reason = '', wording, term } = facts;
  if (clause === undefined) return undefined;
  const ofWording = quotesFrom(wording === undefined ? undefined : houseWordings.wording(wording), {
    clause,
    reasons: reason.split(', '),
  });
  const quotes =
    term && termWords !== undefined ? [{ number: term.number, words: termWords }, ...ofWording] : ofWording;
  return quotes.length > 0 ? quotes : undefined;
}

/** The view of the mail about work. */
export function workViewOf(message: WorkMessage, { tag, words }: { tag: string; words: Words }): WorkView {
  const { recipient, claims, fresh, late, total, isLastToday } = message;
  const formats = formatsFor({ ...message, currency: anyCurrency }, tag);
  const named = claims.reduce((sum, { tasks }) => sum + tasks.length, 0);
  return {
    brand: words.brand,
    recipient,
    command: 'bin/lipei work',
    claims: claims.map(({ claim, tasks }) => ({
      number: claim,
      tasks: tasks.map(({ what, since, rung }) => ({
        what: taskOf(what, words),
        since: formats.moment(since),
        isLate: rung > 0,
      })),
    })),
    fresh,
    late,
    unnamed: fresh - named,
    total,
    isLastToday,
  };
}

/** The mail about work names no amount. */
const anyCurrency = 'CNY';

function moneyOf(
  { amountMinor, account, paidBeforeMinor }: NotificationFacts,
  words: Words,
  formats: Formats,
) {
  return {
    amount: amountMinor === undefined ? undefined : formats.money(amountMinor),
    paidBefore: paidBeforeMinor === undefined ? undefined : formats.money(paidBeforeMinor),
    total: account && formats.money(payableIn(account)),
    claimed: account && formats.money(account.claimedMinor),
    cuts: account?.cuts.map(({ rule, reason, minor }) => ({
      rule: reason ? wordFor(words.cutReasons, reason, 'cutReasons') : wordFor(words.cuts, rule, 'cuts'),
      amount: formats.money(-minor),
    })),
    nothingPayable: amountMinor === 0,
  };
}

/** What the account comes to, in minor units. */
const payableIn = ({ claimedMinor, cuts }: NonNullable<NotificationFacts['account']>): number =>
  claimedMinor - cuts.reduce((sum, { minor }) => sum + minor, 0);

function timesOf({ expected, waiting, nextAt }: NotificationFacts, words: Words, formats: Formats) {
  return {
    expected: expected && {
      ...present({ survey: expected.survey === undefined ? undefined : formats.day(expected.survey) }),
      decision: formats.day(expected.decision),
      payment: formats.day(expected.payment),
    },
    waiting: waiting?.map(({ what, from, since }) => ({
      what: taskOf(what, words),
      from: wordFor(words.parties, from, 'parties'),
      isReader: from === 'customer',
      since: formats.day(since),
    })),
    next: nextAt && formats.day(nextAt),
  };
}

/** A language without the words of a jurisdiction cites none of its law. */
const placeWords = (jurisdiction: string, { places }: Words): Partial<Words['places'][string]> =>
  places[jurisdiction] ?? {};

type MissingDocument = NonNullable<NotificationFacts['documents']>[number];

function documentOf(
  { kind, item, notBefore, reason }: MissingDocument,
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
    reasons: reasonsOf(reason, words),
  };
}

/** The object's word. It has a number when the claim has several of the kind, in the order of the notice. */
function objectOf(id: string, { items }: Message['claim'], { objects, patterns }: Words): string {
  const item = items.find((each) => each.id === id);
  if (!item) throw new Error(`The claim has no item "${id}".`);
  const word = wordFor(objects, item.object, 'objects');
  const alike = items.filter(({ object }) => object === item.object);
  return alike.length === 1
    ? word
    : placed(patterns.objectNumber, { object: word, number: String(alike.indexOf(item) + 1) });
}

/** The words for the codes that the list knows, which are joined by `, `. The reader gets no other code. */
function reasonsOf(reason: string | undefined, { reasons, causes }: Words): string[] | undefined {
  const cause = (code: string): string => wordIfAny(causes, code) ?? code;
  const known = reason?.split(', ').flatMap((code) => wordIfAny(reasons, code, cause) ?? []) ?? [];
  return known.length > 0 ? known : undefined;
}

/** An expectation of staff in words: a document, a call, a task, or a problem that has words already. */
const taskOf = (what: string, words: Words): string =>
  words.documents[what]?.name ??
  wordIfAny(words.parties, what) ??
  wordIfAny(words.tasks, what, (rest) => taskOf(rest, words)) ??
  what;

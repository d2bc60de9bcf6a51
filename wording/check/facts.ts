import { unless } from '../renderer/mistakes.ts';
import { engineFor, parsed } from '../renderer/languages.ts';
import {
  notificationChannels,
  notificationKinds,
  type NotificationFacts,
  type NotificationKind,
} from '../../domain/messages/notifications.ts';
import type { LanguageFiles, Mistake, Templates } from './mistake.ts';
import { otherFacts, sampleFacts } from '../preview/sample-facts.ts';

/** The names in the view where a fact appears. */
const places: Record<keyof NotificationFacts, string[]> = {
  item: ['item'],
  amountMinor: ['amount'],
  account: ['claimed', 'cut.rule', 'cut.amount'],
  documents: ['documents', 'document.name'],
  missing: ['missing', 'document.name'],
  receipt: ['receipt.number', 'receipt.date'],
  expected: ['expected.survey', 'expected.decision', 'expected.payment'],
  waiting: ['waiting', 'each.what', 'each.from', 'each.since'],
  nextAt: ['next'],
  reason: ['reasons'],
  clause: ['clause'],
  wording: ['quotes', 'quote.number', 'quote.words'],
  term: ['quotes', 'quote.number', 'quote.words'],
  outcome: ['outcome'],
  awayUntil: ['awayUntil'],
  isRevised: ['isRevised'],
  isSecondLook: ['isSecondLook'],
  paidBeforeMinor: ['paidBefore'],
  appealBy: ['appealBy'],
  isToAnother: ['isToAnother'],
  isInsured: ['law.limitation'],
  // The text around a message mentions it.
  isRepeat: [],
};

/** Facts of a claim that no channel of a message mentions: the recipient would have to ask. */
export const missingFacts = ({ languages }: Templates): Mistake[] =>
  languages.flatMap((language) => notificationKinds.flatMap((kind) => unmentioned(language, kind)));

function unmentioned(language: LanguageFiles, kind: NotificationKind): Mistake[] {
  const files = notificationChannels
    .map((channel) => `${kind}.${channel}.liquid`)
    .filter((file) => language.files.includes(file));
  const last = files.at(-1);
  const mentioned = files.map((file) => valuesIn(language, file));
  // A file that cannot be read is reported already, and might mention the fact.
  if (last === undefined || mentioned.includes(undefined)) return [];
  const missing = placesOf(kind).filter((place) => !mentioned.some((values) => values?.includes(place)));
  return missing.map((place) => ({
    file: `${language.tag}/${last}`,
    what:
      `"${place}" is known, but in none of this message’s channels: ` +
      `add it to one of ${files.join(', ')}`,
  }));
}

const placesOf = (kind: NotificationKind): string[] => [
  ...new Set(
    [sampleFacts[kind], ...(otherFacts[kind] ?? [])].flatMap((facts) =>
      Object.keys(facts)
        .filter(isFact)
        .flatMap((fact) => places[fact]),
    ),
  ),
];

const isFact = (name: string): name is keyof NotificationFacts => Object.hasOwn(places, name);

function valuesIn({ tag, folder }: LanguageFiles, file: string): string[] | undefined {
  const engine = engineFor(folder, tag);
  return unless(
    () => undefined,
    () => engine.fullVariablesSync(parsed(engine, folder, tag, file)),
  );
}

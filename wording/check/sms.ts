import { dearCharacters, segmentsOf } from '../renderer/segments.ts';
import { sampleTail } from '../preview/sample-messages.ts';

export interface SmsRules {
  isEnglish: boolean;
  /** From its front matter. */
  budget: number | undefined;
  /** The template's own text. */
  source: string;
}

/** What is wrong about an SMS that networks would take: what it costs, and by what it names the claim. */
export const smsMistakes = (texts: string[], { isEnglish, budget, source }: SmsRules): string[] => [
  ...overBudget(texts, budget),
  ...(isEnglish ? texts.flatMap((text) => dear(text, source)) : []),
  ...texts.flatMap(unnamed),
];

function overBudget(texts: string[], budget = Infinity): string[] {
  const longest =
    texts.toSorted(
      (one, other) => segmentsOf(other).count - segmentsOf(one).count || other.length - one.length,
    )[0] ?? '';
  const { count, encoding } = segmentsOf(longest);
  return count <= budget
    ? []
    : [
        `goes as ${count} segments of ${encoding} at its longest (${[...longest].length} characters), but its front matter allows ${budget}: shorten it, or raise "segments"`,
      ];
}

/** What is typed instead, for the same to read. */
const plain: Record<string, string> = {
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '–': '-',
  '—': '-',
  '…': '...',
  '•': '-',
  '\u00A0': 'a space',
  '\u202F': 'a space',
};

/** One such character more than doubles the price; English can do without them. */
const dear = (text: string, source: string): string[] =>
  dearCharacters(text).map(
    (character) =>
      `"${character}" makes the whole SMS one of UCS-2, which costs twice as much: write ${plain[character] ?? 'plain letters'} instead${source.includes(character) ? '' : ' (it comes from words.json or a part)'}`,
  );

/**
 * The tail is the short reference that people read out on the telephone; it stands at the end, where it is
 * found.
 */
const unnamed = (text: string): string[] =>
  new RegExp(`${sampleTail}\\W*$`).test(text)
    ? []
    : ['must end in the short reference: {{ claim.tail }} and a full stop'];

import { dearCharacters, segmentsOf } from '../renderer/segments.ts';
import { sampleTail } from '../preview/sample-messages.ts';

export interface SmsRules {
  isEnglish: boolean;
  /** From its front matter. */
  budget: number | undefined;
  /** The template's own text. */
  source: string;
}

/** Mistakes in an SMS that networks would take: its cost, and how it names the claim. */
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
        `has ${count} segments of ${encoding} at its longest (${[...longest].length} characters), ` +
          `but its front matter allows ${budget}: shorten it, or raise "segments"`,
      ];
}

/** Plain characters that read the same. */
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

/** One such character more than doubles the price, and English does not need it. */
const dear = (text: string, source: string): string[] =>
  dearCharacters(text).map((character) => {
    const instead = plain[character] ?? 'plain letters';
    const origin = source.includes(character) ? '' : ' (it comes from words.json or a part)';
    return (
      `"${character}" makes the whole SMS one of UCS-2, which costs twice as much: ` +
      `write ${instead} instead${origin}`
    );
  });

/** The tail is the short reference that people read aloud on the telephone. At the end it is easy to find. */
const unnamed = (text: string): string[] =>
  new RegExp(`${sampleTail}\\W*$`).test(text)
    ? []
    : ['must end in the short reference: {{ claim.tail }} and a full stop'];

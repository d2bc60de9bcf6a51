import type { Command, Option } from 'commander';

/**
 * Moves all options behind all commands and arguments, where commander finds them. A word after `--` is never
 * an option, and neither is a text that begins with a dash.
 */
export function optionsLast(words: readonly string[], program: Command): string[] {
  const { before, after } = parted(words);
  const takesValue = optionsOf(program);
  const commandsAndArguments: string[] = [];
  const options: string[] = [];
  for (let index = 0; index < before.length; index += 1) {
    const word = before[index] ?? '';
    if (!looksLikeOption(word)) commandsAndArguments.push(word);
    else if (takesValue.get(word) && index + 1 < before.length)
      options.push(word, before[(index += 1)] ?? '');
    else options.push(word);
  }
  const text = commandsAndArguments.findIndex(isFreeText);
  return text < 0
    ? [...commandsAndArguments, ...options, ...after]
    : [
        ...commandsAndArguments.slice(0, text),
        ...options,
        '--',
        ...commandsAndArguments.slice(text),
        ...after.slice(1),
      ];
}

/** Read before the rest is parsed, because a mistake in the rest must be JSON too. */
export const wantsJson = (words: readonly string[]): boolean => parted(words).before.includes('--json');

function parted(words: readonly string[]): { before: readonly string[]; after: readonly string[] } {
  const end = words.indexOf('--');
  return end < 0 ? { before: words, after: [] } : { before: words.slice(0, end), after: words.slice(end) };
}

/** A dash alone is standard input, and a negative number is a number. */
const looksLikeOption = (word: string): boolean => /^-[^\d]/.test(word) && !isFreeText(word);

/** `- left door dented`, which commander would take for an option; only behind `=` may one have a blank. */
const isFreeText = (word: string): boolean => /^-[^=]*[\s\P{ASCII}]/u.test(word);

/**
 * For every option of every command, whether a value follows it. An option means the same in all commands.
 */
function optionsOf(command: Command): Map<string, boolean> {
  const own = command.options.flatMap((option) =>
    names(option).map((name): [string, boolean] => [name, option.required]),
  );
  return new Map([...own, ...command.commands.flatMap((sub) => [...optionsOf(sub)])]);
}

const names = ({ short, long }: Option): string[] => [short, long].filter((name) => name !== undefined);

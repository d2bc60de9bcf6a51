/** Prints a line for each event: seconds since the start, the story, a sentence. */
export interface Narration {
  say(story: string, sentence: string): void;
}

const storyWidth = 24;

export function startNarration(): Narration {
  const start = Date.now();
  return {
    say(story, sentence) {
      const seconds = ((Date.now() - start) / 1_000).toFixed(1).padStart(5);
      process.stdout.write(`${seconds} s  ${story.padEnd(storyWidth)}${sentence}\n`);
    },
  };
}

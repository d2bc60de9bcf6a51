/** Handles a mistake in a file. When it returns, the other files are read. */
export type OnMistake = (mistake: unknown) => void;

export const stop: OnMistake = (mistake) => {
  throw mistake;
};

/** The result, or undefined after a mistake. */
export function unless<T>(onMistake: OnMistake, act: () => T): T | undefined {
  try {
    return act();
  } catch (mistake) {
    onMistake(mistake);
    return undefined;
  }
}

/** What becomes of a file that is wrong; when this returns, reading goes on with the others. */
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

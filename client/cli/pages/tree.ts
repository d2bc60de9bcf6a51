/** Something with a place in a hierarchy. */
interface InTree {
  code: string;
  above?: string | undefined;
}

/**
 * In the order of a tree, each beneath the one above it, with its depth from 0 on. What is above the first of
 * them, or in a circle, does not count.
 */
export function inTree<Each extends InTree>(all: readonly Each[]): { depth: number; each: Each }[] {
  const codes = new Set(all.map(({ code }) => code));
  const seen = new Set<string>();
  const branch = (each: Each, depth: number): { depth: number; each: Each }[] => {
    if (seen.has(each.code)) return [];
    seen.add(each.code);
    const beneath = all.filter(({ above }) => above === each.code);
    return [{ depth, each }, ...beneath.flatMap((one) => branch(one, depth + 1))];
  };
  const tops = all.filter(({ above }) => above === undefined || !codes.has(above));
  return [...tops, ...all].flatMap((each) => branch(each, 0));
}

export const indented = (depth: number, text: string): string => `${'  '.repeat(depth)}${text}`;

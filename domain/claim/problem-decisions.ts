import type { Problem } from './claim.ts';
import type { ProcessCommand } from './commands.ts';
import { add, type Draft } from './draft.ts';

/** One fault at one place is one problem, however many effects it blocks. */
export function raiseProblem(
  draft: Draft,
  { problem, what }: Extract<ProcessCommand, { kind: 'raise-problem' }>,
): void {
  if (!draft.claim.problems.some(({ id }) => id === problem))
    add(draft, { kind: 'problem-raised', problem, what });
}

/** Gives the number of solved problems. */
export function solveProblems(draft: Draft, isMeant: (problem: Problem) => boolean): number {
  const solved = draft.claim.problems.filter(isMeant);
  for (const { id } of solved) add(draft, { kind: 'problem-solved', problem: id });
  return solved.length;
}

import type { Problem } from './claim.ts';
import type { ProcessCommand } from './commands.ts';
import { add, type Draft } from './draft.ts';
import { isAboutStaff } from './problems.ts';

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

/** The tasks that nobody may take, as just found out: new ones become problems, all others are solved. */
export function knowStaffing(
  draft: Draft,
  { nobody }: Extract<ProcessCommand, { kind: 'know-staffing' }>,
): void {
  solveProblems(draft, (open) => isAboutStaff(open) && !nobody.some(({ problem }) => problem === open.id));
  const open = nobody.filter(
    ({ expectation }) =>
      expectation === undefined || draft.claim.expectations.some(({ id }) => id === expectation),
  );
  for (const { problem, what } of open) raiseProblem(draft, { kind: 'raise-problem', problem, what });
}

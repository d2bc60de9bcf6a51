import type { ProblemDocument } from './schemas/problems.ts';

/** Why something was not done. Without an answer there is no status. */
export type Problem = Pick<ProblemDocument, 'title' | 'detail'> & Partial<ProblemDocument>;

/** The API denied the request, or could not be reached. The message is one sentence for people. */
export class ApiFailure extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ApiFailure';
    this.problem = problem;
  }
}

export const notDone = (detail: string): ApiFailure => new ApiFailure({ title: 'Not done', detail });

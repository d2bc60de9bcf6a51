/** A problem as RFC 9457 has it, as far as it is known. */
export interface Problem {
  title: string;
  detail: string;
  status?: number;
  reason?: string;
  field?: string;
}

/**
 * Why a command ends without having done what was asked: the sentence, and the exit code that scripts go by.
 */
export class Stop extends Error {
  readonly exitCode: 1 | 2;
  readonly problem: Problem;
  /** The command's JSON value is out already. */
  readonly answered: boolean;

  constructor(exitCode: 1 | 2, problem: Problem, answered = false) {
    super(problem.detail);
    this.exitCode = exitCode;
    this.problem = problem;
    this.answered = answered;
  }
}

/** The command line, or what was given to it, is wrong. */
export const misuse = (detail: string): Stop => new Stop(2, { title: 'Not understood', detail });

/** It was understood, and cannot be done. */
export const refusal = (detail: string): Stop => new Stop(1, { title: 'Not done', detail });

/** Whatever stands in the way is said in its own words: local starts and settings throw sentences. */
export const unexpected = (error: unknown): Stop =>
  refusal(error instanceof Error ? error.message : String(error));

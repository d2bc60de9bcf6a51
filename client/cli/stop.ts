import { ApiFailure, type Problem } from '../own-api/failure.ts';

/**
 * Why a command ends without having done what was asked: the sentence, and the exit code that scripts go by.
 */
export class Stop extends Error {
  readonly exitCode: 1 | 2;
  readonly problem: Problem;
  /** The command's JSON value is out already. */
  readonly answered: boolean;

  constructor(exitCode: 1 | 2, problem: Problem, answered = false) {
    super(wordsOf(problem));
    this.exitCode = exitCode;
    this.problem = problem;
    this.answered = answered;
  }
}

/** One sentence, or a line for each mistake under what they are mistakes of. */
function wordsOf({ detail, problems = [] }: Problem): string {
  if (problems.length < 2) return detail;
  const [heading = ''] = detail.split('. ');
  return [`${heading}:`, ...problems.map((each) => `- ${each.detail}`)].join('\n');
}

/** The command line, or what was given to it, is wrong. */
export const misuse = (detail: string): Stop => new Stop(2, { title: 'Not understood', detail });

/** It was understood, and cannot be done. */
export const notDone = (detail: string): Stop => new Stop(1, { title: 'Not done', detail });

/** What is malformed is a mistake of the one who wrote it; the rest is refused as things stand. */
const ofApi = ({ problem }: ApiFailure): Stop => new Stop(problem.status === 400 ? 2 : 1, problem);

/** What stands in the way is said in its own words: the API, local starts and settings throw sentences. */
export function asStop(error: unknown): Stop {
  if (error instanceof Stop) return error;
  if (error instanceof ApiFailure) return ofApi(error);
  return notDone(error instanceof Error ? error.message : String(error));
}

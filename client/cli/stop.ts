import { ApiFailure, type Problem } from '../own-api/failure.ts';

/** Ends a command that was not done: the sentence for people, and the exit code for scripts. */
export class Stop extends Error {
  readonly exitCode: 1 | 2;
  readonly problem: Problem;
  /** The command has already printed its JSON value. */
  readonly answered: boolean;

  constructor(exitCode: 1 | 2, problem: Problem, answered = false) {
    super(wordsOf(problem));
    this.exitCode = exitCode;
    this.problem = problem;
    this.answered = answered;
  }
}

/** One sentence, or a heading with a line for each mistake. */
function wordsOf({ detail, problems = [] }: Problem): string {
  if (problems.length < 2) return detail;
  const [heading = ''] = detail.split('. ');
  return [`${heading}:`, ...problems.map((each) => `- ${each.detail}`)].join('\n');
}

/** The command line or a given file is wrong: exit code 2. */
export const misuse = (detail: string): Stop => new Stop(2, { title: 'Not understood', detail });

/** The command is right, but cannot be done: exit code 1. */
export const notDone = (detail: string): Stop => new Stop(1, { title: 'Not done', detail });

/** A malformed request is the writer's mistake; anything else is a denial. */
const ofApi = ({ problem }: ApiFailure): Stop => new Stop(problem.status === 400 ? 2 : 1, problem);

/** Keeps the message of the fault: the API, local starts and settings throw sentences. */
export function asStop(error: unknown): Stop {
  if (error instanceof Stop) return error;
  if (error instanceof ApiFailure) return ofApi(error);
  return notDone(error instanceof Error ? error.message : String(error));
}

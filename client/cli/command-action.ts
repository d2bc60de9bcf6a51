import type { Command } from 'commander';
import { present } from '../../domain/present.ts';
import { apiAt, type Api } from '../own-api/api.ts';
import { connectionFor, type Globals } from './connection.ts';
import { namesFrom, noNames, type Named } from './staff-names.ts';
import { asStop, Stop } from './stop.ts';

/** What a command answers: a value for programs, and for people words. */
export interface CommandResult {
  value: unknown;
  text: string;
  /** What is left out, and how to see it: for people under the text, for programs on standard error. */
  leftOut?: string | undefined;
}

/** What a command works with. */
export interface Cli {
  api: Api;
  /** Says something to people before the answer is there; programs get their one value only. */
  say(text: string): void;
  /** Programs read: nothing but the answer is printed. */
  isQuiet: boolean;
  /** Puts names behind staff codes; for programs, and where nobody can be asked, codes stay as they are. */
  named(): Promise<Named>;
  /** The staff code of who acts. */
  me(): string;
}

/** Makes a command's action of what it does; the answer is printed for whom it is meant. */
export function commandAction<Given extends unknown[]>(
  act: (cli: Cli, ...given: Given) => Promise<CommandResult>,
) {
  return async function action(this: Command, ...given: Given): Promise<void> {
    const globals = this.optsWithGlobals<Globals>();
    const api = apiAt(() => connectionFor(globals));
    const isQuiet = globals.json === true;
    const say = (text: string): void => void (isQuiet || process.stdout.write(`${text}\n`));
    const named = (): Promise<Named> => (isQuiet ? Promise.resolve(noNames) : namesOf(api));
    const me = (): string => connectionFor(globals).code;
    const answer = await act({ api, say, isQuiet, named, me }, ...given).catch((fault: unknown) =>
      withNames(fault, named),
    );
    print(answer, globals);
  };
}

const namesOf = async (api: Api): Promise<Named> =>
  api
    .staff()
    .then(namesFrom)
    .catch(() => noNames);

/** What the API refuses it says with codes; people know each other by name. */
async function withNames(fault: unknown, named: () => Promise<Named>): Promise<never> {
  const { exitCode, problem, answered: isAnswered } = asStop(fault);
  if (problem.status === undefined) throw fault;
  const name = await named();
  const problems = problem.problems?.map((each) => ({ ...each, detail: name(each.detail) }));
  const notified = { ...problem, detail: name(problem.detail), ...present({ problems }) };
  throw new Stop(exitCode, notified, isAnswered);
}

export function print({ value, text, leftOut }: CommandResult, { json }: Globals): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  if (leftOut !== undefined) (json ? process.stderr : process.stdout).write(`${leftOut}\n`);
}

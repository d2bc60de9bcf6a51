import type { Command } from 'commander';
import { present } from '../../domain/present.ts';
import { apiAt, type Api } from '../own-api/api.ts';
import { connectionFor, type Globals } from './connection.ts';
import { namesFrom, noNames, type Named } from './staff-names.ts';
import { asStop, Stop } from './stop.ts';
import { printAside, printJson, printText } from './terminal.ts';

/** The answer of a command: a value for programs, a text for people. */
export interface CommandResult {
  value: unknown;
  text: string;
  /** Says that the list was cut, and how to see more: under the text, or with --json on standard error. */
  leftOut?: string | undefined;
  /** The answer is complete, and not good: a sentence. The exit code is 1. */
  bad?: string | undefined;
}

/** The tools of a command. */
export interface Cli {
  api: Api;
  /** Prints a line to people before the answer is ready; nothing with --json. */
  say(text: string): void;
  /** With --json: only the answer is printed. */
  isQuiet: boolean;
  /** Adds names to staff codes; with --json, or when the API does not answer, codes stay as they are. */
  named(): Promise<Named>;
  /** The data directory that was named, if any. */
  dataDir: string | undefined;
  /** The staff code of the person who acts. */
  me(): string;
}

/** Makes the action of a command from a function, and prints its answer as text or JSON. */
export function commandAction<Given extends unknown[]>(
  act: (cli: Cli, ...given: Given) => Promise<CommandResult>,
) {
  return async function action(this: Command, ...given: Given): Promise<void> {
    const globals = this.optsWithGlobals<Globals>();
    const api = apiAt(() => connectionFor(globals));
    const isQuiet = globals.json === true;
    const say = (text: string): void => void (isQuiet || printText(`${text}\n`));
    const named = (): Promise<Named> => (isQuiet ? Promise.resolve(noNames) : namesOf(api));
    const me = (): string => connectionFor(globals).code;
    const answer = await act({ api, say, isQuiet, named, me, dataDir: globals.data }, ...given).catch(
      (fault: unknown) => withNames(fault, named),
    );
    print(answer, globals);
    if (answer.bad !== undefined) throw new Stop(1, { title: 'Not well', detail: answer.bad }, true);
  };
}

const namesOf = async (api: Api): Promise<Named> =>
  api
    .staff()
    .then(namesFrom)
    .catch(() => noNames);

/** The API's denials contain staff codes; people know each other by name. */
async function withNames(fault: unknown, named: () => Promise<Named>): Promise<never> {
  const { exitCode, problem, answered: isAnswered } = asStop(fault);
  if (problem.status === undefined) throw fault;
  const name = await named();
  const problems = problem.problems?.map((each) => ({ ...each, detail: name(each.detail) }));
  const withNamesIn = { ...problem, detail: name(problem.detail), ...present({ problems }) };
  throw new Stop(exitCode, withNamesIn, isAnswered);
}

export function print({ value, text, leftOut }: CommandResult, { json }: Globals): void {
  if (json) printJson(value);
  else printText(`${text}\n`);
  if (leftOut !== undefined) (json ? printAside : printText)(`${leftOut}\n`);
}

import type { Command } from 'commander';
import { apiAt, type Api } from '../own-api/api.ts';
import { connectionFor, type Globals } from './connection.ts';

/** What a command answers: a value for programs, and for people words. */
export interface Answer {
  value: unknown;
  text: string;
  /** What is left out, and how to see it: for people under the text, for programs on standard error. */
  leftOut?: string | undefined;
}

/** What a command works with. */
export interface Desk {
  api: Api;
  /** Says something to people before the answer is there; programs get their one value only. */
  say(text: string): void;
  /** Programs read: nothing but the answer is printed. */
  isQuiet: boolean;
}

/** Makes a command's action of what it does; the answer is printed for whom it is meant. */
export function answered<Given extends unknown[]>(act: (desk: Desk, ...given: Given) => Promise<Answer>) {
  return async function action(this: Command, ...given: Given): Promise<void> {
    const globals = this.optsWithGlobals<Globals>();
    const api = apiAt(() => connectionFor(globals));
    const say = (text: string): void => void (globals.json || process.stdout.write(`${text}\n`));
    print(await act({ api, say, isQuiet: globals.json === true }, ...given), globals);
  };
}

export function print({ value, text, leftOut }: Answer, { json }: Globals): void {
  process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
  if (leftOut !== undefined) (json ? process.stderr : process.stdout).write(`${leftOut}\n`);
}

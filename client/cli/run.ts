import { CommanderError, type Command } from 'commander';
import { asStop, misuse, type Stop } from './stop.ts';
import { printAside, printJson, printText } from './terminal.ts';
import { optionsLast, wantsJson } from './words.ts';

/**
 * Runs one command. Returns the exit code: 0 done, 1 denied or Lipei cannot be reached, 2 the command line or
 * a given file is wrong. With --json standard output has one JSON value, for a failure the problem. The
 * sentence about a failure goes to standard error.
 */
export async function run(words: readonly string[]): Promise<number> {
  const json = wantsJson(words);
  try {
    const { program } = await import('./program.ts');
    const lipei = quietly(program(), json);
    await lipei.parseAsync(optionsLast(words, lipei), { from: 'user' });
    return 0;
  } catch (error) {
    return failed(error, json);
  }
}

/**
 * Commander prints no mistakes: `failed` prints them all in one place. Help that was asked for is an answer.
 */
function quietly(command: Command, json: boolean): Command {
  command.exitOverride().configureOutput({
    writeOut: (text) => (json ? printJson({ help: text }) : printText(text)),
    writeErr: printAside,
    outputError: () => undefined,
  });
  for (const sub of command.commands) quietly(sub, json);
  return command;
}

function failed(error: unknown, json: boolean): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const stop = error instanceof CommanderError ? misunderstood(error) : asStop(error);
  printAside(`${stop.message}\n`);
  if (json && !stop.answered) printJson(stop.problem);
  return stop.exitCode;
}

/** `error: unknown option '--foo'` and a suggestion on the next line, as a sentence. */
function misunderstood({ code, message }: CommanderError): Stop {
  if (code === 'commander.help') return misuse('Name one of the commands above.');
  const [what = '', ...suggestions] = message.replace(/^error: /, '').split('\n');
  return misuse([sentence(what), ...suggestions.map((each) => each.replace(/^\((.*)\)$/, '$1'))].join(' '));
}

/** Puts the typed value first. */
function sentence(what: string): string {
  const wrong =
    /^option '(\S+).*' argument '(.*)' is invalid\. (.*)$/.exec(what) ??
    /^command-argument value '(?<value>.*)' is invalid for argument '(?<name>.*)'\. (?<right>.*)$/.exec(what);
  if (!wrong) return `${what.charAt(0).toUpperCase()}${what.slice(1).replace(/\.$/, '')}.`;
  const { name = wrong[1], value = wrong[2], right = wrong[3] } = wrong.groups ?? {};
  return `${name} "${value}" is wrong. ${right}`;
}

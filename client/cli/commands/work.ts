import type { Command } from 'commander';
import { commandAction, type Cli } from '../command-action.ts';
import type { Task } from '../../own-api/schemas/work.ts';
import { wholeNumber } from '../input/arguments.ts';
import { isAnswer, telephoneIn, type Looked } from '../pages/next-command.ts';
import { arrow, workPage, type Line } from '../pages/work-page.ts';
import { leftOut, limitInWords, usualLimit } from './limit.ts';

/** The tasks of one person. */
export function workCommand(lipei: Command): void {
  lipei
    .command('work')
    .description('list my tasks (--as), the oldest first, and the command to type next')
    .option('--limit <n>', limitInWords, wholeNumber)
    .action(
      commandAction(async (cli, { limit = usualLimit }: { limit?: number }) => {
        // Only a person at a terminal reads the contacts: each look is logged.
        const tasks = await cli.api.work(limit, !cli.isQuiet);
        if (cli.isQuiet) return { value: tasks.all, text: '', leftOut: leftOut(tasks) };
        const [lines, named, staff] = await Promise.all([
          lookedUp(cli, tasks.all),
          cli.named(),
          cli.api.staff(),
        ]);
        const code = cli.me();
        const roles = staff.find((each) => each.code === code)?.roles ?? [];
        const text = workPage(lines, { code, roles })
          .split('\n')
          .map((line) => (isCommand(line) ? line : named(line)))
          .join('\n');
        return { value: tasks.all, text, leftOut: leftOut(tasks) };
      }),
    );
}

/** A command takes a staff code without a name. */
const isCommand = (line: string): boolean => line.startsWith(arrow);

/** Only the first lines are looked up: nobody makes more calls before the next look. */
const lookedUpAtMost = 20;

/** Looks up the refusal to confirm, and the text of the customer to answer. */
async function lookedUp({ api }: Cli, tasks: Task[]): Promise<Line[]> {
  return Promise.all(
    tasks.map(async (task, index) => {
      const looked = index < lookedUpAtMost ? await lookUp(task).catch(() => ({})) : {};
      return { task, looked };
    }),
  );

  /** What an unknown telephone has written. */
  async function lookUpTelephone({ what }: Task): Promise<Looked> {
    const id = telephoneIn(what);
    if (id === undefined) return {};
    const { phone, texts } = await api.telephone(id);
    const last = texts.at(-1);
    return last ? { phone, wrote: last.text } : { phone };
  }

  async function lookUp(task: Task): Promise<Looked> {
    if (task.followUp !== undefined) return lookUpTelephone(task);
    if (task.act === 'refuse') return { claim: await api.claim(task.claim) };
    if (!isAnswer(task)) return {};
    const theirs = (await api.notes(task.claim)).findLast(({ by }) => by === task.party);
    return theirs === undefined ? {} : { wrote: theirs.text };
  }
}

import type { Command } from 'commander';
import { commandAction, type Cli } from '../command-action.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { Task } from '../../own-api/schemas/work.ts';
import { wholeNumber } from '../input/arguments.ts';
import { afterColon, isAnswer, isCall, telephoneIn, type Looked } from '../pages/next-command.ts';
import { workPage, type Line } from '../pages/work-page.ts';
import { leftOut, limitInWords, usualLimit } from './limit.ts';

/** The tasks of one person. */
export function workCommand(lipei: Command): void {
  lipei
    .command('work')
    .description('list my tasks (--as), the oldest first, and the command to type next')
    .option('--limit <n>', limitInWords, wholeNumber)
    .action(
      commandAction(async (cli, { limit = usualLimit }: { limit?: number }) => {
        const tasks = await cli.api.work(limit);
        if (cli.isQuiet) return { value: tasks.all, text: '', leftOut: leftOut(tasks) };
        const [lines, named, staff] = await Promise.all([
          lookedUp(cli, tasks.all),
          cli.named(),
          cli.api.staff(),
        ]);
        const code = cli.me();
        const roles = staff.find((each) => each.code === code)?.roles ?? [];
        // A command takes a staff code without a name.
        const text = workPage(lines, { code, roles }).replace(/(?:to do|waits) for .*/, (end) => named(end));
        return { value: tasks.all, text, leftOut: leftOut(tasks) };
      }),
    );
}

/** Only the first lines are looked up: nobody makes more calls before the next look. */
const lookedUpAtMost = 20;

/** Looks up the document to check, or the person to call and their text. Looks at contacts are logged. */
async function lookedUp({ api }: Cli, tasks: Task[]): Promise<Line[]> {
  const claims = new Map<string, Promise<Shown>>();
  const claimOf = (no: string): Promise<Shown> => {
    const known = claims.get(no) ?? api.claim(no);
    claims.set(no, known);
    return known;
  };
  return Promise.all(
    tasks.map(async (task, index) => {
      const looked = index < lookedUpAtMost ? await lookUp(task).catch(() => ({})) : {};
      return { task, looked };
    }),
  );

  /** What an unknown telephone has written. */
  async function lookUpTelephone({ what }: Task): Promise<Looked> {
    const id = telephoneIn(what);
    const last = id === undefined ? undefined : (await api.telephone(id)).texts.at(-1);
    return last ? { wrote: last.text } : {};
  }

  async function lookUp(task: Task): Promise<Looked> {
    if (task.followUp !== undefined) return lookUpTelephone(task);
    if (/^(?:check |review$)/.test(task.what)) return { claim: await claimOf(task.claim) };
    if (!isCall(task)) return {};
    const contact = await api.contactOf(task.claim, afterColon(task.id));
    if (!isAnswer(task)) return { contact };
    const theirs = (await api.notes(task.claim)).findLast(({ by }) => by === afterColon(task.id));
    return theirs === undefined ? { contact } : { contact, wrote: theirs.text };
  }
}

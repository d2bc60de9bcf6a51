import { setTimeout as pause } from 'node:timers/promises';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { retriesPerSecond } from '../../../config/bulk-retry.ts';
import { partNames } from '../../../domain/claim/problems.ts';
import { commandAction, type CommandResult, type Cli } from '../command-action.ts';
import type { Standing } from '../../own-api/schemas/problems.ts';
import { ApiFailure } from '../../own-api/failure.ts';
import { wholeNumber } from '../input/arguments.ts';
import { problemsPage } from '../pages/problems-page.ts';
import { misuse, notDone } from '../stop.ts';
import { counted } from '../table.ts';
import { recordedAnswer } from './recorded-answer.ts';

/** For those who mend what is broken. */
export function problemCommands(claims: Command): void {
  claims
    .command('problems')
    .description(
      'what is broken, and which claims stand still because of it; works while the records are down',
    )
    .action(
      commandAction(async ({ api }) => {
        const value = await api.problems();
        return { value, text: problemsPage(value) };
      }),
    );
}

/** One claim, or all that stand still for the same reason, go on where they stood. */
export const retryCommand = (lipei: Command): Command =>
  lipei
    .command('retry')
    .argument('[claim]', 'number of the claim; without it every claim that --problem holds up')
    .option(
      '--problem <problem>',
      `what was broken: ${partNames.join(', ')}; for one claim also a problem\u2019s own id`,
    )
    .option('--dry-run', 'only say which claims would go on')
    .option('--yes', 'do not ask before many are retried')
    .option('--rate <n>', `how many claims a second (default: ${retriesPerSecond})`, wholeNumber)
    .action(commandAction(retry));

interface RetryFlags {
  problem?: string;
  dryRun?: true;
  yes?: true;
  rate?: number;
}

async function retry(cli: Cli, no: string | undefined, flags: RetryFlags): Promise<CommandResult> {
  const { problem, dryRun } = flags;
  if (no === undefined) return retryAll(cli, flags);
  if (dryRun) return wouldResume((await cli.api.problems()).filter(({ claim }) => claim === no));
  return recordedAnswer(await cli.api.act(no, 'retry', { problem }), `${no} goes on`);
}

async function retryAll(
  cli: Cli,
  { problem, dryRun, yes, rate = retriesPerSecond }: RetryFlags,
): Promise<CommandResult> {
  const part = partNames.find((name) => name === problem);
  if (!part) throw misuse(`Name a claim, or with --problem what was broken: ${partNames.join(', ')}.`);
  const blocked = (await cli.api.problems()).filter(({ parts }) => parts.includes(part));
  if (dryRun || blocked.length === 0) return wouldResume(blocked);
  if (!yes && !(await isMeant(cli, blocked, part))) throw notDone('Nothing was retried.');
  const outcomes = await oneByOne(cli, blocked, part, rate);
  const resumed = outcomes.filter(({ kind }) => kind === 'resumed').length;
  const alreadyResumed = outcomes.filter(({ kind }) => kind === 'already-resumed').length;
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  const text = [
    `${counted(blocked.length, 'claim')}: ${resumed} go on, ${alreadyResumed} had gone on by themselves, ${failed.length} could not be retried.`,
    ...failed.map(({ claim, why }) => `${claim}: ${why}`),
  ].join('\n');
  return {
    value: {
      problem: part,
      claims: blocked.length,
      resumed,
      alreadyResumed,
      failed: failed.length,
      outcomes,
    },
    text,
  };
}

const wouldResume = (blocked: Standing[]): CommandResult => ({
  value: { dryRun: true, claims: blocked.length, blocked },
  text:
    blocked.length === 0
      ? 'No claim stands still for that reason.'
      : `${counted(blocked.length, 'claim')} would be retried; nothing was done.\n${problemsPage(blocked)}`,
});

/** Nobody is asked where nobody can answer. */
async function isMeant({ isQuiet, say }: Cli, blocked: Standing[], part: string): Promise<boolean> {
  if (isQuiet || !process.stdin.isTTY)
    throw misuse(
      `${counted(blocked.length, 'claim')} would be retried: look with --dry-run, then say --yes.`,
    );
  say(problemsPage(blocked));
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(
    `Retry ${counted(blocked.length, 'claim')} that ${part} holds up? [y/N] `,
  );
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}

interface Outcome {
  claim: string;
  kind: 'resumed' | 'already-resumed' | 'failed';
  why?: string;
}

async function oneByOne(cli: Cli, blocked: Standing[], part: string, rate: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const began = Date.now();
  for (const [index, { claim }] of blocked.entries()) {
    await pause(Math.max(0, began + (index * 1_000) / rate - Date.now()));
    const outcome = await outcomeOf(cli, claim, part);
    cli.say(`${claim}: ${outcome.why ?? 'goes on'}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** One claim's refusal is its own; where nobody answers, or this person may not, it is so for all of them. */
async function outcomeOf({ api }: Cli, claim: string, part: string): Promise<Outcome> {
  try {
    await api.act(claim, 'retry', { problem: part });
    return { claim, kind: 'resumed' };
  } catch (fault) {
    if (!(fault instanceof ApiFailure) || ![404, 409, 503].includes(fault.problem.status ?? 0)) throw fault;
    return fault.problem.status === 503
      ? { claim, kind: 'failed', why: fault.message }
      : { claim, kind: 'already-resumed', why: 'had gone on by itself' };
  }
}

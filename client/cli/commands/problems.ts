import { setTimeout as pause } from 'node:timers/promises';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { retriesPerSecond } from '../../../config/bulk-retry.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { partNames } from '../../../domain/claim/problems.ts';
import { commandAction, type CommandResult, type Cli } from '../command-action.ts';
import type { Standing } from '../../own-api/schemas/problems.ts';
import { ApiFailure } from '../../own-api/failure.ts';
import { wholeNumber } from '../input/arguments.ts';
import { problemsPage } from '../pages/problems-page.ts';
import { misuse, notDone } from '../stop.ts';
import { counted } from '../table.ts';
import { recordedAnswer } from './recorded-answer.ts';

/** For people who fix problems. */
export function problemCommands(claims: Command): void {
  claims
    .command('problems')
    .description(
      'list the problems, and the claims that they block; works while the records are down. ' +
        'Lists of holidays that end soon, and what the last check of the records found, follow',
    )
    .action(
      commandAction(async ({ api }) => {
        const [blocked, calendars, records] = await Promise.all([
          api.problems(),
          api.calendarProblems(),
          api.recordsProblems(),
        ]);
        const others = [...calendars, ...records];
        const text = [problemsPage(blocked), ...others.map(({ problem }) => problem)].join('\n');
        return { value: [...blocked, ...others], text };
      }),
    );
  claims
    .command('resume')
    .description(doesInWords('resume-claims'))
    .argument('[claim]', 'number of the claim')
    .option('--all', 'every claim, such as after a restore of the records or of Temporal')
    .action(commandAction(resume));
}

async function resume({ api }: Cli, no: string | undefined, { all }: { all?: true }): Promise<CommandResult> {
  if (no !== undefined && all) throw misuse('Name a claim or give --all, not both.');
  if (all)
    return {
      value: await api.resumeAll(),
      text:
        'Every claim is looked at now: what nothing runs is taken up, the others compare themselves with ' +
        'the records. `claims problems` lists those that are not well.',
    };
  if (no === undefined) throw misuse('Name a claim, or give --all.');
  const value = await api.resume(no);
  const text =
    value.kind === 'running'
      ? `${value.claim} is running already; it compares itself with the records.`
      : `${value.claim} is taken up from the records.`;
  return { value, text };
}

/** Resumes one claim, or all claims that the same problem blocks. */
export const retryCommand = (lipei: Command): Command =>
  lipei
    .command('retry')
    .argument('[claim]', 'number of the claim (default: all claims that --problem blocks)')
    .option(
      '--problem <problem>',
      `the part that is fixed: ${partNames.join(', ')}; for one claim also the id of a problem`,
    )
    .option('--dry-run', 'print only which claims would resume')
    .option('--yes', 'retry all claims without a question')
    .option('--rate <n>', `claims a second (default: ${retriesPerSecond})`, wholeNumber)
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
  return recordedAnswer(await cli.api.act(no, 'retry', { problem }), `${no} resumes`);
}

async function retryAll(
  cli: Cli,
  { problem, dryRun, yes, rate = retriesPerSecond }: RetryFlags,
): Promise<CommandResult> {
  const part = partNames.find((name) => name === problem);
  if (!part) throw misuse(`Name a claim, or give --problem with one of ${partNames.join(', ')}.`);
  const blocked = (await cli.api.problems()).filter(({ parts }) => parts.includes(part));
  if (dryRun || blocked.length === 0) return wouldResume(blocked);
  if (!yes && !(await isMeant(cli, blocked, part))) throw notDone('Nothing was retried.');
  const outcomes = await oneByOne(cli, blocked, part, rate);
  const resumed = outcomes.filter(({ kind }) => kind === 'resumed').length;
  const alreadyResumed = outcomes.filter(({ kind }) => kind === 'already-resumed').length;
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  const text = [
    `${counted(blocked.length, 'claim')}: ${resumed} resumed, ${alreadyResumed} had resumed already, ` +
      `${failed.length} could not be retried.`,
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
      ? 'No claim is blocked by that problem.'
      : `${counted(blocked.length, 'claim')} would be retried; nothing was done.\n${problemsPage(blocked)}`,
});

/** Asks only where a person can answer. */
async function isMeant({ isQuiet, say }: Cli, blocked: Standing[], part: string): Promise<boolean> {
  if (isQuiet || !process.stdin.isTTY)
    throw misuse(
      `${counted(blocked.length, 'claim')} would be retried. Look with --dry-run, then repeat with --yes.`,
    );
  say(problemsPage(blocked));
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(
    `Retry ${counted(blocked.length, 'claim')} that ${part} blocks? [y/N] `,
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
    cli.say(`${claim}: ${outcome.why ?? 'resumes'}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

/**
 * A denial concerns one claim. When nothing answers, or the person may not retry, it concerns all: it is
 * thrown.
 */
async function outcomeOf({ api }: Cli, claim: string, part: string): Promise<Outcome> {
  try {
    await api.act(claim, 'retry', { problem: part });
    return { claim, kind: 'resumed' };
  } catch (fault) {
    if (!(fault instanceof ApiFailure) || ![404, 409, 503].includes(fault.problem.status ?? 0)) throw fault;
    return fault.problem.status === 503
      ? { claim, kind: 'failed', why: fault.message }
      : { claim, kind: 'already-resumed', why: 'had resumed already' };
  }
}

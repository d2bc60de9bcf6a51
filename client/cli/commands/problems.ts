import { setTimeout as pause } from 'node:timers/promises';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { retriesPerSecond } from '../../../config/bulk-retry.ts';
import { partNames } from '../../../domain/claim/problems.ts';
import { answered, type Answer, type Desk } from '../answered.ts';
import type { Standing } from '../../own-api/schemas/problems.ts';
import { ApiFailure } from '../../own-api/failure.ts';
import { wholeNumber } from '../input/given.ts';
import { problemsPage } from '../pages/problems-page.ts';
import { misuse, refusal } from '../stop.ts';
import { counted } from '../table.ts';
import { recordedAs } from './recorded-as.ts';

/** For those who mend what is broken. */
export function problemCommands(claims: Command): void {
  claims
    .command('problems')
    .description(
      'what is broken, and which claims stand still because of it; works while the records are down',
    )
    .action(
      answered(async ({ api }) => {
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
    .action(answered(retry));

interface RetryFlags {
  problem?: string;
  dryRun?: true;
  yes?: true;
  rate?: number;
}

async function retry(desk: Desk, no: string | undefined, flags: RetryFlags): Promise<Answer> {
  const { problem, dryRun } = flags;
  if (no === undefined) return retryAll(desk, flags);
  if (dryRun) return wouldGoOn((await desk.api.problems()).filter(({ claim }) => claim === no));
  return recordedAs(await desk.api.act(no, 'retry', { problem }), `${no} goes on`);
}

async function retryAll(
  desk: Desk,
  { problem, dryRun, yes, rate = retriesPerSecond }: RetryFlags,
): Promise<Answer> {
  const part = partNames.find((name) => name === problem);
  if (!part) throw misuse(`Name a claim, or with --problem what was broken: ${partNames.join(', ')}.`);
  const held = (await desk.api.problems()).filter(({ parts }) => parts.includes(part));
  if (dryRun || held.length === 0) return wouldGoOn(held);
  if (!yes && !(await isMeant(desk, held, part))) throw refusal('Nothing was retried.');
  const outcomes = await oneByOne(desk, held, part, rate);
  const wentOn = outcomes.filter(({ kind }) => kind === 'goes-on').length;
  const mended = outcomes.filter(({ kind }) => kind === 'mended').length;
  const failed = outcomes.filter(({ kind }) => kind === 'failed');
  const text = [
    `${counted(held.length, 'claim')}: ${wentOn} go on, ${mended} had gone on by themselves, ${failed.length} could not be retried.`,
    ...failed.map(({ claim, why }) => `${claim}: ${why}`),
  ].join('\n');
  return {
    value: { problem: part, claims: held.length, wentOn, mended, failed: failed.length, outcomes },
    text,
  };
}

const wouldGoOn = (held: Standing[]): Answer => ({
  value: { dryRun: true, claims: held.length, held },
  text:
    held.length === 0
      ? 'No claim stands still for that reason.'
      : `${counted(held.length, 'claim')} would be retried; nothing was done.\n${problemsPage(held)}`,
});

/** Nobody is asked where nobody can answer. */
async function isMeant({ isQuiet, say }: Desk, held: Standing[], part: string): Promise<boolean> {
  if (isQuiet || !process.stdin.isTTY)
    throw misuse(`${counted(held.length, 'claim')} would be retried: look with --dry-run, then say --yes.`);
  say(problemsPage(held));
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(
    `Retry ${counted(held.length, 'claim')} that ${part} holds up? [y/N] `,
  );
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}

interface Outcome {
  claim: string;
  kind: 'goes-on' | 'mended' | 'failed';
  why?: string;
}

async function oneByOne(desk: Desk, held: Standing[], part: string, rate: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const began = Date.now();
  for (const [index, { claim }] of held.entries()) {
    await pause(Math.max(0, began + (index * 1_000) / rate - Date.now()));
    const outcome = await outcomeOf(desk, claim, part);
    desk.say(`${claim}: ${outcome.why ?? 'goes on'}`);
    outcomes.push(outcome);
  }
  return outcomes;
}

/** One claim's refusal is its own; where nobody answers, or this person may not, it is so for all of them. */
async function outcomeOf({ api }: Desk, claim: string, part: string): Promise<Outcome> {
  try {
    await api.act(claim, 'retry', { problem: part });
    return { claim, kind: 'goes-on' };
  } catch (fault) {
    if (!(fault instanceof ApiFailure) || ![404, 409, 503].includes(fault.problem.status ?? 0)) throw fault;
    return fault.problem.status === 503
      ? { claim, kind: 'failed', why: fault.message }
      : { claim, kind: 'mended', why: 'had gone on by itself' };
  }
}

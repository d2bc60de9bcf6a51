import type { Command } from 'commander';
import { present } from '../../../domain/present.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { policyKeys, type PoliciesAsked } from '../../own-api/schemas/policies.ts';
import { commandAction, type Cli } from '../command-action.ts';
import { moment, wholeNumber } from '../input/arguments.ts';
import { withPurpose } from '../input/reading.ts';
import { historyPage } from '../pages/history-page.ts';
import { readersPage } from '../pages/readers-page.ts';
import { foundPage, policyPage } from '../pages/policy-page.ts';
import { misuse } from '../stop.ts';
import { leftOut, limitInWords, usualLimit } from './limit.ts';

/** The policy book. */
export function policyCommands(lipei: Command): void {
  const policies = lipei.command('policies').description('find policies and look at them');
  const find = policies
    .command('find')
    .description(doesInWords('read-policies'))
    .option('--number <number>', policyKeys.number)
    .option('--plate <plate>', policyKeys.plate)
    .option('--phone <number>', policyKeys.phone)
    .option('--email <address>', policyKeys.email)
    .option('--identity <number>', policyKeys.identity)
    .option('--name <name>', policyKeys.name)
    .option('--at <time>', atInWords, moment)
    .option('--limit <n>', `list at most n, also with --json (default: ${usually})`, wholeNumber);
  withPurpose(find).action(commandAction(found));
  const show = policies
    .command('show')
    .description(
      'show a policy: people, objects, sums, terms, its claims and its versions; each look is recorded',
    )
    .argument('<number>', policyKeys.number)
    .option('--at <time>', atInWords, moment);
  withPurpose(show).action(
    commandAction(
      async ({ api, named }, number: string, { at, purpose }: { at?: string; purpose?: string }) => {
        const value = await api.policy(number, present({ at, purpose }));
        return { value, text: policyPage(value, await named()) };
      },
    ),
  );
  policies
    .command('readers')
    .description('show who looked at a policy, when and what for, the newest look first')
    .argument('<number>', policyKeys.number)
    .option('--limit <n>', limitInWords, wholeNumber)
    .action(
      commandAction(async ({ api, named }, number: string, { limit = usualLimit }: { limit?: number }) => {
        const looks = await api.policyReaders(number, limit);
        const text = readersPage(looks.all, await named());
        return { value: looks.all, text, leftOut: leftOut(looks) };
      }),
    );
  policies
    .command('history')
    .description(doesInWords('read-history'))
    .argument('<number>', policyKeys.number)
    .action(
      commandAction(async ({ api, named }, number: string) => {
        const value = await api.policyHistory(number);
        return { value, text: historyPage(value, await named()) };
      }),
    );
}

const usually = 20;
const atInWords = 'as in force at this moment (default: now)';

async function found(
  { api }: Cli,
  { purpose, limit = usually, ...asked }: PoliciesAsked & { purpose?: string; limit?: number },
) {
  if (Object.keys(asked).every((name) => name === 'at'))
    throw misuse(
      `Say what to find a policy by: ${Object.keys(policyKeys)
        .map((name) => `--${name}`)
        .join(', ')}.`,
    );
  const list = await api.findPolicies(asked, limit, purpose);
  return { value: list.all, text: foundPage(list.all), leftOut: leftOut(list) };
}

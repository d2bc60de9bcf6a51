import type { Command } from 'commander';
import { partyKinds } from '../../../domain/people/people.ts';
import { stages } from '../../../domain/road/steps.ts';
import { answered } from '../answered.ts';
import { filters, sortNames, sortsInWords, type ListQuery } from '../../own-api/schemas/lists.ts';
import { wholeNumber } from '../input/given.ts';
import type { Beginning } from '../../own-api/asking.ts';
import { claimPage } from '../pages/claim-page.ts';
import { claimsPage } from '../pages/claims-page.ts';
import { journalPage } from '../pages/journal-page.ts';
import { contactCard, notesPage } from '../pages/words.ts';
import { workPage } from '../pages/work-page.ts';
import { localTime } from '../input/times.ts';
import { choice } from '../input/choice.ts';
import { importCommands } from './imports.ts';
import { partyId } from '../input/party-id.ts';
import { problemCommands } from './problems.ts';

interface Limited {
  limit?: number;
}

/** As many as anybody reads; a department has a hundred thousand. */
const usualLimit = 200;

const leftOut = ({ all, isCut }: Beginning<unknown>): string | undefined =>
  isCut
    ? `There are more than these ${all.length}: --limit ${all.length * 10} shows more of them, with --json too.`
    : undefined;

/** Filing claims and looking at them. */
export function claimsCommands(lipei: Command): void {
  const claims = lipei.command('claims').description('file claims and look at them');

  claims
    .command('file')
    .description('file a notice of loss; filing the same one again changes nothing')
    .argument('<file>', 'JSON file of the notice, or - for standard input')
    .action(
      answered(async ({ api }, file: string) => {
        const { noticeFrom } = await import('../input/notice-file.ts');
        const value = await api.file(await noticeFrom(file));
        return {
          value,
          text:
            value.kind === 'filed'
              ? `Filed as claim ${value.claim}.`
              : `Claim ${value.claim} has this notice already; nothing was changed.`,
        };
      }),
    );

  claims
    .command('list')
    .description('list open claims, the longest waiting first')
    .option('--all', filters.all)
    .addOption(choice('--waiting-on <party>', filters.waitingOn, partyKinds))
    .option('--overdue', filters.overdue)
    .option('--silent', filters.silent)
    .option('--handler <code>', filters.handler)
    .addOption(choice('--stage <stage>', filters.stage, stages))
    .addOption(choice('--sort <by>', sortsInWords, sortNames))
    .option('--limit <n>', `at most so many, with --json too (default: ${usualLimit})`, wholeNumber)
    .action(
      answered(
        async (
          { api },
          { all, waitingOn, overdue, silent, handler, stage, sort, limit = usualLimit }: ListQuery & Limited,
        ) => {
          const listed = await api.list({ all, waitingOn, overdue, silent, handler, stage, sort }, limit);
          return {
            value: listed.all,
            text: claimsPage(listed.all, silent === true || sort === 'silence'),
            leftOut: leftOut(listed),
          };
        },
      ),
    );

  claims
    .command('show')
    .description('show a claim: whom it waits for, its items, who was told what')
    .argument('<no>', 'number of the claim')
    .action(
      answered(async ({ api }, no: string) => {
        const value = await api.claim(no);
        return { value, text: claimPage(value) };
      }),
    );

  claims
    .command('journal')
    .description('everything that happened to a claim, from the first entry on')
    .argument('<no>', 'number of the claim')
    .action(
      answered(async ({ api }, no: string) => {
        const value = await api.journal(no);
        return { value, text: journalPage(value) };
      }),
    );

  claims
    .command('notice')
    .description('what the notice of loss said in words')
    .argument('<no>', 'number of the claim')
    .action(
      answered(async ({ api }, no: string) => {
        const value = await api.notice(no);
        return {
          value,
          text: [
            `${value.source} ${value.reference}, ${localTime(value.at)}`,
            value.place,
            value.description,
          ].join('\n'),
        };
      }),
    );

  claims
    .command('notes')
    .description('the notes that people wrote to a claim')
    .argument('<no>', 'number of the claim')
    .action(
      answered(async ({ api }, no: string) => {
        const value = await api.notes(no);
        return { value, text: notesPage(value) };
      }),
    );

  claims
    .command('contact')
    .description('how a party is reached; the look is logged')
    .argument('<no>', 'number of the claim')
    .argument('<party>', 'whom, such as party-1 or policyholder')
    .action(
      answered(async ({ api }, no: string, party: string) => {
        const value = await api.contactOf(no, await partyId(api, no, party));
        return { value, text: contactCard(value) };
      }),
    );

  lipei
    .command('work')
    .description('what waits for me (--as), the oldest first')
    .option('--limit <n>', `at most so many, with --json too (default: ${usualLimit})`, wholeNumber)
    .action(
      answered(async ({ api }, { limit = usualLimit }: Limited) => {
        const tasks = await api.work(limit);
        return { value: tasks.all, text: workPage(tasks.all), leftOut: leftOut(tasks) };
      }),
    );

  importCommands(claims);
  problemCommands(claims);
}

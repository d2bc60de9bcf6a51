import type { Command } from 'commander';
import { partyKinds, partyRoles } from '../../../domain/people/people.ts';
import { optionalFieldsInWords } from '../../../domain/people/party-fields.ts';
import { stages } from '../../../domain/road/steps.ts';
import { commandAction, type Cli } from '../command-action.ts';
import { exampleNotice } from '../example-notice.ts';
import { filters, sortNames, sortsInWords, type ListQuery } from '../../own-api/schemas/lists.ts';
import { wholeNumber } from '../input/arguments.ts';
import { claimPage } from '../pages/claim-page.ts';
import { claimsPage } from '../pages/claims-page.ts';
import { journalPage } from '../pages/journal-page.ts';
import { whoIsThere } from '../pages/staff-page.ts';
import { contactCard, notesPage } from '../pages/words.ts';
import { misuse } from '../stop.ts';
import { zonedTime } from '../input/times.ts';
import { choice } from '../input/choice.ts';
import { importCommands } from './imports.ts';
import { leftOut, usualLimit } from './limit.ts';
import { partyId } from '../input/party-id.ts';
import { problemCommands } from './problems.ts';
import { workCommand } from './work.ts';

/** A code that nobody has is a slip, and "No claims." would hide it. */
async function mustBeThere(api: Cli['api'], code: string): Promise<void> {
  const staff = await api.staff();
  if (staff.some((each) => each.code === code) || code === 'nobody') return;
  const meant = staff.find(({ name, code: theirs }) => name === code || theirs === code.toUpperCase());
  if (meant) throw misuse(`--handler takes a staff code: ${meant.name} has ${meant.code}.`);
  const handlers = staff.filter(({ roles, active }) => active && roles.includes('handler'));
  throw misuse(`Nobody has the staff code "${code}". These people handle claims:\n${whoIsThere(handlers)}`);
}

const fieldsOfNotice = `
Fields of a notice of loss (JSON):
  source, reference   who reports, and what they call it: the same two are the same claim
  policy              number of the policy
  lossAt              when it happened, with its zone: 2026-11-27T16:10:00+08:00
  place, description  where and what, in words
  parties             a list: role (${partyRoles.join(', ')}) and name;
                      if known ${optionalFieldsInWords()};
                      id only where two have one role
  items               a list: object (such as insured-vehicle), party (its id or role), claimed (4800.00)

  bin/lipei claims file --example > notice.json
  bin/lipei claims file notice.json

All mistakes of a notice are told at once, each with its field.`;

interface Limited {
  limit?: number;
}

/** Filing claims and looking at them. */
export function claimsCommands(lipei: Command): void {
  const claims = lipei.command('claims').description('file claims and look at them');

  claims
    .command('file')
    .description(
      'file a notice of loss (--example prints one, --help names its fields); the same one again changes nothing',
    )
    .argument('[file]', 'JSON file of the notice, or - for standard input')
    .option('--example', 'print a complete notice instead, to save, change and file')
    .addHelpText('after', fieldsOfNotice)
    .action(function fileOrShow(this: Command, file: string | undefined, { example }: { example?: true }) {
      if (!example) return filing.call(this, file);
      process.stdout.write(`${JSON.stringify(exampleNotice(new Date()), null, 2)}\n`);
      return undefined;
    });

  const filing = commandAction(async ({ api }, file: string | undefined) => {
    if (file === undefined)
      throw misuse(
        'Name the file of a notice: claims file FILE; claims file --example prints one to start from.',
      );
    const { noticeFrom } = await import('../input/notice-file.ts');
    const value = await api.file(await noticeFrom(file));
    return {
      value,
      text:
        value.kind === 'filed'
          ? `Filed as claim ${value.claim}.`
          : `Claim ${value.claim} has this notice already; nothing was changed.`,
    };
  });

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
      commandAction(
        async (
          { api, named },
          { all, waitingOn, overdue, silent, handler, stage, sort, limit = usualLimit }: ListQuery & Limited,
        ) => {
          if (handler !== undefined) await mustBeThere(api, handler);
          const listed = await api.list({ all, waitingOn, overdue, silent, handler, stage, sort }, limit);
          return {
            value: listed.all,
            text: claimsPage(listed.all, await named(), silent === true || sort === 'silence'),
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
      commandAction(async ({ api, named }, no: string) => {
        const [value, names] = await Promise.all([api.claim(no), named()]);
        return { value, text: claimPage(value, names) };
      }),
    );

  claims
    .command('journal')
    .description('everything that happened to a claim, from the first entry on')
    .argument('<no>', 'number of the claim')
    .action(
      commandAction(async ({ api, named }, no: string) => {
        const [value, names] = await Promise.all([api.journal(no), named()]);
        return { value, text: journalPage(value, names) };
      }),
    );

  claims
    .command('notice')
    .description('what the notice of loss said in words')
    .argument('<no>', 'number of the claim')
    .action(
      commandAction(async ({ api }, no: string) => {
        const value = await api.notice(no);
        return {
          value,
          text: [
            `${value.source} ${value.reference}, ${zonedTime(value.at)}`,
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
      commandAction(async ({ api, named }, no: string) => {
        const [value, names] = await Promise.all([api.notes(no), named()]);
        return { value, text: notesPage(value, names) };
      }),
    );

  claims
    .command('contact')
    .description('how a party is reached; the look is logged')
    .argument('<no>', 'number of the claim')
    .argument('<party>', 'whom, such as party-1 or policyholder')
    .action(
      commandAction(async ({ api }, no: string, party: string) => {
        const value = await api.contactOf(no, await partyId(api, no, party));
        return { value, text: contactCard(value) };
      }),
    );

  workCommand(lipei);
  importCommands(claims);
  problemCommands(claims);
}

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { present } from '../../../domain/present.ts';
import { commandAction } from '../command-action.ts';
import { partyId } from '../input/party-id.ts';
import { looking, withWhy, type Why } from '../input/reading.ts';
import { zonedTime } from '../input/times.ts';
import { claimPage } from '../pages/claim-page.ts';
import { journalPage } from '../pages/journal-page.ts';
import { verificationPage } from '../pages/verification-page.ts';
import { contactCard, notesPage, payeeCard } from '../pages/words.ts';
import { archiveCommands, verifyArchiveFile } from './archives.ts';
import { fileCommand } from './file-claim.ts';
import { importCommands } from './imports.ts';
import { handOversCommand } from './hand-overs.ts';
import { listCommand } from './list-claims.ts';
import { problemCommands } from './problems.ts';
import { readersCommand } from './readers.ts';
import { sampleCommands } from './sample-claims.ts';
import { workCommand } from './work.ts';

/** Filing claims and reading them. */
export function claimsCommands(lipei: Command): void {
  const claims = lipei.command('claims').description('file claims and read them');
  fileCommand(claims);
  listCommand(claims);
  handOversCommand(claims);
  sampleCommands(claims);
  ofClaim(claims, 'show', 'show a claim: what it waits for, its items and its messages').action(showClaim);
  ofClaim(claims, 'journal', 'show the journal of a claim, from the first entry').action(showJournal);
  claims
    .command('verify')
    .description('verify who signed what in the journal of a claim, and that it follows; or a whole archive')
    .argument('<claim>', 'number of the claim, or the file of an archive, which needs no server')
    .option('--journal <file>', 'a journal in a file, as --json prints it; then nothing else is asked')
    .option('--keys <folder>', 'the folder whose folder roots has the public root keys')
    .option('--anchors <folder>', 'of an archive: also against the signed files of heads in this folder')
    .action(verifyClaim);
  withWhy(ofClaim(claims, 'notice', 'show place and description in the notice of loss')).action(showNotice);
  withWhy(ofClaim(claims, 'notes', 'show the notes of a claim')).action(showNotes);
  withWhy(
    ofClaim(claims, 'contact', 'show how to reach a party; each look is recorded').argument(
      '<party>',
      'party, such as party-1 or policyholder',
    ),
  ).action(showContact);
  withWhy(
    ofClaim(claims, 'payee', 'show who is paid for an item, and to which account').argument(
      '<item>',
      'item, such as item-1',
    ),
  ).action(showPayee);
  readersCommand(claims);
  archiveCommands(claims);
  workCommand(lipei);
  importCommands(claims);
  problemCommands(claims);
}

const ofClaim = (claims: Command, name: string, description: string): Command =>
  claims.command(name).description(description).argument('<claim>', 'number of the claim');

const showClaim = commandAction(async ({ api, named }, no: string) => {
  const [value, names] = await Promise.all([api.claim(no), named()]);
  return { value, text: claimPage(value, names) };
});

const showJournal = commandAction(async ({ api, named }, no: string) => {
  const [value, names] = await Promise.all([api.journal(no), named()]);
  return { value, text: journalPage(value, names) };
});

const verifyClaim = commandAction(
  async (
    cli,
    no: string,
    { journal, keys, anchors }: { journal?: string; keys?: string; anchors?: string },
  ) => {
    const { api, named, dataDir } = cli;
    if (journal === undefined && existsSync(no))
      return verifyArchiveFile(cli, no, present({ keys, anchors }));
    const { journalIn, rootsFor, verificationOf } = await import('../verification.ts');
    const roots = rootsFor(keys, dataDir);
    const entries = journal === undefined ? await api.journal(no) : journalIn(journal);
    const value = verificationOf(entries, roots);
    return { value, text: verificationPage(no, value, await named()) };
  },
);

const showNotice = commandAction(async ({ api }, no: string, why: Why) => {
  const value = await looking(api, no, why, (purpose) => api.notice(no, purpose));
  const { source, reference, at, place, description } = value;
  return { value, text: [`${source} ${reference}, ${zonedTime(at)}`, place, description].join('\n') };
});

const showNotes = commandAction(async ({ api, named }, no: string, why: Why) => {
  const notes = looking(api, no, why, (purpose) => api.notes(no, purpose));
  const [value, names] = await Promise.all([notes, named()]);
  return { value, text: notesPage(value, names) };
});

const showContact = commandAction(async ({ api }, no: string, party: string, why: Why) => {
  const id = await partyId(api, no, party);
  const value = await looking(api, no, why, (purpose) => api.contactOf(no, id, purpose));
  return { value, text: contactCard(value) };
});

const showPayee = commandAction(async ({ api }, no: string, item: string, why: Why) => {
  const value = await looking(api, no, why, (purpose) => api.payeeOf(no, item, purpose));
  return { value, text: payeeCard(value) };
});

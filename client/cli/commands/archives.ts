import { existsSync, mkdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import type { SealedInArchive } from '../archive/sealed.ts';
import { present } from '../../../domain/present.ts';
import { commandAction, type Cli, type CommandResult } from '../command-action.ts';
import { dayOrMoment } from '../input/arguments.ts';
import { looking, withWhy, type Why } from '../input/reading.ts';
import { archivePage, openedPage } from '../pages/archive-page.ts';
import { misuse } from '../stop.ts';
import { counted } from '../table.ts';

/** The archive of a claim, and its legal hold. */
export function archiveCommands(claims: Command): void {
  const archive = claims
    .command('archive')
    .description(doesInWords('archive-claims'))
    .argument('[claim]', 'number of the claim')
    .argument('[file]', 'file to write (default: NUMBER.archive)')
    .option('--closed-before <date>', 'instead of one claim, all that closed before this day', dayOrMoment)
    .option('--into <folder>', 'folder for the files of --closed-before')
    .action(commandAction(archived));
  withWhy(
    archive
      .command('open')
      .description('show what is sealed in an archive, with the keys that the records still have; recorded')
      .argument('<file>', 'file of an archive')
      .option('--save-to <folder>', 'folder for the attachments; without it only words are shown')
      .option(
        '--private <file>',
        'private archive key, to open for a court what was set aside of erased people',
      ),
  ).action(opened);
  for (const name of ['hold', 'release'] as const)
    claims
      .command(name)
      .description(
        name === 'hold' ? doesInWords('hold-claims') : 'let a claim that was held be deleted after its time',
      )
      .argument('<claim>', 'number of the claim')
      .requiredOption('--reason <code>', 'why: a code of config/retention.json')
      .action(
        commandAction(async ({ api }, no: string, { reason }: { reason: string }) => ({
          value: await api[name](no, reason),
          text: name === 'hold' ? `${no} is kept until somebody releases it.` : `${no} is released.`,
        })),
      );
}

interface ArchiveFlags {
  closedBefore?: string;
  into?: string;
}

async function archived(
  cli: Cli,
  no: string | undefined,
  file: string | undefined,
  { closedBefore, into }: ArchiveFlags,
): Promise<CommandResult> {
  if (closedBefore !== undefined && no === undefined && into !== undefined)
    return archivedBefore(cli, closedBefore, into);
  if (no === undefined || closedBefore !== undefined || into !== undefined)
    throw misuse('Name a claim, or give --closed-before and --into.');
  const path = file ?? `${no}.archive`;
  await written(cli, no, path);
  return { value: { claim: no, file: path }, text: `The archive of ${no} is in ${path}.` };
}

/** An archive that exists is never written over. */
async function written({ api }: Cli, no: string, path: string): Promise<void> {
  if (existsSync(path)) throw misuse(`${path} exists; name another file.`);
  await writeFile(path, await api.archive(no), { flag: 'wx', mode: 0o600 });
}

/** Those that have their file already are passed over, so that it may be repeated. */
async function archivedBefore(cli: Cli, day: string, into: string): Promise<CommandResult> {
  const { all } = await cli.api.list({ all: true }, Number.MAX_SAFE_INTEGER);
  const closed = all.filter(({ outcome, stageSince }) => outcome !== null && stageSince < day);
  mkdirSync(into, { recursive: true, mode: 0o700 });
  const files: string[] = [];
  for (const { claim } of closed) {
    const path = join(into, `${claim}.archive`);
    if (existsSync(path)) continue;
    await written(cli, claim, path);
    cli.say(path);
    files.push(path);
  }
  return {
    value: { closed: closed.length, files },
    text: `${counted(files.length, 'archive')} written; ${closed.length - files.length} were there already.`,
  };
}

/** Without a server: only the public keys, and the signed files of heads where they are named. */
export async function verifyArchiveFile(
  { dataDir, named }: Cli,
  file: string,
  { keys, anchors }: { keys?: string; anchors?: string },
): Promise<CommandResult> {
  const { verifyArchive } = await import('../archive/verification.ts');
  const { keyFolder, rootsFor } = await import('../verification.ts');
  const { readAnchors } = await import('../../check/anchor-files.ts');
  const { anchorKeysIn } = await import('../../../security/anchor-keys.ts');
  const heads =
    anchors === undefined ? undefined : await readAnchors(anchors, anchorKeysIn(keyFolder(keys, dataDir)));
  const value = await verifyArchive(file, rootsFor(keys, dataDir), heads);
  const bad = value.faults.length === 0 ? undefined : `${file} is not as it was signed.`;
  return { value, text: archivePage(value, await named()), ...present({ bad }) };
}

const opened = commandAction(async ({ api }, file: string, { saveTo, private: key, ...why }: OpenFlags) => {
  const { sealedIn, saveAttachments } = await import('../archive/sealed.ts');
  const sealed = await sealedIn(file);
  const words = [];
  for (let from = 0; from < sealed.pieces.length; from += piecesAtOnce) {
    const pieces = sealed.pieces.slice(from, from + piecesAtOnce);
    const open = (purpose?: string) => api.openPieces(sealed.claim, pieces, purpose);
    words.push(...(await looking(api, sealed.claim, why, open)));
  }
  for (const [piece, value] of key === undefined ? [] : await forCourt(api, sealed, key))
    words[sealed.pieces.indexOf(piece)] = { of: piece.of, id: piece.id, value };
  const shown = words.filter((each) => !isKey(each));
  const keys = new Map(
    words.filter(isKey).flatMap(({ id, value }) => (typeof value === 'string' ? [[id, value] as const] : [])),
  );
  if (saveTo !== undefined) mkdirSync(saveTo, { recursive: true, mode: 0o700 });
  const files = saveTo === undefined ? [] : await saveAttachments(file, sealed, keys, saveTo);
  const saved = files.map((name) => `\nattachment ${join(saveTo ?? '', name)}`);
  return {
    value: { claim: sealed.claim, words: shown, files },
    text: [openedPage(shown), ...saved].join('\n'),
  };
});

interface OpenFlags extends Why {
  saveTo?: string;
  private?: string;
}

/** Of people who were erased: the keys are set aside, and open here alone. */
async function forCourt(api: Cli['api'], sealed: SealedInArchive, key: string) {
  const { openedForCourt } = await import('../archive/set-aside.ts');
  return openedForCourt(sealed, await api.setAside(sealed.claim), key);
}

const piecesAtOnce = 100;

const isKey = ({ of }: { of: string }): boolean => of === 'attachment';

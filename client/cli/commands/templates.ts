import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { projectRoot } from '../../../config/env.ts';
import { readingRules } from '../../../config/reading.ts';
import {
  notificationChannels,
  notificationKinds,
  type NotificationChannel,
  type NotificationKind,
} from '../../../domain/messages/notifications.ts';
import type { Preview } from '../../../wording/preview/preview.ts';
import { commandAction, print, type CommandResult, type Cli } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { checkedPage, previewLines } from '../pages/templates-page.ts';
import { misuse, notDone, Stop } from '../stop.ts';
import { counted } from '../table.ts';
import { choice, oneOf } from '../input/choice.ts';

interface PreviewFlags {
  channel?: NotificationChannel;
  language?: string;
  sample?: true;
  claim?: string;
  purpose?: string;
  out?: string;
  dir?: string;
}

/** For people who write templates. The modules are loaded when they are needed. */
export function templateCommands(lipei: Command): void {
  const templates = lipei
    .command('templates')
    .description('check and preview the texts of messages (templates/README.md)');
  const folder = '--dir <dir>';
  const whichFolder = 'folder of the templates (default: templates)';

  templates
    .command('check')
    .description('find all mistakes in the templates; needs no running stack')
    .option(folder, whichFolder)
    .action(async function check(this: Command, { dir }: { dir?: string }) {
      const globals = this.optsWithGlobals<Globals>();
      const { checkTemplates } = await import('../../../wording/check/check.ts');
      const checked = checkTemplates(folderOf(dir));
      if (!checked)
        throw misuse(
          `There are no templates in ${folderOf(dir)}. Each language needs a folder with a words.json.`,
        );
      print({ value: checked, text: checkedPage(checked) }, globals);
      if (checked.mistakes.length > 0)
        throw new Stop(
          1,
          { title: 'Not right', detail: `${counted(checked.mistakes.length, 'mistake')} in the templates.` },
          true,
        );
    });

  templates
    .command('preview')
    .description('write a page that shows a message as its recipient sees it, with the segments of an SMS')
    .addArgument(oneOf('<kind>', 'kind of the message', notificationKinds))
    .addOption(choice('--channel <channel>', 'only by this channel', notificationChannels))
    .option('--language <tag>', 'only in this language, such as en or zh-CN')
    .option('--sample', 'use sample facts and no running stack; the default without --claim')
    .addOption(
      new Option('--claim <claim>', 'show the last message of this kind that this claim has sent').conflicts([
        'sample',
        'language',
        'dir',
      ]),
    )
    .addOption(choice('--purpose <code>', 'with --claim: why I look', Object.keys(readingRules.purposes)))
    .option('--out <file>', 'page to write (default: a new temporary file)')
    .option(folder, whichFolder)
    .action(commandAction(preview));
}

const folderOf = (dir: string | undefined): string =>
  dir === undefined ? join(projectRoot, 'templates') : resolve(dir);

async function preview(cli: Cli, kind: NotificationKind, flags: PreviewFlags): Promise<CommandResult> {
  const { sentPreviews } = await import('../message-preview.ts');
  const previews =
    flags.claim === undefined
      ? await fromSample(kind, flags)
      : await sentPreviews(cli.api, flags.claim, kind, flags);
  const { previewPage } = await import('../../../wording/preview/preview-page.ts');
  const page = written(
    flags.out,
    `${kind}.html`,
    previewPage(flags.claim === undefined ? kind : `${kind}, claim ${flags.claim}`, previews),
  );
  return { value: { page, previews }, text: [page, ...previewLines(previews)].join('\n') };
}

async function fromSample(
  kind: NotificationKind,
  { channel, language, dir }: PreviewFlags,
): Promise<Preview[]> {
  const { previewSample } = await import('../../../wording/preview/preview.ts');
  const result = previewSample(folderOf(dir), { kind, channel, language });
  if (result.kind === 'written') return result.previews;
  if (result.kind === 'not-there') throw misuse(result.what);
  const { file, line, what } = result.mistake;
  throw notDone(`${file}${line ? `:${line}` : ''}: ${what}. bin/lipei templates check lists all mistakes.`);
}

/** Only the person who asked may read the page: it has the text of a sent message. */
function written(out: string | undefined, name: string, page: string): string {
  const file = out === undefined ? join(mkdtempSync(join(tmpdir(), 'lipei-preview-')), name) : resolve(out);
  try {
    writeFileSync(file, page, { mode: 0o600 });
  } catch (fault) {
    throw misuse(`${file} cannot be written: ${fault instanceof Error ? fault.message : String(fault)}.`);
  }
  return file;
}

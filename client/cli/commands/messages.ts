import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { NotificationText } from '../../own-api/schemas/messages.ts';
import { commandAction } from '../command-action.ts';
import { zonedTime } from '../input/times.ts';

/** The texts of letters and notifications. */
export function messageCommands(lipei: Command): void {
  const show = commandAction(async ({ api }, no: string, id: string) => {
    const value = await api.sentMessage(no, id);
    return { value, text: wording(value) };
  });

  const letters = lipei.command('letters').description('show and save formal letters, to post them');
  on(letters, 'show', 'print a letter').action(show);
  on(letters, 'save', 'save a letter as a PDF, to print and post it')
    .argument('<file>', 'file to write, such as letter.pdf')
    .action(
      commandAction(async ({ api }, no: string, id: string, file: string) => {
        await writeFile(file, await api.letter(no, id));
        return { value: { id, file }, text: `${id} is in ${file}.` };
      }),
    );
  const notifications = lipei.command('notifications').description('show the notifications that were sent');
  on(notifications, 'show', 'show the text of a notification').action(show);

  lipei
    .command('texts')
    .description('show the number of an unknown telephone and what it has written; each look is logged')
    .argument('<telephone>', 'telephone in work, such as telephone-3f2a90c1b7d4')
    .action(
      commandAction(async ({ api }, id: string) => {
        const value = await api.telephone(id);
        const lines = value.texts.map(({ at, text }) => `${zonedTime(at)}: ${text}`);
        return { value, text: [value.phone, ...lines].join('\n') };
      }),
    );
}

const on = (parent: Command, name: string, description: string): Command =>
  parent
    .command(name)
    .description(description)
    .argument('<claim>', 'number of the claim')
    .argument('<id>', 'notification in claims show, such as formal-notice-1-letter');

function wording({ kind, channel, to, state, at, subject, text }: NotificationText): string {
  return [
    `${kind} by ${channel} to ${to}: ${state}, ${zonedTime(at)}`,
    ...(subject ? [`Subject: ${subject}`] : []),
    '',
    text,
  ].join('\n');
}

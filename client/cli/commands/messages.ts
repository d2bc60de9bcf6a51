import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { NotificationText } from '../../own-api/schemas/messages.ts';
import { commandAction } from '../command-action.ts';
import { looking, withPurpose, withWhy, type Why } from '../input/reading.ts';
import { zonedTime } from '../input/times.ts';

/** The texts of letters and notifications. */
export function messageCommands(lipei: Command): void {
  const show = commandAction(async ({ api }, no: string, id: string, why: Why) => {
    const value = await looking(api, no, why, (purpose) => api.sentMessage(no, id, purpose));
    return { value, text: wording(value) };
  });

  const letters = lipei.command('letters').description('show and save formal letters, to post them');
  withWhy(on(letters, 'show', 'print a letter')).action(show);
  withWhy(
    on(letters, 'save', 'save a letter as a PDF, to print and post it').argument(
      '<file>',
      'file to write, such as letter.pdf',
    ),
  ).action(
    commandAction(async ({ api }, no: string, id: string, file: string, why: Why) => {
      await writeFile(file, await looking(api, no, why, (purpose) => api.letter(no, id, purpose)));
      return { value: { id, file }, text: `${id} is in ${file}.` };
    }),
  );
  const notifications = lipei.command('notifications').description('show the notifications that were sent');
  withWhy(on(notifications, 'show', 'show the text of a notification')).action(show);

  withPurpose(
    lipei
      .command('texts')
      .description('show the number of an unknown telephone and what it has written; each look is recorded')
      .argument('<telephone>', 'telephone in work, such as telephone-3f2a90c1b7d4'),
  ).action(
    commandAction(async ({ api }, id: string, { purpose }: Why) => {
      const value = await api.telephone(id, purpose);
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

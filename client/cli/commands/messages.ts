import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { followUpOutcomes } from '../../../domain/claim/follow-ups.ts';
import type { Said } from '../../own-api/schemas/messages.ts';
import { answered } from '../answered.ts';
import { zonedTime } from '../input/times.ts';
import { oneOf } from '../input/choice.ts';
import { recordedAs } from './recorded-as.ts';

/** What was said to whom, and what people do about letters and messages that did not get there. */
export function messageCommands(lipei: Command): void {
  const show = answered(async ({ api }, no: string, id: string) => {
    const value = await api.said(no, id);
    return { value, text: wording(value) };
  });

  const letters = lipei.command('letters').description('formal letters, which people post');
  on(letters, 'show', 'print a letter').action(show);
  on(letters, 'save', 'save a letter as a PDF, to print and post it')
    .argument('<file>', 'where to, such as letter.pdf')
    .action(
      answered(async ({ api }, no: string, id: string, file: string) => {
        await writeFile(file, await api.letter(no, id));
        return { value: { id, file }, text: `${id} is in ${file}.` };
      }),
    );
  on(letters, 'posted', 'a letter has been posted').action(
    answered(async ({ api }, no: string, id: string) =>
      recordedAs(await api.act(no, 'post-letter', { notification: id }), `${id} is posted`),
    ),
  );

  lipei
    .command('seen-to')
    .description('say how something was seen to that came after a claim had closed')
    .argument('<no>', 'number of the claim')
    .argument('<id>', 'as claims show and work name it, such as refused-1')
    .addArgument(oneOf('<how>', 'they were called or written to, or it needed nothing', followUpOutcomes))
    .action(
      answered(async ({ api }, no: string, id: string, how: string) => ({
        value: await api.seenTo(no, id, how),
        text: `${id} of ${no} is seen to.`,
      })),
    );

  const notifications = lipei.command('notifications').description('what was said to whom');
  on(notifications, 'show', 'show what a notification said').action(show);
  on(notifications, 'resend', 'say the same once more, because somebody asks for it').action(
    answered(async ({ api }, no: string, id: string) =>
      recordedAs(await api.act(no, 'resend-notification', { notification: id }), `${id} is said once more`),
    ),
  );
}

const on = (parent: Command, name: string, description: string): Command =>
  parent
    .command(name)
    .description(description)
    .argument('<no>', 'number of the claim')
    .argument('<id>', 'as claims show names it, such as formal-notice-1-letter');

function wording({ kind, channel, to, state, at, subject, text }: Said): string {
  return [
    `${kind} by ${channel} to ${to}: ${state}, ${zonedTime(at)}`,
    ...(subject ? [`Subject: ${subject}`] : []),
    '',
    text,
  ].join('\n');
}

import type { Checked } from '../../../wording/check/check.ts';
import type { Preview } from '../../../wording/preview/preview.ts';
import { counted } from '../table.ts';

/** A line for each mistake, or what is right. */
export function checkedPage({ languages, messages, mistakes }: Checked): string {
  if (mistakes.length === 0)
    return `No mistakes: ${counted(messages, 'message')} written, in ${languages.join(' and ')}.`;
  return mistakes
    .map(({ file, line, what }) => `${file}${line === undefined ? '' : `:${line}`}: ${what}.`)
    .join('\n');
}

export const previewLines = (previews: Preview[]): string[] =>
  previews.map(
    ({ channel, language, caption: notified, subject, sms }) =>
      `${[channel, language, notified].filter(Boolean).join(', ')}: ${sms ? sizeLine(sms) : (subject ?? 'no subject')}`,
  );

const sizeLine = ({ segments, budget, encoding, characters, costs }: NonNullable<Preview['sms']>): string =>
  `${counted(segments, 'segment')}${budget === undefined ? '' : ` (at most ${budget})`} of ${encoding}, ${characters} characters; ${costs.map(({ country, currency, amount }) => `${country} ${currency} ${amount}`).join(', ')}`;

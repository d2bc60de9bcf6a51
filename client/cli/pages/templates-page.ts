import type { Checked } from '../../../wording/check/check.ts';
import type { Preview } from '../../../wording/preview/preview.ts';
import { counted } from '../table.ts';

/** A line for each mistake, or one line without mistakes. */
export function checkedPage({ languages, messages, mistakes }: Checked): string {
  if (mistakes.length === 0)
    return `No mistakes: ${counted(messages, 'message')} checked, in ${languages.join(' and ')}.`;
  return mistakes
    .map(({ file, line, what }) => `${file}${line === undefined ? '' : `:${line}`}: ${what}.`)
    .join('\n');
}

export const previewLines = (previews: Preview[]): string[] =>
  previews.map(({ channel, language, caption, subject, sms }) => {
    const heading = [channel, language, caption].filter(Boolean).join(', ');
    return `${heading}: ${sms ? sizeLine(sms) : (subject ?? 'no subject')}`;
  });

function sizeLine({ segments, budget, encoding, characters, costs }: NonNullable<Preview['sms']>): string {
  const most = budget === undefined ? '' : ` (at most ${budget})`;
  const prices = costs.map(({ country, currency, amount }) => `${country} ${currency} ${amount}`).join(', ');
  return `${counted(segments, 'segment')}${most} of ${encoding}, ${characters} characters; ${prices}`;
}

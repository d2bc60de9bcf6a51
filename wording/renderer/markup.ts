/**
 * Emails are plain text with four marks, so that people can edit them: an empty line between paragraphs, `##
 * ` before a heading, `- ` or `1. ` before a point of a list (its further lines follow below it), `**` around
 * bold text.
 */
export const plainOf = (text: string): string => text.replace(/^## /gm, '').replaceAll('**', '');

/** The same text as HTML, escaped. */
export const htmlOf = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map(blockOf)
    .join('\n');

function blockOf(block: string): string {
  const lines = block.split('\n').map((line) => line.trim());
  const [first = '', ...rest] = lines;
  if (first.startsWith('## '))
    return [
      `<h2>${inline(first.slice(3))}</h2>`,
      ...(rest.length > 0 ? [blockOf(rest.join('\n'))] : []),
    ].join('\n');
  if (bullet.test(first)) return `<ul>${points(lines, bullet)}</ul>`;
  if (number.test(first)) return `<ol>${points(lines, number)}</ol>`;
  return `<p>${lines.map(inline).join('<br>')}</p>`;
}

const bullet = /^- /;
const number = /^\d+\. /;

function points(lines: string[], mark: RegExp): string {
  const all: string[][] = [];
  for (const line of lines) {
    if (mark.test(line)) all.push([line.replace(mark, '')]);
    else all.at(-1)?.push(line);
  }
  return all.map((point) => `<li>${point.map(inline).join('<br>')}</li>`).join('');
}

const inline = (text: string): string =>
  withWholeNumbers(text).replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>');

/**
 * Escaped, with numbers in one piece. People read the claim's number aloud on the telephone, and call our
 * numbers. So no line may break at their hyphens, nor after the minus of an amount.
 */
export const withWholeNumbers = (text: string): string =>
  escaped(text).replace(whole, '<span class="whole">$&</span>');

const whole =
  /\b[0-9A-Z]{5}-[0-9A-Z]{5}\b|\b\d{3,4}(?:-\d{3,8}){1,2}\b|(?<![\w-])-[A-Z]{0,3}[¥$€£]?\d[\d,.]*\d/g;

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

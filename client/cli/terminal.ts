/**
 * The only way to a terminal. What others typed may hold signs that a terminal obeys: they would delete
 * lines, or write what is not true. So they are printed as they would be written in a program.
 */

/** Controls but the line break and the tab, and what turns the direction of writing. */
const obeyed = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

const asCode = (sign: string): string => {
  const code = sign.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : inUnicode(code);
};

const inUnicode = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** The text with these signs escaped: `\x1b[31m`. */
export const printable = (text: string): string => text.replace(obeyed, asCode);

/** JSON on one line. JSON itself leaves the controls above 0x7f as they are. */
export const printableJson = (value: unknown): string =>
  JSON.stringify(value).replace(obeyed, (sign) => inUnicode(sign.charCodeAt(0)));

export const printText = (text: string): void => void process.stdout.write(printable(text));
export const printJson = (value: unknown): void => void process.stdout.write(`${printableJson(value)}\n`);
export const printAside = (text: string): void => void process.stderr.write(printable(text));

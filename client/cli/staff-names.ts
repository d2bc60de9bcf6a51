import type { Staff } from '../own-api/schemas/staff.ts';

/** Puts a name behind each staff code in a text: `C-301` becomes `C-301 郭丽娜`. */
export type Named = (text: string) => string;

export const noNames: Named = (text) => text;

/** A code inside another word, such as a claim's number, stays as it is. */
export function namesFrom(staff: readonly Pick<Staff, 'code' | 'name'>[]): Named {
  const names = new Map(staff.map(({ code, name }) => [code, name]));
  if (names.size === 0) return noNames;
  const codes = [...names.keys()].map((code) => code.replace(/[.\\+*?^$()[\]{}|]/g, '\\$&'));
  const anyCode = new RegExp(`(?<![\\w.-])(?:${codes.join('|')})(?![\\w-])`, 'g');
  return (text) =>
    text.replace(anyCode, (code, at: number) => {
      const name = names.get(code) ?? '';
      const isNamedAlready = text.slice(at + code.length).startsWith(` ${name}`);
      return isNamedAlready ? code : `${code} ${name}`;
    });
}

/** A code with its name, where the answer has it: `longkou 龙口支公司`. */
export const withName = (code: string, name: string | undefined): string =>
  name === undefined ? code : `${code} ${name}`;

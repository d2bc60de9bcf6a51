/**
 * Without the marks that turn the direction of writing: a name in Arabic or Hebrew is read rightly by itself,
 * and with such a mark in it whatever follows could be made to look like something else.
 */
export const withoutTurns = (text: string): string =>
  text.replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, '');

/**
 * The one place that folds what people and files bring in: what the eye does not see, or takes for another
 * sign, must not make two claims, two policies or two people.
 */

/**
 * Signs without a picture: zero-width spaces and joiners, turns of the direction of writing, fillers, tags. A
 * variation selector stays behind a Han character, where it chooses the form of a name.
 */
const invisible = new RegExp(
  String.raw`(?<!\p{Script=Han})[\u{FE00}-\u{FE0F}\u{E0100}-\u{E01EF}]` +
    String.raw`|[\p{Cf}\u034F\u115F\u1160\u17B4\u17B5\u180B-\u180D\u180F\u3164\uFFA0]`,
  'gu',
);

/** Every blank, also those of typesetters. */
const blanks = /[\p{Zs}\t]+/gu;
const dashes = /[\p{Pd}\u2043\u2212]/gu;

/** Letters of other alphabets that look like these, in the same order. */
const lookAlikes = new Map(
  [
    ['АВЕКМНОРСТУХЅІЈԌԚԜҮ', 'ABEKMHOPCTYXSIJGQWY'],
    ['аеорсухѕіјԛԝ', 'aeopcyxsijqw'],
    ['ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'],
    ['ονα', 'ova'],
  ].flatMap(([others = '', latin = '']) =>
    [...others].map((sign, at): [string, string] => [sign, latin.charAt(at)]),
  ),
);

export const withoutInvisible = (text: string): string => text.replace(invisible, '');

/** In one width and without what is invisible; for numbers, addresses and words that are compared. */
export const plainSigns = (text: string): string => withoutInvisible(text).normalize('NFKC');

/** A name or another line of text: it keeps its letters (NFC), with one blank between words. */
export const foldedLine = (text: string): string =>
  withoutInvisible(text).normalize('NFC').replace(blanks, ' ').trim();

/** Text of several lines: only what is invisible goes. */
export const foldedProse = (text: string): string => withoutInvisible(text).normalize('NFC').trim();

/**
 * What identifies something: a reference, a policy number. Width, dashes and look-alike letters are folded;
 * capitals stay as they are, because some systems tell references apart by them.
 */
export const foldedIdentity = (text: string): string =>
  foldedLine([...plainSigns(text)].map((sign) => lookAlikes.get(sign) ?? sign).join('')).replace(dashes, '-');

/** A sign that a program puts where letters were lost. */
export const hasLostLetters = (text: string): boolean => text.includes('\uFFFD');

/** Whether anything is left to read: a letter or a digit. */
export const saysSomething = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

export type Encoding = 'GSM-7' | 'UCS-2';

/** How networks divide an SMS into segments, which determine its price. */
export interface Segments {
  encoding: Encoding;
  count: number;
}

/** How many characters fit into a single message, and into each part of several. */
const limits: Record<Encoding, { single: number; part: number }> = {
  'GSM-7': { single: 160, part: 153 },
  'UCS-2': { single: 70, part: 67 },
};

/**
 * GSM 03.38 if it has every character, otherwise UCS-2. A single `’` makes a message more than twice as long.
 */
export function segmentsOf(body: string): Segments {
  const encoding = dearCharacters(body).length === 0 ? 'GSM-7' : 'UCS-2';
  const length =
    encoding === 'UCS-2'
      ? body.length
      : [...body].reduce((sum, character) => sum + (gsmExtension.includes(character) ? 2 : 1), 0);
  const { single, part } = limits[encoding];
  return { encoding, count: length <= single ? 1 : Math.ceil(length / part) };
}

/** The characters of a text that GSM-7 does not have. */
export const dearCharacters = (body: string): string[] =>
  [...new Set(body)].filter((character) => !gsm.includes(character) && !gsmExtension.includes(character));

const gsm =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const gsmExtension = '\f^{}\\[~]|€';

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Currency } from '../../domain/money/money.ts';

/** An amount as people write it: `US$1,234.00`, `4800元`, `EUR 12`. */
export interface WrittenAmount {
  /** With the separators as they were written. */
  number: string;
  /** As written; empty without a sign or code. */
  sign: string;
  /** What the sign can mean; undefined without one. */
  currencies: readonly Currency[] | undefined;
}

/** The currencies that a sign can mean. A code of ISO 4217 means itself. */
const signs = z
  .record(z.string(), z.array(z.string().regex(/^[A-Z]{3}$/)))
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, '..', 'currency-signs.json'), 'utf8')));

const written = /^([^\d\s.,'’-]*)\s*(-?\d[\d\s.,'’]*?)\s*([^\d\s.,'’-]*)$/u;

/** The parts of an amount; undefined where it is none, or where its signs mean no currency. */
export function writtenAmount(text: string): WrittenAmount | undefined {
  const [, before = '', number = '', after = ''] = written.exec(text.normalize('NFKC').trim()) ?? [];
  if (!number) return undefined;
  const given = [before, after].filter(Boolean);
  const meant = given.map(currenciesOf);
  const [first, second = first] = meant;
  const currencies = first?.filter((each) => second?.includes(each));
  return currencies?.length === 0 || meant.includes(undefined)
    ? undefined
    : { number, sign: given.join(' '), currencies };
}

function currenciesOf(sign: string): readonly Currency[] | undefined {
  const capitals = sign.toUpperCase();
  return signs[capitals] ?? (/^[A-Z]{3}$/.test(capitals) ? [capitals] : undefined);
}

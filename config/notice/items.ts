import type { z } from 'zod';
import type { Currency } from '../../domain/money/money.ts';
import { claimedMinor } from './claimed-amount.ts';
import type { Mistake } from './mistake.ts';
import { partyNamed, type NamedParty } from './parties.ts';
import type { itemSchema } from './schema.ts';

/** Mistakes of one item. Its party is checked only if all parties are readable. */
export function itemMistakes(
  { party: name, claimed }: z.output<typeof itemSchema>,
  index: number,
  parties: NamedParty[] | undefined,
  currency: Currency | undefined,
): Mistake[] {
  const field = `items[${index}]`;
  const amount = claimedMinor(claimed, currency, `${field}.claimed`);
  const isStranger = parties && !partyNamed(name, parties);
  return [
    ...(isStranger ? [strangeParty(`${field}.party`, parties)] : []),
    ...(amount.kind === 'malformed' ? [amount] : []),
  ];
}

function strangeParty(field: string, parties: NamedParty[]): Mistake {
  const ids = parties.map(({ id }) => id).join(', ');
  const sentence = `${field} must be the id or the role of one of the parties: ${ids}.`;
  return { field, understood: true, sentence };
}

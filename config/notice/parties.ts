import type { z } from 'zod';
import { partyRoles } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import type { Mistake } from './mistake.ts';
import { phoneNumber, phoneRight } from './party-fields.ts';
import type { partySchema } from './schema.ts';

type ReadParty = z.output<typeof partySchema>;
export type NamedParty = ReadParty & { id: string };

/** Gives each party an id: its role, or its role with the first free number. */
export function withIds(parties: ReadParty[]): NamedParty[] {
  const taken = new Set(parties.flatMap(({ id }) => id ?? []));
  return parties.map((each) => {
    const id = each.id ?? freeId(each.role, taken);
    taken.add(id);
    return { ...each, id };
  });
}

function freeId(role: string, taken: Set<string>): string {
  for (let n = 1; ; n += 1) {
    const id = n === 1 ? role : `${role}-${n}`;
    if (!taken.has(id)) return id;
  }
}

export const partyNamed = (name: string, parties: NamedParty[]): NamedParty | undefined =>
  parties.find(({ id }) => id === name) ?? parties.find(({ role }) => role === name);

/** The party with its telephone number in E.164. */
export const withPhone = ({ phone, ...rest }: NamedParty, country: string | undefined): NamedParty => ({
  ...rest,
  ...present({ phone: phone === undefined ? undefined : phoneNumber(phone, { country, ...rest }) }),
});

export function idMistake({ id, role }: NamedParty, index: number, all: NamedParty[]): Mistake | undefined {
  const field = `parties[${index}].id`;
  const first = all.findIndex((other) => other.id === id);
  if (first !== index)
    return {
      field,
      understood: true,
      sentence: `${field} must be another for each party; parties[${first}] has it already.`,
    };
  // An item may name its party by a role. An id that is a role must therefore mean the first party of that
  // role.
  const isRole = partyRoles.some((each) => each === id);
  if (isRole && (id !== role || all.findIndex((other) => other.role === id) !== index))
    return {
      field,
      understood: true,
      sentence: `${field} must not be a role other than the party's own, nor one of an earlier party.`,
    };
  return undefined;
}

export function phoneMistake(
  { phone, locale }: ReadParty,
  index: number,
  country: string | undefined,
): Mistake | undefined {
  if (phone === undefined || phoneNumber(phone, { country, locale })) return undefined;
  const field = `parties[${index}].phone`;
  return { field, understood: false, sentence: `${field} must be ${phoneRight}.` };
}

import type { Api } from '../../own-api/api.ts';
import { notDone } from '../stop.ts';

/** A party's id, or its role if only one party has it: work lists name people by role. Throws a Stop. */
export async function partyId(api: Api, no: string, named: string): Promise<string> {
  if (/^party-\d+$/.test(named)) return named;
  const { parties } = await api.claim(no);
  const matches = parties.filter(({ id, role }) => id === named || role === named);
  const [only] = matches;
  if (only && matches.length === 1) return only.id;
  const known = parties.map(({ id, role }) => `${id} (${role})`).join(', ');
  throw notDone(`Claim ${no} has ${only ? 'more than one' : 'no'} "${named}". Its parties are ${known}.`);
}

import type { Api } from '../../own-api/api.ts';
import { notDone } from '../stop.ts';

/** A role says it as well, where only one party has it; work lists say whom to call by role. */
export async function partyId(api: Api, no: string, named: string): Promise<string> {
  if (/^party-\d+$/.test(named)) return named;
  const { parties } = await api.claim(no);
  const fitting = parties.filter(({ id, role }) => id === named || role === named);
  const [only] = fitting;
  if (only && fitting.length === 1) return only.id;
  throw notDone(
    `Claim ${no} has ${fitting.length === 0 ? 'no' : 'more than one'} "${named}"; its parties are ${parties.map(({ id, role }) => `${id} (${role})`).join(', ')}.`,
  );
}

import { marksOfParty } from '../../domain/claim/filing.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { marking } from '../keys/contact-key.ts';
import { readContact } from '../parties/contacts.ts';

const most = 20;

/** Policies that name somebody with the telephone or the mailbox of a party; empty for one who is erased. */
export async function policiesNaming(
  database: Database,
  keyring: Keyring,
  { claim, party }: { claim: string; party: string },
): Promise<string[]> {
  const contact = await readContact(database, keyring, claim, party);
  if (!contact || 'kind' in contact) return [];
  const { marks } = marksOfParty(contact, await marking(database, keyring));
  const found = await database.policyMark.findMany({
    where: { mark: { in: marks } },
    distinct: ['number'],
    orderBy: { number: 'asc' },
    take: most,
  });
  return found.map(({ number }) => number);
}

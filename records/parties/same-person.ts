import { foldedIdentity } from '../../domain/folding.ts';
import { isMarkOf } from '../../domain/people/marks.ts';
import type { Keyring } from '../../security/keyring.ts';
import { claimOf } from '../claims/projection.ts';
import type { Database } from '../database.ts';
import { contactHashing } from '../keys/contact-key.ts';
import { readContact, readContacts } from './contacts.ts';
import type { PartyOf } from './erasure.ts';
import type { ReadContact } from './parties.ts';

/** A party of another claim who may be the same person. `isSame`: the name is the same, too. */
export interface SamePerson extends PartyOf {
  isSame: boolean;
}

/**
 * The parties of other claims with the telephone, the mailbox or an account of this party, if the party is
 * not erased. Found are parties who were sent a message, and parties with an account.
 */
export async function samePersonElsewhere(
  database: Database,
  keyring: Keyring,
  { claim, party }: PartyOf,
): Promise<SamePerson[]> {
  const contact = await readContact(database, keyring, claim, party);
  if (!contact || 'kind' in contact) return [];
  const found = [
    ...(await byContact(database, keyring, claim, contact)),
    ...(await byAccount(database, { claim, party })),
  ];
  const others = [...new Map(found.map((each) => [`${each.claim}/${each.party}`, each])).values()];
  if (others.length === 0) return [];
  const contacts = await readContacts(database, keyring, others);
  return others
    .toSorted((one, other) => (one.claim < other.claim ? -1 : 1))
    .flatMap((other) => {
      const theirs = contacts.get(`${other.claim}/${other.party}`);
      return theirs ? [{ ...other, isSame: nameOf(theirs) === nameOf(contact) }] : [];
    });
}

const nameOf = ({ name }: Pick<ReadContact, 'name'>): string => foldedIdentity(name).toLowerCase();

async function byContact(
  database: Database,
  keyring: Keyring,
  claim: string,
  { phone, email }: ReadContact,
): Promise<PartyOf[]> {
  const hashContact = await contactHashing(database, keyring);
  const hashes = [phone, email].flatMap((each) => (each === undefined ? [] : [hashContact(each)]));
  const rows = await database.notification.findMany({
    where: { contact: { in: hashes }, claim: { not: claim } },
    distinct: ['claim', 'recipient'],
    select: { claim: true, recipient: true },
  });
  const others = rows.map((row) => ({ claim: row.claim, party: row.recipient }));
  const contacts = others.length > 0 ? await readContacts(database, keyring, others) : new Map();
  // A party whose wrong number was corrected is another person.
  return others.filter((each) => {
    const theirs: ReadContact | undefined = contacts.get(`${each.claim}/${each.party}`);
    return [theirs?.phone, theirs?.email].some((at) => at !== undefined && hashes.includes(hashContact(at)));
  });
}

async function byAccount(database: Database, { claim, party }: PartyOf): Promise<PartyOf[]> {
  const own = await partiesIn(database, [claim]);
  const marks = own
    .filter((each) => each.party === party)
    .flatMap((each) => each.marks.filter((mark) => isMarkOf('account', mark)));
  if (marks.length === 0) return [];
  const ties = await database.claimMark.findMany({
    where: { mark: { in: marks }, claim: { not: claim } },
    select: { claim: true },
  });
  const others = await partiesIn(database, [...new Set(ties.map((tie) => tie.claim))]);
  return others
    .filter((each) => each.marks.some((mark) => marks.includes(mark)))
    .map((each) => ({ claim: each.claim, party: each.party }));
}

async function partiesIn(database: Database, claims: string[]): Promise<(PartyOf & { marks: string[] })[]> {
  const rows = await database.claim.findMany({
    where: { number: { in: claims } },
    select: { number: true, state: true },
  });
  return rows.flatMap(({ number, state }) =>
    claimOf(state).parties.map(({ id, marks }) => ({ claim: number, party: id, marks })),
  );
}

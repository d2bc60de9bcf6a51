import { createHash } from 'node:crypto';
import { claimsNamedIn, noClaim } from '../../domain/claim/claims-named.ts';
import type { Telephone } from '../../client/own-api/schemas/personal.ts';
import type { Keyring } from '../../security/keyring.ts';
import { newPartyKey, seal } from '../../security/sealing.ts';
import type { Database } from '../database.ts';
import { contactHashing } from '../keys/contact-key.ts';
import { contactOf } from '../parties/parties.ts';
import { claimsByTail } from './by-tail.ts';
import { keepLetterOf, notesOf } from './notes.ts';

/**
 * Keeps a text from a telephone that stands in no claim, for operations. The person behind it is a party of
 * no claim, with a key of its own, so that number and words can be erased. The follow-up names the claim that
 * the text names, if that is exactly one. A repeat of the same text (`id`) counts once, and one follow-up is
 * enough while it is open.
 */
export async function keepUnknownText(
  database: Database,
  keyring: Keyring,
  { id, from, text }: { id: string; from: string; text: string },
): Promise<void> {
  const party = telephoneId((await contactHashing(database, keyring))(from));
  await keepTelephone(database, keyring, party, from);
  await keepLetterOf(database, keyring, { claim: noClaim, party, id, text });
  const named = await claimNamed(database, text);
  const claim = named?.number ?? noClaim;
  const what = `answer ${party}: a text from an unknown telephone${named ? ', which names this claim' : ''}`;
  const open = await database.followUp.count({ where: { claim, what, doneAt: null } });
  if (open > 0) return;
  await database.followUp.createMany({
    data: [{ claim, id: `text-${shortHash(id)}`, branch: named?.branch ?? '', what }],
    skipDuplicates: true,
  });
}

/** The number of an unknown telephone and its texts, the oldest first; undefined when there is none. */
export async function unknownTelephone(
  database: Database,
  keyring: Keyring,
  party: string,
): Promise<Telephone | undefined> {
  const row = await database.party.findUnique({
    where: { claim_id: { claim: noClaim, id: party } },
    select: { key: true },
  });
  if (!row?.key) return undefined;
  const { phone = '' } = await contactOf(database, keyring, noClaim, party);
  const texts = await notesOf(database, keyring, noClaim, party);
  return { id: party, phone, texts: texts.map(({ at, text }) => ({ at, text })) };
}

const telephoneId = (contact: string): string => `telephone-${shortHash(contact)}`;

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** A telephone that was erased before is kept anew: it has written again. */
async function keepTelephone(database: Database, keyring: Keyring, id: string, phone: string): Promise<void> {
  const key = newPartyKey(keyring);
  const sealed = seal(key, keyring, { name: id, phone }, `${noClaim}/${id}`);
  const { count } = await database.party.createMany({
    data: [{ claim: noClaim, id, role: 'unknown', locale: '', timeZone: '', key, sealed }],
    skipDuplicates: true,
  });
  if (count === 0)
    await database.party.updateMany({ where: { claim: noClaim, id, key: '' }, data: { key, sealed } });
}

/** The one claim that a text names, by its number or else by its tail; undefined for none and for several. */
async function claimNamed(
  database: Database,
  text: string,
): Promise<{ number: string; branch: string } | undefined> {
  const { numbers, tails } = claimsNamedIn(text);
  const select = { number: true, branch: true };
  const whole = await database.claim.findMany({ where: { number: { in: numbers } }, select, take: 2 });
  if (whole.length > 0 || tails.length === 0) return whole.length === 1 ? whole[0] : undefined;
  const ends = await Promise.all(tails.slice(0, mostTails).map((tail) => claimsByTail(database, tail)));
  const found = await database.claim.findMany({ where: { number: { in: ends.flat() } }, select, take: 2 });
  return found.length === 1 ? found[0] : undefined;
}

/** Further words of a text are not looked up. */
const mostTails = 5;

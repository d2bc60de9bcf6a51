import type { CompleteNotice } from '../../config/notice/read.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import type { FullOpening, JournalEntry } from '../../domain/claim/journal.ts';
import { indexOfParty, partyId } from '../../domain/claim/notice.ts';
import { minorUnits } from '../../domain/money/money.ts';
import type { Marking } from '../../domain/people/marks.ts';
import { claimFields, columnFields, sealedFields } from '../../domain/people/party-fields.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Database } from '../database.ts';
import { noticeOf } from '../inbox/notices.ts';
import { marking } from '../keys/contact-key.ts';
import { openedParty, type ReadContact } from '../parties/parties.ts';
import { entryOf } from './projection.ts';
import { storedClaim } from './stored-claim.ts';

/** What the records have of a notice that was filed before. */
interface Kept {
  opening: FullOpening;
  claim: Claim;
  texts: Awaited<ReturnType<typeof noticeOf>>;
  contacts: Map<string, ReadContact>;
  mark: Marking;
}

/**
 * The fields in which a notice differs from the claim that has it, named as in the notice:
 * `parties[0].phone`. A value that the claim was corrected to is none. Nothing is compared with what the
 * records do not have: a claim that is just being opened, a person who was erased.
 */
export async function differencesFrom(
  database: Database,
  keyring: Keyring,
  number: string,
  notice: CompleteNotice,
): Promise<string[]> {
  const kept = await keptOf(database, keyring, number);
  return kept
    ? [
        ...inClaim(notice, kept),
        ...inTexts(notice, kept),
        ...inParties(notice, kept),
        ...inItems(notice, kept),
      ]
    : [];
}

async function keptOf(database: Database, keyring: Keyring, number: string): Promise<Kept | undefined> {
  const [claim, first, texts, rows] = await Promise.all([
    storedClaim(database, number),
    database.journalEntry.findUnique({ where: { claim_seq: { claim: number, seq: 1 } } }),
    noticeOf(database, keyring, number),
    database.party.findMany({ where: { claim: number, key: { not: '' } } }),
  ]);
  const opening: JournalEntry | undefined = first ? entryOf(first.entry) : undefined;
  if (!claim || opening?.kind !== 'claim-opened') return undefined;
  const contacts = new Map(rows.map((row) => [row.id, openedParty(row, keyring, number)]));
  return { opening, claim, texts, contacts, mark: await marking(database, keyring) };
}

const inClaim = (notice: CompleteNotice, { opening, claim }: Kept): string[] =>
  (['policy', 'lossAt', 'cause'] as const).filter(
    (field) => ![opening[field], claim[field]].includes(notice[field]),
  );

const inTexts = (notice: CompleteNotice, { texts }: Kept): string[] =>
  (['place', 'description'] as const).filter((field) => texts && texts[field] !== notice[field]);

function inParties({ parties }: CompleteNotice, { opening, claim, contacts }: Kept): string[] {
  if (parties.length !== opening.parties.length) return ['parties'];
  return parties.flatMap((party, index) => {
    const id = partyId(index);
    const [contact, known] = [contacts.get(id), claim.parties.find((each) => each.id === id)];
    const fields = [
      ...(known?.role === party.role ? [] : ['role']),
      ...(contact ? sealedFields.filter((field) => contact[field] !== party[field]) : []),
      // Without a value it is the usual one of the place.
      ...(contact ? columnFields.filter((field) => (party[field] ?? contact[field]) !== contact[field]) : []),
      ...claimFields.filter((field) => known?.[field] !== party[field]),
    ];
    return fields.map((field) => `parties[${index}].${field}`);
  });
}

function inItems(notice: CompleteNotice, { opening, claim, contacts, mark }: Kept): string[] {
  if (notice.items.length !== opening.items.length) return ['items'];
  return notice.items.flatMap(({ object, party, claimed, plate }, index) => {
    const [first, now] = [opening.items[index], claim.items[index]];
    const minor = minorUnits(claimed, claim.currency);
    const isKept = contacts.has(partyId(indexOfParty(notice, party)));
    const vehicle = plate === undefined ? undefined : mark('vehicle', plate);
    const fields = [
      ...(first?.object === object ? [] : ['object']),
      ...(first?.party === partyId(indexOfParty(notice, party)) ? [] : ['party']),
      ...([first?.claimedMinor, now?.claimedMinor].includes(minor) ? [] : ['claimed']),
      ...(isKept && ![first?.vehicle, now?.vehicle].includes(vehicle) ? ['plate'] : []),
    ];
    return fields.map((field) => `items[${index}].${field}`);
  });
}

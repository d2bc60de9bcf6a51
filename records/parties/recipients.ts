import type { Notification, NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Keyring } from '../../security/keyring.ts';
import { contactHashing, type HashContact } from '../keys/contact-key.ts';
import type { Database } from '../database.ts';
import { openedParty, type PartyRow, type ReadContact } from './parties.ts';
import { present } from '../../domain/present.ts';

/** Where one message goes. */
export interface Address {
  /** For the ledger: the party or the staff code, never a name. */
  recipient: string;
  name: string;
  phone?: string;
  email?: string;
  locale: string;
  timeZone: string;
  /** Stands for the telephone or the mailbox. */
  contact: string | null;
}

/** Everything that the messages of one moment need from the records, in one round trip. */
export interface Files {
  /** Undefined when the recipient cannot be reached by the notification's channel. */
  addressOf(notification: Notification): Address | undefined;
  /** Whom a party may ask for. */
  handler: { name: string; phone?: string } | undefined;
  planned(reference: string): PlannedRow | undefined;
}

/** What the ledger holds already. */
export interface PlannedRow {
  reference: string;
  facts: NotificationFacts;
  contact: string | null;
  /** What is to go out; null once it may have. */
  sealed: string | null;
}

interface StaffContext {
  number: string;
  branch: string;
  handler: string;
  isMajor?: boolean;
}

interface StaffRow {
  code: string;
  name: string;
  email: string;
  phone: string | null;
  /** What was asked for: their code or a role. */
  asked: string;
}

/** Staff read the company's language; a party reads its own. */
const staffLocale = { locale: 'zh-CN', timeZone: 'Asia/Shanghai' };

export async function openFiles(
  database: Database,
  keyring: Keyring,
  about: StaffContext,
  notifications: Notification[],
): Promise<Files> {
  const [{ parties, staff, planned }, hashContact] = await Promise.all([
    read(database, about, notifications),
    contactHashing(database, keyring),
  ]);
  const party = new Map(parties.map((row) => [row.id, row]));
  const person = new Map(staff.map((row) => [row.asked, row]));
  const rows = new Map(planned.map((row) => [row.reference, row]));
  return {
    addressOf({ to, channel }) {
      const address =
        'party' in to
          ? ofParty(party.get(to.party), keyring, about.number)
          : ofStaff(person.get('staff' in to ? to.staff : to.role));
      const at = address && reachedBy(address, channel);
      if (!address || (channel !== 'letter' && !at)) return undefined;
      return { ...address, contact: channel === 'letter' || !('party' in to) ? null : hashContact(at ?? '') };
    },
    handler: handlerIn(person.get(about.handler), about),
    planned: (reference) => rows.get(reference),
  };
}

/** A named person, or the first who has the role: in the claim's branch, else anywhere. */
async function read(
  database: Database,
  { number, branch, handler }: StaffContext,
  notifications: Notification[],
): Promise<{ parties: PartyRow[]; staff: StaffRow[]; planned: PlannedRow[] }> {
  const parties = notifications.flatMap(({ to }) => ('party' in to ? to.party : []));
  const staff = [handler, ...notifications.flatMap(({ to }) => ('staff' in to ? to.staff : []))];
  const roles = notifications.flatMap(({ to }) => ('role' in to ? to.role : []));
  const references = notifications
    .flatMap(({ id, insteadOf }) => [id, ...(insteadOf ? [insteadOf] : [])])
    .map((id) => `${number}/${id}`);
  const [row] = await database.prepared<{ found: Awaited<ReturnType<typeof read>> }>('open-files', opening, [
    number,
    parties,
    staff,
    roles,
    branch,
    references,
  ]);
  return row?.found ?? { parties: [], staff: [], planned: [] };
}

const opening = `
  SELECT jsonb_build_object(
    'parties', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'id', id, 'key', key, 'sealed', sealed, 'locale', locale, 'timeZone', time_zone)), '[]')
      FROM party WHERE claim = $1 AND id = ANY($2)),
    'staff', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'code', code, 'name', name, 'email', email, 'phone', phone, 'asked', asked)), '[]')
      FROM (
        SELECT code, name, email, phone, code AS asked FROM person WHERE code = ANY($3)
        UNION ALL
        SELECT first.code, first.name, first.email, first.phone, role AS asked
        FROM unnest($4::text[]) AS role
        CROSS JOIN LATERAL (
          SELECT code, name, email, phone FROM person
          WHERE active AND role = ANY(roles) ORDER BY (branch <> $5), code LIMIT 1
        ) AS first
      ) AS people),
    'planned', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'reference', reference, 'facts', facts, 'contact', contact,
        'sealed', CASE WHEN state IN ('planned', 'retryable') THEN sealed END)), '[]')
      FROM notification WHERE reference = ANY($6))
  ) AS found`;

function ofParty(
  row: PartyRow | undefined,
  keyring: Keyring,
  claim: string,
): Omit<Address, 'contact'> | undefined {
  if (!row) return undefined;
  const { name, phone, email, locale, timeZone } = openedParty(row, keyring, claim);
  return {
    recipient: row.id,
    name,
    locale,
    timeZone,
    ...present({ phone, email }),
  };
}

/**
 * Whether the party still has the contact that this message went to: what a former number or mailbox turns
 * out to be says nothing of the
 * one that they have now.
 */
export async function isStillTheirs(
  database: Database,
  keyring: Keyring,
  reference: string,
): Promise<boolean> {
  const [row] = await database.$queryRaw<(PartyRow & AddressedMessage)[]>`
    SELECT p.id, p.key, p.sealed, p.locale, p.time_zone AS "timeZone", n.claim, n.channel, n.contact
    FROM notification n JOIN party p ON p.claim = n.claim AND p.id = n.recipient
    WHERE n.reference = ${reference}`;
  return !row || row.contact === null || belongsTo(row, keyring, await contactHashing(database, keyring));
}

/** A contact that a party of a claim was written to under. */
export interface AddressedMessage {
  claim: string;
  channel: string;
  contact: string | null;
}

export function belongsTo(
  { claim, channel, contact, ...party }: PartyRow & AddressedMessage,
  keyring: Keyring,
  hashContact: HashContact,
): boolean {
  const address = party.key === '' ? undefined : reachedBy(openedParty(party, keyring, claim), channel);
  return address !== undefined && hashContact(address) === contact;
}

const reachedBy = (
  { phone, email }: Pick<ReadContact, 'phone' | 'email'>,
  channel: string,
): string | undefined => (channel === 'sms' ? phone : email);

/** Whose case is major has somebody of their own to ring; everybody else rings the hotline (S28). */
const handlerIn = (row: StaffRow | undefined, { isMajor }: StaffContext): Files['handler'] =>
  row && { name: row.name, ...present({ phone: isMajor && row.phone ? row.phone : undefined }) };

const ofStaff = (row: StaffRow | undefined): Omit<Address, 'contact'> | undefined =>
  row && { recipient: row.code, name: row.name, email: row.email, ...staffLocale };

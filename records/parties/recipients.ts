import type { Notification, NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Keyring } from '../../security/keyring.ts';
import { contactHashing } from '../keys/contact-key.ts';
import type { Database } from '../database.ts';
import { reachedBy } from './addressed.ts';
import { openedParty, type PartyRow } from './parties.ts';
import { present } from '../../domain/present.ts';

/** The recipient of one message, with all contacts. */
export interface Address {
  /** The id of the party or the staff code, for the ledger: never a name. */
  recipient: string;
  name: string;
  phone?: string;
  email?: string;
  locale: string;
  timeZone: string;
  /** The hash of the telephone number or the mailbox. */
  contact: string | null;
}

/** Everything that the messages of one moment need from the records, in one round trip. */
export interface Files {
  /** Undefined when the recipient cannot be reached by the notification's channel. */
  addressOf(notification: Notification): Address | undefined;
  /** The handler, whose name parties get. */
  handler: { name: string; phone?: string } | undefined;
  planned(reference: string): PlannedRow | undefined;
}

/** A message that is in the ledger already. */
export interface PlannedRow {
  reference: string;
  facts: NotificationFacts;
  contact: string | null;
  /** The text to send; null as soon as it may have been sent. */
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
  /** The code or the role that the notification names. */
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

/** In a major case the party gets the handler's own number. Other parties call the hotline (S28). */
const handlerIn = (row: StaffRow | undefined, { isMajor }: StaffContext): Files['handler'] =>
  row && { name: row.name, ...present({ phone: isMajor && row.phone ? row.phone : undefined }) };

const ofStaff = (row: StaffRow | undefined): Omit<Address, 'contact'> | undefined =>
  row && { recipient: row.code, name: row.name, email: row.email, ...staffLocale };

import type { Notification, NotificationFacts } from '../../domain/messages/notifications.ts';
import type { Keyring } from '../../security/keyring.ts';
import { contactHashing } from '../keys/contact-key.ts';
import type { Database } from '../database.ts';
import { reachedBy } from './addressed.ts';
import { wordsOfTerm } from '../policies/policies.ts';
import { openedParty, type PartyRow } from './parties.ts';
import { present } from '../../domain/present.ts';

/** The recipient of one message, with all contacts. */
export interface Address {
  /** The id of the party, for the ledger: never a name. */
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
  /** The key of the recipient, which the text is sealed under; undefined when the recipient was erased. */
  keyOf(notification: Notification): string | undefined;
  /** The handler, whose name parties get. */
  handler: { name: string; phone?: string } | undefined;
  planned(reference: string): PlannedRow | undefined;
  /** The words of the special term that a refusal quotes. */
  termWords(facts: NotificationFacts): string | undefined;
}

/** A message that is in the ledger already. */
export interface PlannedRow {
  reference: string;
  facts: NotificationFacts;
  contact: string | null;
  /** The text to send; null as soon as it may have been sent. */
  sealed: string | null;
}

interface HandlerContext {
  number: string;
  handler: string;
  isMajor?: boolean;
}

interface HandlerRow {
  name: string;
  phone: string | null;
}

export async function openFiles(
  database: Database,
  keyring: Keyring,
  about: HandlerContext,
  notifications: Notification[],
): Promise<Files> {
  const [{ parties, handler, planned }, hashContact] = await Promise.all([
    read(database, about, notifications),
    contactHashing(database, keyring),
  ]);
  const terms = await termsIn(database, [...notifications, ...planned]);
  const party = new Map(parties.map((row) => [row.id, row]));
  const rows = new Map(planned.map((row) => [row.reference, row]));
  return {
    addressOf({ to, channel }) {
      const address = ofParty(party.get(to.party), keyring, about.number);
      const at = address && reachedBy(address, channel);
      if (!address || (channel !== 'letter' && !at)) return undefined;
      return { ...address, contact: channel === 'letter' ? null : hashContact(at ?? '') };
    },
    keyOf: ({ to }) => party.get(to.party)?.key || undefined,
    handler: handlerIn(handler, about),
    planned: (reference) => rows.get(reference),
    termWords: ({ term }) => term && terms.get(JSON.stringify(term)),
  };
}

async function termsIn(
  database: Database,
  messages: readonly { facts: NotificationFacts }[],
): Promise<Map<string, string | undefined>> {
  const terms = messages.flatMap(({ facts }) => facts.term ?? []);
  return new Map(
    await Promise.all(
      terms.map(async (term) => [JSON.stringify(term), await wordsOfTerm(database, term)] as const),
    ),
  );
}

async function read(
  database: Database,
  { number, handler }: HandlerContext,
  notifications: Notification[],
): Promise<{ parties: PartyRow[]; handler: HandlerRow | null; planned: PlannedRow[] }> {
  const parties = notifications.map(({ to }) => to.party);
  const references = notifications
    .flatMap(({ id, insteadOf }) => [id, ...(insteadOf ? [insteadOf] : [])])
    .map((id) => `${number}/${id}`);
  const [row] = await database.prepared<{ found: Awaited<ReturnType<typeof read>> }>('open-files', opening, [
    number,
    parties,
    handler,
    references,
  ]);
  return row?.found ?? { parties: [], handler: null, planned: [] };
}

const opening = `
  SELECT jsonb_build_object(
    'parties', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'id', id, 'key', key, 'sealed', sealed, 'locale', locale, 'timeZone', time_zone)), '[]')
      FROM party WHERE claim = $1 AND id = ANY($2)),
    'handler', (SELECT jsonb_build_object('name', name, 'phone', phone) FROM person WHERE code = $3),
    'planned', (
      SELECT COALESCE(jsonb_agg(jsonb_build_object(
        'reference', reference, 'facts', facts, 'contact', contact,
        'sealed', CASE WHEN state IN ('planned', 'retryable') THEN sealed END)), '[]')
      FROM notification WHERE reference = ANY($4))
  ) AS found`;

function ofParty(
  row: PartyRow | undefined,
  keyring: Keyring,
  claim: string,
): Omit<Address, 'contact'> | undefined {
  if (!row?.key) return undefined;
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
const handlerIn = (row: HandlerRow | null, { isMajor }: HandlerContext): Files['handler'] =>
  row ? { name: row.name, ...present({ phone: isMajor && row.phone ? row.phone : undefined }) } : undefined;

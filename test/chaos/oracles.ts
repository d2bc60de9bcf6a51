import { setTimeout as pause } from 'node:timers/promises';
import { mailTokens } from '../../records/keys/contact-key.ts';
import { intactJournal } from '../../records/journal/journal-check.ts';
import type { Keyring } from '../../security/keyring.ts';
import { messageIdOf } from '../../providers/smtp/headers.ts';
import type { Database } from '../../records/database.ts';
import type { Claims } from '../../client/engine/claims.ts';
import type { JournalEntry } from '../../domain/claim/journal.ts';
import type { Office } from './office.ts';
import { mailDomain, type Outside } from './outside.ts';
import { mailsAt, messagesAt, paymentsAt } from './providers.ts';

/** What there is at one moment, for people. */
export interface Counts {
  claims: number;
  entries: number;
  /** Rows of the ledger, and of them those that a provider has taken. */
  ledger: number;
  accepted: number;
  sms: number;
  mails: number;
  payments: number;
}

export async function countsOf(database: Database, outside: Outside): Promise<Counts> {
  const [claims, entries, ledger, accepted, sms, mails, payments] = await Promise.all([
    database.claim.count(),
    database.journalEntry.count(),
    database.notification.count(),
    database.notification.count({ where: { state: { in: ['accepted', 'delivered'] } } }),
    messagesAt(outside),
    mailsAt(outside),
    paymentsAt(outside),
  ]);
  return {
    claims,
    entries,
    ledger,
    accepted,
    sms: sms.length,
    mails: mails.length,
    payments: payments.length,
  };
}

/** Where it all lies once everything is quiet. */
export interface Scene {
  database: Database;
  outside: Outside;
  office: Office;
  claims: Claims;
  keyring: Keyring;
  /** Answered as filed. */
  filed: string[];
}

const lookAgainMs = 10_000;

/**
 * Everything that must hold after an outage; each breach as a sentence. Claims that were left open continue
 * meanwhile, and what is on its way at one look is there at the next: a breach is what two looks find.
 */
export async function breaches(scene: Scene): Promise<string[]> {
  const first = await look(scene);
  if (first.length === 0) return first;
  await pause(lookAgainMs);
  const second = await look(scene);
  return first.filter((breach) => second.includes(breach));
}

/** What is so at this moment, and may be otherwise at the next. */
export async function look(scene: Scene): Promise<string[]> {
  const journals = await journalsOf(scene.database);
  const found = await Promise.all([
    filedExist(scene, journals),
    messagesOnce(scene),
    paymentsOnce(scene, journals),
    deliveredToTheEnd(scene, journals),
    rungsOnce(journals),
    chainIntact(scene),
    openClaimsWait(scene),
    sameState(scene),
  ]);
  return found.flat();
}

type Journals = Map<string, JournalEntry[]>;

async function journalsOf(database: Database): Promise<Journals> {
  const rows = await database.journalEntry.findMany({
    orderBy: [{ claim: 'asc' }, { seq: 'asc' }],
    select: { claim: true, entry: true },
  });
  return new Map(
    [...Map.groupBy(rows, ({ claim }) => claim)].map(([claim, entries]) => [
      claim,
      entries.map(({ entry }): JournalEntry => JSON.parse(entry)),
    ]),
  );
}

const filedExist = ({ filed }: Scene, journals: Journals): string[] =>
  filed
    .filter((no) => journals.get(no)?.[0]?.kind !== 'claim-opened')
    .map((no) => `${no} was answered as filed and has no journal`);

/**
 * O1: one message at the provider for each row of the ledger that says so, none without a row, and never two.
 */
async function messagesOnce({ database, outside, keyring }: Scene): Promise<string[]> {
  const [toParties, toStaff, sms, mails] = await Promise.all([
    database.notification.findMany({
      where: { channel: { in: ['sms', 'email'] } },
      select: { reference: true, channel: true, state: true },
    }),
    database.staffNotification.findMany({ select: { reference: true, state: true } }),
    messagesAt(outside),
    mailsAt(outside),
  ]);
  const rows = [...toParties, ...toStaff.map((row) => ({ ...row, channel: 'email' }))];
  const keyed = [...sms.map(({ reference }) => reference), ...mails];
  const tokenOf = mailTokens(database, keyring);
  const known = new Map(
    await Promise.all(
      rows.map(async (row) => {
        const isSms = row.channel === 'sms';
        return [isSms ? row.reference : messageIdOf(await tokenOf(row.reference), mailDomain), row] as const;
      }),
    ),
  );
  const times = Map.groupBy(keyed, (key) => key);
  return [
    ...[...times]
      .filter(([, all]) => all.length > 1)
      .map(([key, all]) => `${known.get(key)?.reference ?? key} was sent ${all.length} times`),
    ...[...times.keys()]
      .filter((key) => !known.has(key))
      .map((key) => `${key} was sent and is not in the ledger`),
    ...[...known]
      .filter(([key, { state }]) => ['accepted', 'delivered'].includes(state) && !times.has(key))
      .map(([, { reference }]) => `${reference} counts as sent and no provider has it`),
  ];
}

/** Each item that was instructed is paid once, and each that the journal calls paid the bank has paid. */
async function paymentsOnce({ outside }: Scene, journals: Journals): Promise<string[]> {
  const payments = await paymentsAt(outside);
  const paid = payments.filter(({ status }) => status !== 'RJCT');
  const twice = [...Map.groupBy(paid, ({ id }) => id.replace(/-payment-\d+$/, ''))].filter(
    ([, all]) => all.length > 1,
  );
  const entries = [...journals.values()].flat();
  const instructed = new Set(
    entries.flatMap((entry) => (entry.kind === 'payment-instructed' ? [entry.payment] : [])),
  );
  const confirmed = entries.flatMap((entry) => (entry.kind === 'payment-confirmed' ? [entry.payment] : []));
  return [
    ...twice.map(([item, all]) => `${item} was paid ${all.length} times`),
    ...payments
      .filter(({ id }) => !instructed.has(id))
      .map(({ id }) => `${id} is at the bank and in no journal`),
    ...[...instructed]
      .filter((id) => !payments.some((each) => each.id === id))
      .map((id) => `${id} was instructed and the bank does not know it`),
    ...confirmed
      .filter((id, index) => confirmed.indexOf(id) !== index)
      .map((id) => `${id} was confirmed twice`),
  ];
}

/**
 * O2: what a party was to hear has an outcome: it was not given up. The ledger has it at once, the journal
 * with its next entries.
 */
async function deliveredToTheEnd({ database }: Scene, journals: Journals): Promise<string[]> {
  const rows = await database.notification.findMany({
    where: { state: { in: ['accepted', 'delivered'] } },
    select: { reference: true },
  });
  const sent = new Set(rows.map(({ reference }) => reference));
  return [...journals].flatMap(([no, journal]) => {
    const planned = journal.flatMap((entry) =>
      entry.kind === 'notification-planned' ? [entry.notification.id] : [],
    );
    const ended = new Map(
      journal.flatMap((entry) =>
        entry.kind === 'notification-ended' ? [[entry.notification, entry.outcome.kind] as const] : [],
      ),
    );
    return planned
      .filter((id) => !ended.has(id) && !sent.has(`${no}/${id}`))
      .map((id) => `${no}: ${id} ended as ${ended.get(id) ?? 'nothing'}`);
  });
}

/** Timers fire once: no rung before its time, and none twice for one date. */
const rungsOnce = (journals: Journals): string[] =>
  [...journals].flatMap(([no, journal]) =>
    rungsOf(journal)
      .filter(({ due, at, next }) => at < due || next <= at)
      .map(
        ({ expectation, due, at }) =>
          `${no}: a rung of ${expectation} was taken at ${at} and was due at ${due}`,
      ),
  );

/**
 * Rungs in the order in which they were taken: each when it was due, when it was taken, and when the next one
 * is.
 */
function rungsOf(journal: JournalEntry[]): { expectation: string; due: string; at: string; next: string }[] {
  const next = new Map<string, string>();
  return journal.flatMap((entry) => {
    if (entry.kind === 'expectation-opened') next.set(entry.expectation.id, entry.expectation.next.at);
    if (entry.kind === 'promised') next.set(entry.expectation, entry.next.at);
    if (entry.kind !== 'rung-taken') return [];
    const due = next.get(entry.expectation) ?? '';
    next.set(entry.expectation, entry.next.at);
    return [{ expectation: entry.expectation, due, at: entry.at, next: entry.next.at }];
  });
}

/** How many rungs were due while a part was away, each of which was then taken. */
export async function rungsDueBetween(database: Database, from: number, to: number): Promise<number> {
  const rungs = [...(await journalsOf(database)).values()].flatMap(rungsOf);
  return rungs.filter(({ due }) => Date.parse(due) >= from && Date.parse(due) < to).length;
}

/** O4: the journals' chains of hashes. */
async function chainIntact({ database }: Scene): Promise<string[]> {
  const claims = await database.claim.findMany({ select: { number: true } });
  const journals = await Promise.all(claims.map(({ number }) => intactJournal(database, number)));
  return journals.flatMap((journal) =>
    journal.kind === 'broken' ? [`The journal of ${journal.claim} is broken at entry ${journal.at}`] : [],
  );
}

const lateByMs = 30_000;

/** An open claim waits for somebody, and what is next lies ahead. */
async function openClaimsWait({ database }: Scene): Promise<string[]> {
  const open = await database.claim.findMany({
    where: { outcome: null },
    select: { number: true, expectations: { select: { id: true, nextAt: true } } },
  });
  const late = Date.now() - lateByMs;
  return open.flatMap(({ number, expectations }) => [
    ...(expectations.length === 0 ? [`${number} is open and waits for nobody`] : []),
    ...expectations
      .filter(({ nextAt }) => nextAt.getTime() < late)
      .map(({ id, nextAt }) => `${number}: ${id} was due at ${nextAt.toISOString()} and nothing happened`),
  ]);
}

/**
 * O7: the workflow and the read model have the same state. A claim may move on between the two looks, so it
 * is looked at again.
 */
async function sameState({ database, claims }: Scene): Promise<string[]> {
  const all = await database.claim.findMany({ select: { number: true } });
  const found: string[] = [];
  for (const { number } of all)
    if (!(await isSame(database, claims, number)))
      found.push(`${number}: the workflow and the read model differ`);
  return found;
}

async function isSame(database: Database, claims: Claims, number: string): Promise<boolean> {
  for (let looks = 0; looks < 5; looks += 1) {
    const [answer, row] = await Promise.all([
      claims.state(number),
      database.claim.findUnique({ where: { number }, select: { state: true } }),
    ]);
    if (answer.kind === 'found' && comparable(answer.claim) === comparable(row?.state)) return true;
  }
  return false;
}

/** What went out with its moment is no entry of the records yet: its number and its time differ. */
function comparable(state: unknown): string {
  const { seq: _seq, lastContact: _contact, ...rest } = { seq: 0, lastContact: {}, ...Object(state) };
  return sorted(rest);
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

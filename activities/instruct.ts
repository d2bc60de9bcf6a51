import type { KeyObject } from 'node:crypto';
import { ApplicationFailure } from '@temporalio/common';
import { calendarFor } from '../config/calendars.ts';
import type { RuleBook } from '../config/rules/load.ts';
import type { Claim } from '../domain/claim/claim.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { ClaimNumber } from '../domain/ids.ts';
import { isDuplicate } from '../domain/money/bank-reasons.ts';
import {
  countedWith,
  gate,
  held,
  type AtGate,
  type CountedTogether,
  type FellBecause,
  type Held,
  type May,
  type Order,
} from '../domain/money/gate.ts';
import { dailyAmount } from '../domain/money/authority.ts';
import { elsewhereOnly } from '../domain/money/elsewhere.ts';
import type { Elsewhere } from '../domain/money/related.ts';
import { tiesOf, type Ties } from '../domain/money/ties.ts';
import type { StaffCode } from '../domain/people/people.ts';
import type { Instant } from '../domain/time/time.ts';
import type { BankPort } from '../providers/ports.ts';
import type { Database } from '../records/database.ts';
import { intactJournal } from '../records/journal/journal-check.ts';
import { isPlaced, keepAnswer, placePayment } from '../records/money/payments.ts';
import { elsewhereOf, openPaymentsOf } from '../records/money/related.ts';
import { authorityOf } from '../records/staff/authority.ts';
import { readContact } from '../records/parties/contacts.ts';
import { payeeOf } from '../records/parties/parties.ts';
import { marking } from '../records/keys/contact-key.ts';
import { policyOf, policyVersions, type VersionName } from '../records/policies/policies.ts';
import type { Keyring } from '../security/keyring.ts';
import { checkProof } from '../security/signing.ts';

export interface ToInstruct {
  claim: ClaimNumber;
  payment: string;
}

/** What the bank says of a payment, where the journal says something else. */
export type BankWord = { payment: string; reference: string };

/**
 * `held`: nothing was instructed, and people must look. `confirmed` then names the payment that the bank has
 * paid, although the journal has it returned.
 */
export type BankAnswer =
  | { kind: 'accepted' }
  | { kind: 'rejected'; reason: string }
  | { kind: 'approval-fell'; by: StaffCode[]; because: FellBecause }
  | CountedTogether
  | (Held & { confirmed?: BankWord });

export type Instruct = (of: ToInstruct) => Promise<BankAnswer>;

type AtGateNow = AtGate & { kind: 'at' };

/** Two payments that belong together may meet; more than a few do not at once. */
const attemptsToPlace = 5;

type Status = Exclude<Awaited<ReturnType<BankPort['inquire']>>, { kind: 'busy' }>;

/**
 * Instructs the bank, if the gate lets the payment pass. Believes nobody: reads the journal, the rules, the
 * policy and the people from the records, and asks the bank about every earlier payment. Safe to run twice,
 * because the bank takes a payment once under its id. Without an answer of the bank it throws, and is
 * retried; so it does while the instruction is not stored.
 */
export function makeInstruct(
  database: Database,
  keyring: Keyring,
  bank: BankPort,
  book: RuleBook,
  roots: readonly KeyObject[],
): Instruct {
  return async ({ claim: number, payment }) => {
    const journal = await intactJournal(database, number);
    if (journal.kind === 'broken')
      return held('journal', `The journal's chain of hashes is broken at entry ${journal.at}.`);
    const { entries } = journal;
    if (!entries.some((entry) => entry.kind === 'payment-instructed' && entry.payment === payment))
      throw ApplicationFailure.create({
        type: 'NotStoredYet',
        message: `The journal of ${number} does not instruct ${payment} yet`,
      });
    const at = await atGate(entries, payment);
    if (at.kind === 'held') return at;
    const passed = gate(at);
    if (passed.kind === 'settled') return { kind: 'accepted' };
    const [word, wasPlaced] = [await known(payment), await isPlaced(database, payment)];
    if (word.kind === 'returned') return { kind: 'rejected', reason: word.reason };
    const isSent = wasPlaced && word.kind !== 'not-known';
    // An approval that is cancelled after the order was sent recalls nothing.
    if (passed.kind === 'approval-fell' && isSent) return { kind: 'accepted' };
    if (passed.kind !== 'may') return passed;
    const { order, claim } = passed;
    if (word.kind !== 'not-known' && !wasPlaced)
      return held('bank', `The bank has ${payment} already (${word.kind}), and nobody here instructed it.`);
    const contradiction = isSent ? undefined : await contradictionOf(entries, claim, payment);
    if (contradiction) return contradiction;
    const party = await readContact(database, keyring, number, order.party);
    // An erased payee has no account any more.
    if (!party || 'kind' in party) return { kind: 'rejected', reason: 'no-account' };
    const payee = payeeOf(party, order, await marking(database, keyring));
    if (!payee) return { kind: 'rejected', reason: 'no-account' };
    const place = await placed(passed, at);
    if (place) return place;
    return isSent ? { kind: 'accepted' } : send(order, payee);
  };

  async function atGate(entries: JournalEntry[], payment: string): Promise<AtGateNow | Held> {
    const [first] = entries;
    if (first?.kind !== 'claim-opened') return held('journal', 'A journal begins with claim-opened.');
    const pack = book.recorded(first.rules);
    const [{ now, people }, inForce, versions] = await Promise.all([
      authorityOf(database, [...new Set(entries.map(({ by }) => by))], {
        line: first.line,
        currency: first.currency,
      }),
      policyOf(database, policyIn(entries) ?? first.policy, lossAtIn(entries) ?? first.lossAt),
      policyVersions(database, coversIn(entries)),
    ]);
    return {
      kind: 'at',
      entries,
      payment,
      now,
      rules: { pack, calendar: calendarFor(pack, first.lossAt, now) },
      policy: (number, version) => versions.get(`${number} ${version}`),
      policyInForce: inForce?.version,
      personNow: (code) => people.get(code),
      signedBy: (proof) => checkProof(roots, proof),
    };
  }

  /** Money that came back, or never left, must not be at the bank: else it would be paid twice. */
  async function contradictionOf(
    entries: JournalEntry[],
    claim: Claim,
    payment: string,
  ): Promise<BankAnswer | undefined> {
    const others = claim.items.flatMap(({ payments }) =>
      payments.filter(({ id, kind }) => id !== payment && (kind === 'returned' || kind === 'dropped')),
    );
    for (const { id, kind } of others) {
      const status = await known(id);
      const isClear = status.kind === 'confirmed' && wasFoundUnpaid(entries, id);
      if ((status.kind === 'confirmed' || status.kind === 'pending') && !isClear)
        return {
          ...held('bank', `The journal has ${id} as ${kind}, and the bank says "${status.kind}".`),
          ...(status.kind === 'confirmed' ? { confirmed: { payment: id, reference: status.reference } } : {}),
        };
    }
    return undefined;
  }

  /**
   * Gives the payment its place. Where the records know more than the claim, it is looked at with that: it is
   * placed, or goes back to the claim with what they know. Undefined once it has its place.
   */
  async function placed(may: May, at: AtGate): Promise<BankAnswer | undefined> {
    const { order, claim } = may;
    const { pack } = at.rules;
    const ties = tiesOf(claim, pack);
    let elsewhere: Elsewhere = elsewhereOnly(claim);
    for (let attempt = 0; attempt < attemptsToPlace; attempt += 1) {
      const answer = await placePayment(database, order, {
        ties,
        elsewhere,
        aDayMinor: pack.automatic.aDayMinor,
      });
      switch (answer.kind) {
        case 'placed':
          return undefined;
        case 'other-content':
          return held('other-content', `${order.payment} was placed with another amount or account.`);
        case 'daily-amount':
          return { kind: 'approval-fell', by: ['lipei'], because: dailyAmount };
        default:
          elsewhere = await settledElsewhere(claim.number, ties, answer.elsewhere);
      }
      const counted = countedWith(may, elsewhere, at);
      if (counted.kind === 'counted-together') return counted;
    }
    throw busy(`Claims that are counted together with ${order.claim} change all the time`);
  }

  /** The bank may have returned what others were paid; that counts no more. */
  async function settledElsewhere(claim: ClaimNumber, ties: Ties, found: Elsewhere): Promise<Elsewhere> {
    const open = await openPaymentsOf(
      database,
      found.related.map((each) => each.claim),
    );
    for (const payment of open) await known(payment);
    return open.length > 0 ? elsewhereOf(database, claim, ties) : found;
  }

  async function send(order: Order, payee: { name: string; account: string }): Promise<BankAnswer> {
    const { payment: id, amountMinor: minor, currency } = order;
    const answer = await bank.instruct({ id, amount: { minor, currency }, payee, remittance: id });
    if (answer.kind === 'accepted') {
      await keepAnswer(database, id, 'accepted');
      return answer;
    }
    if (answer.kind !== 'rejected') throw busy(`The bank did not take ${id}: ${answer.kind} ${answer.code}`);
    if (!isDuplicate(answer.reason)) await keepAnswer(database, id, 'returned');
    return answer;
  }

  function known(payment: string): Promise<Status> {
    return inquired(database, bank, payment);
  }
}

/** Asks the bank about a payment, and keeps a final answer. Throws while the bank does not answer. */
export async function inquired(database: Database, bank: BankPort, payment: string): Promise<Status> {
  const status = await bank.inquire(payment);
  if (status.kind === 'busy') throw busy(`The bank did not answer about ${payment}: ${status.code}`);
  if (status.kind === 'confirmed' || status.kind === 'returned')
    await keepAnswer(database, payment, status.kind);
  return status;
}

/** The policy after the corrections of the notice. */
const policyIn = (entries: JournalEntry[]): string | undefined =>
  entries.flatMap((entry) => (entry.kind === 'claim-corrected' ? (entry.policy ?? []) : [])).at(-1);

/** The versions of policies that cover was checked with. */
function coversIn(entries: JournalEntry[]): VersionName[] {
  let policy = '';
  return entries.flatMap((entry) => {
    if (entry.kind === 'claim-opened') policy = entry.policy;
    if (entry.kind === 'claim-corrected') policy = entry.policy ?? policy;
    const version = entry.kind === 'cover-checked' ? entry.cover.version : undefined;
    return version === undefined ? [] : [{ number: policy, version }];
  });
}

/** The moment of the loss after the corrections of the notice. */
const lossAtIn = (entries: JournalEntry[]): Instant | undefined =>
  entries.flatMap((entry) => (entry.kind === 'claim-corrected' ? (entry.lossAt ?? []) : [])).at(-1);

/** A person has cleared the contradiction already: the bank says it was paid, and it was not. */
function wasFoundUnpaid(entries: JournalEntry[], payment: string): boolean {
  const words = entries.filter(
    (entry) =>
      (entry.kind === 'payment-held' || entry.kind === 'payment-cleared') && entry.payment === payment,
  );
  return words.some(({ kind }) => kind === 'payment-held') && words.at(-1)?.kind === 'payment-cleared';
}

const busy = (message: string): ApplicationFailure =>
  ApplicationFailure.create({ type: 'ProviderBusy', message });

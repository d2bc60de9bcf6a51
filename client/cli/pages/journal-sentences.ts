import { isActEvent, sentenceOfAct } from '../../../domain/claim/acts.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { plainAmount } from '../../../domain/money/money.ts';
import type { NotificationOutcome, Recipient } from '../../../domain/messages/notifications.ts';
import { reasonNotSent } from '../../../domain/messages/reasons.ts';
import { localTime } from '../input/times.ts';

type Of<K extends JournalEntry['kind']> = Extract<JournalEntry, { kind: K }>;

/** What a journal's first entry tells about all that follow. */
export interface About {
  currency: string;
  roles: Map<string, string>;
}

export function about(entries: JournalEntry[]): About {
  const [first] = entries;
  const opened = first?.kind === 'claim-opened' ? first : undefined;
  return {
    currency: opened?.currency ?? '',
    roles: new Map(opened?.parties.map(({ id, role }) => [id, role])),
  };
}

/** An entry in a sentence's words, without who and when. */
export function sentenceOf(entry: JournalEntry, { currency, roles }: About): string {
  const money = (minor: number): string => plainAmount({ minor, currency });
  const party = (id: string): string => roles.get(id) ?? id;
  if (isActEvent(entry)) return sentenceOfAct(entry.kind, entry, { money, party, time: localTime });
  switch (entry.kind) {
    case 'claim-opened':
      return `opened from ${entry.source}: ${entry.items.map(({ id, object, claimedMinor }) => `${id} ${object} ${money(claimedMinor)}`).join(', ')}; handler ${entry.handler}, surveyor ${entry.surveyor}`;
    case 'acknowledged':
      return 'acknowledged';
    case 'cover-checked':
      return entry.cover.kind === 'covered'
        ? 'covered by the policy'
        : `not covered (${entry.cover.clause}): ${entry.cover.reasons.join('; ')}`;
    case 'receipt-issued':
      return `${entry.item}: papers complete, receipt ${entry.number}`;
    case 'risk-scored':
      return `${entry.item}: ${entry.points} risk points${entry.factors.length > 0 ? ` (${entry.factors.join(', ')})` : ''}`;
    case 'approval-voided':
      return `approvals of ${entry.item} fell because of "${entry.because}"`;
    case 'payment-approved':
      return `payment of ${money(entry.amountMinor)} for ${entry.item} released`;
    case 'payment-instructed':
      return `bank instructed to pay ${entry.item}`;
    case 'payment-confirmed':
      return `bank has paid ${entry.item}, reference ${entry.reference}`;
    case 'payment-returned':
      return `bank returned the payment for ${entry.item}: ${entry.reason}`;
    case 'withdrawal-requested':
      return 'somebody asked to withdraw the claim';
    case 'claim-closed':
      return `closed: ${entry.outcome}`;
    case 'expectation-opened':
      return `waits for ${entry.expectation.from}: ${entry.expectation.what}${inItem(entry.expectation.item)}; next ${entry.expectation.next.do} ${localTime(entry.expectation.next.at)}`;
    case 'expectation-ended':
      return `waits no longer for ${entry.expectation} (${entry.how})`;
    case 'rung-taken':
      return `${rung(entry)} ${entry.expectation}; next ${entry.next.do} ${localTime(entry.next.at)}`;
    case 'notification-planned':
      return `to ${recipient(entry.notification.to, party)} by ${entry.notification.channel}: ${entry.notification.kind}`;
    case 'notification-extended':
      return `${entry.notification} also says ${entry.documents.map(({ kind }) => kind).join(', ')}`;
    case 'notification-ended':
      return `${entry.notification}: ${outcome(entry.outcome)}`;
    case 'delivery-reported':
      return `${entry.notification}: ${entry.outcome}${entry.code ? ` (${entry.code})` : ''}, ${localTime(entry.arrived)}`;
    case 'clock-changed':
      return clock(entry);
    case 'channel-lost':
      return `${party(entry.party)} cannot be reached by ${entry.channel} any more (${entry.code})`;
    case 'channel-restored':
      return `${party(entry.party)} can be reached by ${entry.channel} again`;
    case 'party-unreached':
      return `nothing brings ${entry.notification} to ${party(entry.party)}: somebody has to call`;
    case 'text-received':
      return `${party(entry.party)} has written to us: note ${entry.note}`;
    case 'problem-raised':
      return `problem ${entry.problem}: ${entry.what}`;
    case 'message-refused':
      return `refused "${entry.refusal.message}" (${entry.refusal.reason}): ${entry.refusal.sentence}`;
    default:
      return kindOf(entry);
  }
}

/** Our own reasons in words; a provider's code as it is. */
function outcome(ended: NotificationOutcome): string {
  if (ended.kind === 'accepted') return 'accepted';
  const code = ended.kind === 'suppressed' ? ended.reason : ended.code;
  const reason = reasonNotSent(code);
  return reason ? `not sent: ${reason.says}` : `${ended.kind} (${code})`;
}

/** Records that a newer version wrote may hold kinds that this one has no words for. */
const kindOf = (entry: never): string => String(Object(entry).kind);

const inItem = (item?: string): string => (item ? ` (${item})` : '');

export const recipient = (to: Recipient, party: (id: string) => string): string => {
  if ('party' in to) return party(to.party);
  return 'staff' in to ? to.staff : `the ${to.role}`;
};

function clock({ item, to: { state, due, pausedSince, reached } }: Of<'clock-changed'>): string {
  if (state === 'stopped') return `${item} is decided: the law’s clock stops`;
  if (state === 'paused')
    return `the law’s clock for ${item} pauses: the request for papers arrived, counted from ${localTime(pausedSince ?? due)}`;
  return `${item} is to be decided by ${localTime(due)}${reached ? nearness[reached] : ''}`;
}

const nearness = { warning: ': that is near', due: ': that is past' };

function rung({ did, to }: Of<'rung-taken'>): string {
  if (did === 'escalate') return `escalates to the ${to ?? 'next'}`;
  return {
    chase: 'chases',
    call: 'asks for a call about',
    write: 'writes formally about',
    remind: 'reminds of',
    inquire: 'asks about',
  }[did];
}

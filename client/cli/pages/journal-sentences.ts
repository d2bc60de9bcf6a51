import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { plainAmount } from '../../../domain/money/money.ts';
import type { Recipient } from '../../../domain/messages/notifications.ts';
import { isLocalDate } from '../../../domain/time/time.ts';
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
  switch (entry.kind) {
    case 'claim-opened':
      return `opened from ${entry.source}: ${entry.items.map(({ id, object, claimedMinor }) => `${id} ${object} ${money(claimedMinor)}`).join(', ')}; handler ${entry.handler}, surveyor ${entry.surveyor}`;
    case 'acknowledged':
      return 'acknowledged';
    case 'cover-checked':
      return entry.cover.kind === 'covered'
        ? 'covered by the policy'
        : `not covered (${entry.cover.clause}): ${entry.cover.reasons.join('; ')}`;
    case 'survey-reported':
      return `survey reported, ${entry.onScene ? 'on the scene' : 'not on the scene'}`;
    case 'document-received':
      return `${documentOf(entry)} received`;
    case 'document-accepted':
      return `${documentOf(entry)} accepted`;
    case 'document-rejected':
      return `${documentOf(entry)} rejected: ${entry.reason}`;
    case 'document-waived':
      return `${documentOf(entry)} waived`;
    case 'receipt-issued':
      return `${entry.item}: papers complete, receipt ${entry.number}`;
    case 'assessed':
      return `${entry.item} assessed at ${money(entry.amountMinor)} (version ${entry.version})${entry.cuts ? `: ${entry.cuts.map(({ reason, minor }) => `${reason} ${money(-minor)}`).join(', ')}` : ''}`;
    case 'verified':
      return `${entry.item}: assessment ${entry.version} verified`;
    case 'payee-set':
      return `${entry.item} is to be paid to ${party(entry.party)}${entry.changed ? ', another account than before' : ''}`;
    case 'risk-scored':
      return `${entry.item}: ${entry.points} risk points${entry.factors.length > 0 ? ` (${entry.factors.join(', ')})` : ''}`;
    case 'approved':
      return `${entry.item} approved, the claim's total being ${money(entry.totalMinor)}${entry.needs > 1 ? ` (needs ${entry.needs} people)` : ''}`;
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
    case 'returned-for-rework':
      return `${entry.item} returned to ${entry.to}: ${entry.reason}${entry.documents ? ` (${entry.documents.join(', ')})` : ''}`;
    case 'refusal-proposed':
      return `refusal of ${entry.item} proposed (${entry.clause}): ${entry.reasons.join('; ')}`;
    case 'refusal-confirmed':
      return `refusal of ${entry.item} confirmed`;
    case 'withdrawal-requested':
      return 'somebody asked to withdraw the claim';
    case 'withdrawal-cancelled':
      return 'stays open';
    case 'item-concluded':
      return `${entry.item} ended: ${entry.outcome.kind}${entry.outcome.kind === 'paid' ? ` ${money(entry.outcome.amountMinor)}` : ''}`;
    case 'claim-closed':
      return `closed: ${entry.outcome}`;
    case 'handed-over':
      return `${entry.to} takes over as ${entry.role}`;
    case 'claim-corrected':
      return `notice corrected: ${correction(entry, money)}`;
    case 'contact-corrected':
      return `contact of ${party(entry.party)} corrected`;
    case 'note-added':
      return `note ${entry.note}`;
    case 'call-recorded':
      return `${party(entry.party)} called: ${entry.outcome}${entry.promised ? `, promised ${isLocalDate(entry.promised) ? entry.promised : localTime(entry.promised)}` : ''}`;
    case 'expectation-opened':
      return `waits for ${entry.expectation.from}: ${entry.expectation.what}${inItem(entry.expectation.item)}; next ${entry.expectation.next.do} ${localTime(entry.expectation.next.at)}`;
    case 'expectation-ended':
      return `waits no longer for ${entry.expectation} (${entry.how})`;
    case 'rung-taken':
      return `${rung(entry)} ${entry.expectation}; next ${entry.next.do} ${localTime(entry.next.at)}`;
    case 'promised':
      return `holds ${entry.expectation} until ${localTime(entry.promised)}`;
    case 'notification-planned':
      return `to ${recipient(entry.notification.to, party)} by ${entry.notification.channel}: ${entry.notification.kind}`;
    case 'notification-extended':
      return `${entry.notification} also says ${entry.documents.map(({ kind }) => kind).join(', ')}`;
    case 'notification-ended':
      return `${entry.notification}: ${entry.outcome.kind}${'code' in entry.outcome ? ` (${entry.outcome.code})` : ''}`;
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
    case 'letter-posted':
      return `${entry.notification} posted`;
    case 'problem-raised':
      return `problem ${entry.problem}: ${entry.what}`;
    case 'problem-solved':
      return `problem ${entry.problem} solved`;
    case 'message-refused':
      return `refused "${entry.refusal.message}" (${entry.refusal.reason}): ${entry.refusal.sentence}`;
    default:
      return kindOf(entry);
  }
}

/** Records that a newer version wrote may hold kinds that this one has no words for. */
const kindOf = (entry: never): string => String(Object(entry).kind);

const documentOf = ({ document, item }: { document: string; item?: string }): string =>
  `${document}${inItem(item)}`;

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

const correction = (
  { policy, lossAt, item }: Of<'claim-corrected'>,
  money: (minor: number) => string,
): string =>
  [
    policy && `policy ${policy}`,
    lossAt && `loss at ${localTime(lossAt)}`,
    item && `${item.id} claimed ${money(item.claimedMinor)}`,
  ]
    .filter(Boolean)
    .join(', ');

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

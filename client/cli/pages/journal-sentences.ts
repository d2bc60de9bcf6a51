import { isActEvent, sentenceOfAct } from '../../../domain/claim/acts.ts';
import type { Cover, RefusedCover } from '../../../domain/claim/claim.ts';
import type { JournalEntry } from '../../../domain/claim/journal.ts';
import { plainAmount } from '../../../domain/money/money.ts';
import type { LedgerOutcome } from '../../../domain/messages/notifications.ts';
import { reasonNotSent } from '../../../domain/messages/reasons.ts';
import { localTime } from '../input/times.ts';

type Of<K extends JournalEntry['kind']> = Extract<JournalEntry, { kind: K }>;

/** What a journal's first entry says for all later entries. */
export interface JournalContext {
  currency: string;
  roles: Map<string, string>;
}

export function journalContext(entries: JournalEntry[]): JournalContext {
  const [first] = entries;
  const opened = first?.kind === 'claim-opened' ? first : undefined;
  return {
    currency: opened?.currency ?? '',
    roles: new Map(opened?.parties.map(({ id, role }) => [id, role])),
  };
}

/** An entry as a sentence, without author and time. */
export function sentenceOf(entry: JournalEntry, { currency, roles }: JournalContext): string {
  const money = (minor: number): string => plainAmount({ minor, currency });
  const party = (id: string): string => roles.get(id) ?? id;
  if (isActEvent(entry)) return sentenceOfAct(entry.kind, entry, { money, party, time: localTime });
  switch (entry.kind) {
    case 'claim-opened':
      return opened(entry, money);
    case 'acknowledged':
      return 'acknowledged';
    case 'cover-checked':
      return coverChecked(entry.cover, party);
    case 'policy-awaited':
      return 'the policy is not in the book, and its source cannot be asked yet: cover waits for it';
    case 'policy-changed':
      return entry.found === 'no'
        ? `the source of policy ${entry.policy} has no such policy`
        : `policy ${entry.policy} has changed, or has come: cover is checked anew`;
    case 'receipt-issued':
      return `${entry.item}: papers complete, receipt ${entry.number}`;
    case 'risk-scored':
      return `${entry.item}: ${entry.points} risk points${inBrackets(entry.factors)}`;
    case 'approval-voided':
      return `approvals of ${entry.item}${byGiver(entry)} cancelled because of "${entry.because}"`;
    case 'counted-together':
      return `${entry.payment} is not sent: other claims count with it, so ${entry.item} is looked at again`;
    case 'handler-away':
      return awayInWords(entry);
    case 'handler-back':
      return 'the handler is back';
    case 'claims-related':
      return `counted together with ${others(entry)}`;
    case 'related-claim-named':
      return `${entry.other} may be of the same loss`;
    case 'payment-approved':
      return `payment of ${money(entry.amountMinor)} for ${entry.item} released`;
    case 'payment-instructed':
      return `bank instructed to pay ${entry.item}`;
    case 'payment-confirmed':
      return `bank has paid ${entry.item}, reference ${entry.reference}`;
    case 'payment-returned':
      return `bank returned the payment for ${entry.item}: ${entry.reason}; finance must clear it`;
    case 'payment-held':
      return `${entry.payment} is held (${entry.why}, reference ${entry.reference}): finance must clear it`;
    case 'claim-reopened':
      return entry.reason === undefined ? 'reopened' : `reopened: ${entry.reason}`;
    case 'claim-closed':
      return `closed: ${entry.outcome}`;
    case 'expectation-opened':
      return waits(entry.expectation);
    case 'expectation-ended':
      return `no longer waits for ${entry.expectation} (${entry.how})`;
    case 'rung-taken':
      return `${rung(entry)} ${entry.expectation}; next ${entry.next.do} ${localTime(entry.next.at)}`;
    case 'notification-planned':
      return notificationPlanned(entry.notification, party);
    case 'notification-extended':
      return `${entry.notification} also names ${entry.documents.map(({ kind }) => kind).join(', ')}`;
    case 'notification-ended':
      return `${entry.notification}: ${outcome(entry.outcome)}`;
    case 'delivery-reported':
      return `${entry.notification}: ${entry.outcome}${inItem(entry.code)}, ${localTime(entry.arrived)}`;
    case 'clock-changed':
      return clock(entry);
    case 'channel-lost':
      return `${party(entry.party)} cannot be reached by ${entry.channel} any more (${entry.code})`;
    case 'channel-restored':
      return `${party(entry.party)} can be reached by ${entry.channel} again`;
    case 'party-unreached':
      return `no channel brings ${entry.notification} to ${party(entry.party)}: somebody must call`;
    case 'text-received':
      return `${party(entry.party)} has sent a text: note ${entry.note.note}`;
    case 'problem-raised':
      return `problem ${entry.problem}: ${entry.what}`;
    case 'message-denied':
      return `denied "${entry.denial.message}" (${entry.denial.reason}): ${entry.denial.sentence}`;
    default:
      return kindOf(entry);
  }
}

const opened = (
  { source, items, handler, surveyor }: Of<'claim-opened'>,
  money: (minor: number) => string,
): string => {
  const list = items
    .map(({ id, object, claimedMinor }) => `${id} ${object} ${money(claimedMinor)}`)
    .join(', ');
  return `opened from ${source}: ${list}; handler ${handler}, surveyor ${surveyor}`;
};

const waits = ({ from, what, item, next }: Of<'expectation-opened'>['expectation']): string =>
  `waits for ${from}: ${what}${inItem(item)}; next ${next.do} ${localTime(next.at)}`;

const notificationPlanned = (
  { to, channel, kind }: Of<'notification-planned'>['notification'],
  party: (id: string) => string,
): string => `to ${party(to.party)} by ${channel}: ${kind}`;

const others = ({ related, moreRelated }: Of<'claims-related'>): string =>
  [
    related.map(({ claim, why }) => `${claim}${inBrackets(why)}`).join(', ') || 'no other claim',
    ...(moreRelated ? [`and ${moreRelated.claims} further ones`] : []),
  ].join(' ');

/** `covered by version 2 of the policy; item-2 is not (object-not-insured: another-vehicle)`. */
function coverChecked(cover: Cover, party: (id: string) => string): string {
  const of = cover.version === undefined ? 'the policy' : `version ${cover.version} of the policy`;
  const strangers = cover.strangers ? [`which does not know ${cover.strangers.map(party).join(', ')}`] : [];
  if (cover.kind === 'not-covered')
    return [`not covered by ${of} (${refusedIn(cover)})`, ...strangers].join('; ');
  const items = Object.entries(cover.items ?? {}).map(([id, standing]) =>
    standing.kind === 'refused'
      ? `${id} is not (${refusedIn(standing)})`
      : `${id} as ${standing.as}${inBrackets(standing.unclear ?? [])}`,
  );
  return [`covered by ${of}`, ...strangers, ...items].join('; ');
}

const refusedIn = ({ clause, reasons, term }: RefusedCover): string =>
  `${clause}: ${[...reasons, ...(term === undefined ? [] : [`special term ${term}`])].join(', ')}`;

const byGiver = ({ giver }: Of<'approval-voided'>): string => (giver === undefined ? '' : ` by ${giver}`);

const inBrackets = (words: readonly string[]): string => (words.length > 0 ? ` (${words.join(', ')})` : '');

/** Our own reasons in words; a provider's code as it is. */
function outcome(ended: LedgerOutcome): string {
  if (ended.kind === 'accepted') return 'accepted';
  const code = ended.kind === 'suppressed' ? ended.reason : ended.code;
  const reason = reasonNotSent(code);
  return reason ? `not sent: ${reason.says}` : `${ended.kind} (${code})`;
}

/** A newer version of the program may have written kinds that this one does not know. */
const kindOf = (entry: never): string => String(Object(entry).kind);

const inItem = (item?: string): string => inBrackets(item ? [item] : []);

function clock({ item, to: { state, due, pausedSince, reached } }: Of<'clock-changed'>): string {
  if (state === 'stopped') return `${item} is decided: the clock of the law stops`;
  if (state === 'paused')
    return (
      `the clock of the law for ${item} pauses: the request for papers has arrived, ` +
      `counted from ${localTime(pausedSince ?? due)}`
    );
  return `the decision on ${item} is due by ${localTime(due)}${reached ? nearness[reached] : ''}`;
}

const nearness = { warning: ': the day is near', due: ': OVERDUE' };

function rung({ did, to }: Of<'rung-taken'>): string {
  if (did === 'escalate') return `escalates to the ${to ?? 'next'}`;
  return {
    chase: 'chases',
    call: 'plans a call about',
    write: 'writes a formal letter about',
    remind: 'reminds of',
    inquire: 'asks about',
  }[did];
}

function awayInWords({ deputy, until }: Extract<JournalEntry, { kind: 'handler-away' }>): string {
  const end = until === undefined ? '' : ` until ${until}`;
  return `the handler is away${end}; ${deputy === undefined ? 'nobody' : deputy} stands in`;
}

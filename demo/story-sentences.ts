import { sentenceOf, type JournalContext } from '../client/cli/pages/journal-sentences.ts';
import type { JournalEntry } from '../domain/claim/journal.ts';
import type { Notification } from '../domain/messages/notifications.ts';

type Planned = Extract<JournalEntry, { kind: 'notification-planned' }>;

/** The kinds of entries that are narrated; not those of expectations and deliveries. */
const narratedKinds: readonly JournalEntry['kind'][] = [
  'cover-checked',
  'survey-reported',
  'document-received',
  'document-accepted',
  'document-rejected',
  'document-waived',
  'receipt-issued',
  'assessed',
  'verified',
  'payee-set',
  'approved',
  'approval-voided',
  'payment-instructed',
  'payment-confirmed',
  'payment-returned',
  'returned-for-rework',
  'refusal-proposed',
  'refusal-confirmed',
  'item-concluded',
  'claim-closed',
  'handed-over',
  'call-recorded',
  'promised',
  'letter-posted',
  'problem-raised',
  'problem-solved',
  'message-denied',
];

/**
 * New entries as sentences; `titles` has the role of each person. One notification by two channels is one
 * sentence.
 */
export function sentencesOf(
  entries: JournalEntry[],
  known: JournalContext,
  titles: Map<string, string>,
): string[] {
  const requests = Map.groupBy(
    entries.filter((entry) => entry.kind === 'notification-planned'),
    ({ notification: { kind, seq } }) => `${kind}-${seq}`,
  );
  return entries.flatMap((entry) => {
    if (entry.kind === 'notification-planned') {
      const { kind, seq } = entry.notification;
      const together = requests.get(`${kind}-${seq}`) ?? [];
      return together[0] === entry ? [notificationSentence(together, known)] : [];
    }
    if (entry.kind === 'rung-taken')
      return entry.did === 'call'
        ? [`A call about the ${entry.expectation.split(':').at(-1)} is on the handler's list.`]
        : [];
    return narratedKinds.includes(entry.kind) ? [sentence(entry, known, titles)] : [];
  });
}

/** An entry without a person was made by Lipei; the bank is named in the sentence. */
function sentence(entry: JournalEntry, known: JournalContext, titles: Map<string, string>): string {
  const title = titles.get(entry.by);
  const what = sentenceOf(entry, known).replace(/\.$/, '');
  return title ? `${capitalised(title)} ${entry.by}: ${what}.` : `${capitalised(what)}.`;
}

const capitalised = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function notificationSentence(together: Planned[], { roles }: JournalContext): string {
  const [first] = together;
  if (!first) return '';
  const { kind, to, facts } = first.notification;
  const channels = together
    .map(({ notification: { channel } }) => (channel === 'sms' ? 'SMS' : channel))
    .join(' and ');
  const who = `the ${(roles.get(to.party) ?? to.party).replace('-', ' ')}`;
  return `→ ${capitalised(who)} is notified by ${channels}: ${kind}${subject(facts)}.`;
}

function subject({ documents, item }: Notification['facts']): string {
  if (documents)
    return ` (${documents.map(({ kind, item: of }) => `${kind}${of ? ` of ${of}` : ''}`).join(', ')})`;
  return item ? ` (${item})` : '';
}

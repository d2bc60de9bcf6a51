import type { Message, WorkMessage } from '../renderer/message.ts';
import type {
  NotificationChannel,
  NotificationFacts,
  NotificationKind,
} from '../../domain/messages/notifications.ts';
import { otherFacts, sampleFacts } from './sample-facts.ts';
import { present } from '../../domain/present.ts';

const items = [
  { id: 'item-1', object: 'insured-vehicle' },
  { id: 'item-2', object: 'third-party-vehicle' },
];

/** The short reference of the samples' claim. */
export const sampleTail = '9Q2X4';

/** An ordinary message: the recipient has a name, the claim has two cars, the handler has a telephone. */
export const sampleMessage = (
  kind: NotificationKind,
  channel: NotificationChannel,
  language: string,
): Message => ({
  kind,
  channel,
  locale: language,
  timeZone: 'Asia/Shanghai',
  facts: sampleFacts[kind],
  claim: { number: `L7K3M-${sampleTail}`, jurisdiction: 'CN', currency: 'CNY', items },
  recipient: { name: language.startsWith('zh') ? '王海涛' : 'Wang Haitao' },
  handler: { name: language.startsWith('zh') ? '郭丽娜' : 'Guo Lina', phone: '0535-850-0001' },
  at: '2026-09-09T01:00:00.000Z',
});

/**
 * All variants of the message: first the ordinary one, then one without optional facts, one for another
 * jurisdiction, those with other facts, and one about twenty cars.
 */
export function sampleMessages(
  kind: NotificationKind,
  channel: NotificationChannel,
  language: string,
): [Message, ...Message[]] {
  const usual = sampleMessage(kind, channel, language);
  const { jurisdiction, ...claim } = usual.claim;
  const bare = {
    ...usual,
    recipient: {},
    handler: undefined,
    at: undefined,
    facts: withoutDetails(usual.facts),
  };
  const elsewhere = {
    ...usual,
    claim: { ...claim, jurisdiction: jurisdiction === 'CN' ? 'US' : 'CN' },
    handler: undefined,
  };
  const others = (otherFacts[kind] ?? []).map((facts) => ({ ...usual, facts }));
  return [usual, bare, elsewhere, ...others, ...aboutMany(usual)];
}

const withoutDetails = ({ documents, ...facts }: NotificationFacts): NotificationFacts => ({
  ...facts,
  missing: undefined,
  receipt: undefined,
  isInsured: undefined,
  reason: undefined,
  ...present({
    documents: documents ? documents.map(({ kind, item }) => ({ kind, ...present({ item }) })) : undefined,
  }),
});

/** The most items that a notice of loss may have. */
const manyCars = Array.from({ length: 20 }, (_, index) => ({
  id: `item-${index + 1}`,
  object: index === 0 ? 'insured-vehicle' : 'third-party-vehicle',
}));
const manyInvoices = manyCars.toReversed().map(({ id }) => ({ kind: 'repair-invoice', item: id }));

function aboutMany(message: Message): Message[] {
  if ((message.facts.documents?.length ?? 0) < 2) return [];
  const claim = { ...message.claim, items: manyCars };
  const dated = message.facts.documents?.filter(({ item }) => !item) ?? [];
  return [[...dated, ...manyInvoices], manyInvoices].map((documents) => ({
    ...message,
    claim,
    facts: { ...message.facts, documents },
  }));
}

const workSince = '2026-09-05T01:00:00.000Z';

/** The mail to staff about their work: the usual one, one task, and the last of a day with unnamed tasks. */
export function sampleWork(language: string): WorkMessage[] {
  const task = {
    id: 'check:claim:driving-licence',
    what: 'check driving-licence',
    since: workSince,
    rung: 1,
  };
  const claims = [
    {
      claim: `L7K3M-${sampleTail}`,
      tasks: [task, { ...task, id: 'survey', what: 'stalled: survey', rung: 0 }],
    },
    { claim: 'M2P4R-7T6V8', tasks: [{ ...task, id: 'call:party-1', what: 'call policyholder', rung: 0 }] },
  ];
  const usual = {
    locale: language,
    timeZone: 'Asia/Shanghai',
    recipient: { code: 'C-301', name: language.startsWith('zh') ? '郭丽娜' : 'Guo Lina' },
    claims,
    fresh: 3,
    late: 1,
    total: 9,
    isLastToday: false,
  };
  const one = { ...usual, claims: claims.slice(1), fresh: 1, late: 0, total: 1 };
  return [usual, one, { ...usual, fresh: 60, total: 80, isLastToday: true }];
}

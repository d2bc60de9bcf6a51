import type { Message } from '../renderer/message.ts';
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

/** The short reference of the claim that samples are about. */
export const sampleTail = '9Q2X4';

/**
 * A message as it usually is: to somebody with a name, about a claim with two cars and a handler with a
 * telephone.
 */
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
 * The same in every way that it may turn out: first as usual, then with nothing that may be absent,
 * elsewhere, with other facts, about twenty cars.
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

/** As many items as a notice of loss may have. */
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

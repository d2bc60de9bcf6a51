import { assertNever } from '../../assert-never.ts';
import type { Claim } from '../claim.ts';
import { deliveryKey, partsOf } from '../../messages/notifications.ts';
import type { Of } from './change.ts';
import { withDeliveryReport, withLastContact, withOutcome } from './deliveries.ts';

export const messageKinds = [
  'notification-planned',
  'notification-extended',
  'notification-ended',
  'delivery-reported',
  'letter-posted',
] as const;

/** The claim after an entry about what it sends. */
export function afterMessage(claim: Claim, entry: Of<(typeof messageKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'notification-planned':
      return planned(claim, entry);
    case 'notification-extended':
      return extended(claim, entry);
    case 'notification-ended':
      return ended(claim, entry);
    case 'delivery-reported':
      return withDeliveryReport(claim, entry);
    case 'letter-posted':
      return {
        ...withoutUnreached(claim, entry.notification),
        letters: claim.letters.filter((letter) => letter !== entry.notification),
      };
    default:
      return assertNever(entry);
  }
}

const planned = (claim: Claim, { notification, at }: Of<'notification-planned'>): Claim => ({
  ...claim,
  lastContact: withLastContact(claim, notification, { planned: at }),
  outbox: [...claim.outbox, notification],
  // A fall-back to another channel keeps its number, and later ones may have been planned since.
  sent: {
    ...claim.sent,
    [notification.kind]: Math.max(claim.sent[notification.kind] ?? 0, notification.seq),
  },
});

const extended = (claim: Claim, { notification, documents }: Of<'notification-extended'>): Claim => ({
  ...claim,
  outbox: claim.outbox.map((each) =>
    each.id === notification
      ? { ...each, facts: { ...each.facts, documents: [...(each.facts.documents ?? []), ...documents] } }
      : each,
  ),
});

function ended(claim: Claim, { notification: id, outcome, at }: Of<'notification-ended'>): Claim {
  const notification = claim.outbox.find((each) => each.id === id);
  if (!notification) return claim;
  const sent = {
    ...withOutcome(claim, notification, outcome),
    outbox: claim.outbox.filter((each) => each.id !== id),
  };
  if (outcome.kind === 'suppressed' && outcome.reason === 'overtaken') return withoutUnreached(sent, id);
  if (outcome.kind !== 'accepted') return sent;
  const lastContact = withLastContact(claim, notification, { taken: at });
  return notification.channel === 'letter'
    ? { ...sent, lastContact, letters: [...sent.letters, id] }
    : { ...sent, lastContact };
}

/** The message reached the party on paper, or no longer matters: nobody needs to call because of it. */
const withoutUnreached = (claim: Claim, id: string): Claim => ({
  ...claim,
  unreached: claim.unreached.filter(({ notification }) => !isSameDelivery(notification, id)),
});

function isSameDelivery(one: string, other: string): boolean {
  const [a, b] = [partsOf(one), partsOf(other)];
  return a !== undefined && b !== undefined && deliveryKey(a) === deliveryKey(b);
}

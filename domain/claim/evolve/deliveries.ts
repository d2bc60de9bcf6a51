import {
  deliveryKey,
  matterOf,
  partsOf,
  type Notification,
  type LedgerOutcome,
} from '../../messages/notifications.ts';
import { present } from '../../present.ts';
import type { Claim, Delivery, DeliveryState } from '../claim.ts';
import type { Of } from './change.ts';

/** When the recipient last had a message planned or taken. */
export const withLastContact = (
  { lastContact }: Claim,
  { to }: Pick<Notification, 'to'>,
  change: { planned: string } | { taken: string },
): Claim['lastContact'] => ({ ...lastContact, [to.party]: { ...lastContact[to.party], ...change } });

const stateAfter: Partial<Record<LedgerOutcome['kind'], DeliveryState>> = {
  accepted: 'sent',
  undeliverable: 'failed',
  lost: 'lost',
};

/** A delivery report may come before the provider's own answer: then the report counts. */
export function withOutcome(claim: Claim, notification: Notification, { kind }: LedgerOutcome): Claim {
  const state = stateAfter[kind];
  const known = claim.deliveries[deliveryKey(notification)]?.by[notification.channel];
  return state && !known ? withDeliveryState(claim, notification, state) : claim;
}

/** The first report of arrival sets the time. */
export function withDeliveryReport(
  claim: Claim,
  { notification: id, outcome, arrived }: Of<'delivery-reported'>,
): Claim {
  const parts = partsOf(id);
  if (!parts) return claim;
  const updated = withDeliveryState(
    claim,
    claim.outbox.find((planned) => planned.id === id) ?? parts,
    outcome === 'delivered' ? 'delivered' : 'failed',
  );
  const key = deliveryKey(parts);
  const before = updated.deliveries[key];
  return before && outcome === 'delivered' && !before.arrived
    ? { ...updated, deliveries: { ...updated.deliveries, [key]: { ...before, arrived } } }
    : updated;
}

type Identity = Pick<Notification, 'kind' | 'seq' | 'channel'>;

function withDeliveryState(claim: Claim, notification: Notification | Identity, state: DeliveryState): Claim {
  const key = deliveryKey(notification);
  const before = claim.deliveries[key] ?? newDelivery(notification);
  if (!before) return claim;
  const by = { ...before.by, [notification.channel]: state };
  return { ...claim, deliveries: { ...claim.deliveries, [key]: { ...before, by } } };
}

function newDelivery(notification: Notification | Identity): Delivery | undefined {
  if (!('to' in notification)) return undefined;
  const { kind, to, facts, decidedAt } = notification;
  return {
    kind,
    party: to.party,
    by: {},
    about: matterOf(facts),
    ...present({ decidedAt, isRepeat: facts.isRepeat }),
  };
}

import { unknownParty } from '../claim/open-item.ts';
import { mayNot } from '../people/permissions.ts';
import { after } from '../time/calendar.ts';
import { partyOf, type Claim } from '../claim/claim.ts';
import type { HumanCommand, ProcessCommand } from '../claim/commands.ts';
import type { ReportCommand } from '../claim/reports.ts';
import { add, plan, type Draft } from '../claim/draft.ts';
import { isUnderWay, routeOf, type Occasion, type Route } from './channels.ts';
import {
  isMandatory,
  partsOf,
  deliveryKey,
  type NotificationChannel,
  type NotificationFacts,
  type NotificationKind,
} from './notifications.ts';
import { isOvertaken, overtaken } from './overtaken.ts';
import type { PartyId } from '../people/people.ts';
import { present } from '../present.ts';
import { denied, type Denied } from '../denial.ts';
import type { Instant } from '../time/time.ts';

type Report<K extends ReportCommand['kind']> = Extract<ReportCommand, { kind: K }>;
type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/**
 * Records the outcome of a message. If one channel fails, the next is tried. A mandatory message that may be
 * lost is sent again, marked as a repeat (effects.md §1: at least once). An optional one is not (at most
 * once): a later message makes up for it.
 */
export function endNotification(
  draft: Draft,
  { notification: id, outcome }: Extract<ProcessCommand, { kind: 'notification-ended' }>,
): Denied | undefined {
  const ended = draft.claim.outbox.find((planned) => planned.id === id);
  add(draft, { kind: 'notification-ended', notification: id, outcome });
  if (!ended) return undefined;
  const earlier = { ...ended, party: ended.to.party };
  if (outcome.kind === 'undeliverable') {
    if (outcome.why === 'contact') loseChannel(draft, earlier.party, ended.channel, outcome.code);
    fallBack(draft, earlier);
  }
  if (outcome.kind === 'lost' && isMandatory(ended.kind)) repeatOnce(draft, earlier);
  return undefined;
}

/** Records a delivery report: a message arrived, or it did not. */
export function takeDeliveryReport(
  draft: Draft,
  { notification: id, outcome, arrived, code, why, again }: Report<'delivery-reported'>,
): Denied | undefined {
  const parts = partsOf(id);
  if (!parts || (draft.claim.sent[parts.kind] ?? 0) < parts.seq)
    return denied('malformed', `notification: this claim has sent no "${id}".`);
  const state = draft.claim.deliveries[deliveryKey(parts)]?.by[parts.channel];
  if (state === 'delivered' || state === 'failed') return undefined;
  add(draft, { kind: 'delivery-reported', notification: id, outcome, arrived, ...present({ code }) });
  const delivery = draft.claim.deliveries[deliveryKey(parts)];
  if (outcome === 'delivered' || !delivery) return undefined;
  if (why === 'contact') loseChannel(draft, delivery.party, parts.channel, code ?? outcome);
  const earlier = earlierOf(draft, id, parts, delivery.party);
  // A telephone that was switched off gets the message again later; after that another channel is tried.
  const isTriedAgain =
    again !== undefined &&
    !isUnderWay(draft.claim, parts) &&
    routeTo(draft, earlier, repeatOf(earlier)).kind === 'channels';
  if (isTriedAgain) repeat(draft, earlier, after(draft.now, again, draft.rules.calendar));
  else fallBack(draft, earlier);
  return undefined;
}

/** A telephone or a mailbox is lost (an opt-out, a bounce in another claim) or restored. */
export function contactTurnedOut(
  draft: Draft,
  { party, channel, standing, code }: Report<'contact-turned-out'>,
): Denied | undefined {
  const known = partyOf(draft.claim, party);
  if (!known) return unknownParty(draft.claim, party);
  if (standing === 'lost') loseChannel(draft, party, channel, code);
  else if (known.lost?.[channel]) add(draft, { kind: 'channel-restored', party, channel });
  return undefined;
}

/** A party has written to us: the handler must answer. */
export function textArrived(draft: Draft, { party, note }: Report<'text-arrived'>): Denied | undefined {
  const stranger = unknownParty(draft.claim, party);
  if (stranger) return stranger;
  add(draft, { kind: 'text-received', party, note });
  return undefined;
}

/**
 * Resends a notification because a person asks for it: the same text as a new message, by the same channel.
 */
export function resend(
  draft: Draft,
  { person, notification: id, party }: Act<'resend-notification'>,
): Denied | undefined {
  const denial = mayNot(person, 'resend-notification', draft.claim);
  if (denial) return denial;
  const parts = partsOf(id);
  if (!parts || (draft.claim.sent[parts.kind] ?? 0) < parts.seq)
    return denied('not-now', `This claim has sent no "${id}".`);
  const stranger = unknownParty(draft.claim, party);
  if (stranger) return stranger;
  const earlier = { ...earlierOf(draft, id, parts, party), facts: matterAt(draft, parts) };
  if (routeTo(draft, earlier, { kind: 'again', by: parts.channel }).kind !== 'channels')
    return denied('not-now', `${party} cannot be reached by ${parts.channel}; correct the contact first.`);
  if (isOvertaken({ ...earlier, to: { party } }, draft.claim))
    return denied('not-now', `"${id}" is no longer valid: ${overtaken[parts.kind].when}.`);
  repeat(draft, earlier);
  return undefined;
}

/** The ids of the mandatory notifications that have not reached this party. */
export const missedBy = ({ unreached }: Claim, party: PartyId): string[] =>
  unreached.filter((each) => each.party === party).map(({ notification }) => notification);

/** Resends what a party has missed, once its contact is corrected. */
export function resendMissed(draft: Draft, party: PartyId, missed: string[]): void {
  for (const id of missed) {
    const parts = partsOf(id);
    if (!parts) continue;
    const earlier = { ...earlierOf(draft, id, parts, party), facts: matterAt(draft, parts) };
    const route = routeTo(draft, earlier, { kind: 'missed' });
    if (route.kind === 'person') unreached(draft, earlier);
    else if (route.kind === 'channels')
      for (const channel of route.channels) repeat(draft, { ...earlier, channel });
  }
}

/** Writes letters for the notifications that neither telephone nor email delivered. */
export function writeMissedLetters(draft: Draft, party: PartyId): void {
  for (const id of missedBy(draft.claim, party)) {
    const parts = partsOf(id);
    if (!parts) continue;
    const earlier = { ...earlierOf(draft, id, parts, party), facts: matterAt(draft, parts) };
    sendBy(draft, earlier, routeTo(draft, earlier, { kind: 'paper', seq: parts.seq }));
  }
}

/** A message that was sent to a party, or was to be sent. */
interface Earlier {
  id: string;
  kind: NotificationKind;
  seq: number;
  channel: NotificationChannel;
  party: PartyId;
  facts: NotificationFacts;
  decidedAt?: Instant | undefined;
}

type Parts = Pick<Earlier, 'kind' | 'seq' | 'channel'>;

/** The message as far as the claim knows it; the ledger knows the rest. */
function earlierOf({ claim }: Draft, id: string, parts: Parts, party: PartyId): Earlier {
  const { about, decidedAt, isRepeat } = claim.deliveries[deliveryKey(parts)] ?? {};
  return { ...parts, id, party, facts: { ...about, ...present({ isRepeat }) }, decidedAt };
}

const matterAt = ({ claim }: Draft, parts: Parts): NotificationFacts =>
  claim.deliveries[deliveryKey(parts)]?.about ?? {};

const routeTo = (
  { claim, rules }: Draft,
  { kind, party }: Pick<Earlier, 'kind' | 'party'>,
  occasion: Occasion,
): Route => routeOf(claim, rules, { kind, to: { party }, occasion });

const repeatOf = ({ channel, facts }: Earlier): Occasion => ({
  kind: 'again',
  by: channel,
  isRepeat: facts.isRepeat === true,
});

/** One channel after the other, never all at once (effects.md §2). When none is left, a person takes over. */
const fallBack = (draft: Draft, earlier: Earlier): void =>
  sendBy(draft, earlier, routeTo(draft, earlier, { kind: 'fall-back', seq: earlier.seq }));

/** Plans the same message by the channels of the route, or records that a person must call. */
function sendBy(draft: Draft, earlier: Earlier, route: Route): void {
  if (route.kind === 'person') unreached(draft, earlier);
  if (route.kind !== 'channels') return;
  const { id, kind, seq, party, facts, decidedAt } = earlier;
  for (const channel of route.channels)
    plan(draft, { kind, seq, channel, to: { party }, facts, insteadOf: id, ...present({ decidedAt }) });
}

/** Repeats the text as a new message. Where that is impossible, another channel or a person takes over. */
function repeatOnce(draft: Draft, earlier: Earlier): void {
  const route = routeTo(draft, earlier, repeatOf(earlier));
  if (route.kind === 'channels') repeat(draft, earlier);
  else if (route.kind === 'person') unreached(draft, earlier);
  else fallBack(draft, earlier);
}

const unreached = (draft: Draft, { party, id }: Earlier): void =>
  add(draft, { kind: 'party-unreached', party, notification: id });

function repeat(
  draft: Draft,
  { id, kind, channel, party, facts, decidedAt }: Earlier,
  notBefore?: Instant,
): void {
  plan(draft, {
    kind,
    seq: (draft.claim.sent[kind] ?? 0) + 1,
    channel,
    to: { party },
    facts: { ...facts, isRepeat: true },
    insteadOf: id,
    ...present({ notBefore, decidedAt }),
  });
}

/** The channel reaches the party no more, and the claim says why; once. */
export function loseChannel(draft: Draft, party: PartyId, channel: NotificationChannel, code: string): void {
  if (channel !== 'letter' && partyOf(draft.claim, party)?.reach[channel])
    add(draft, { kind: 'channel-lost', party, channel, code });
}

import { mayNot } from '../people/permissions.ts';
import { after } from '../time/calendar.ts';
import { partyOf, type Claim, type Fate } from '../claim/claim.ts';
import type { FactCommand, HumanCommand, ProcessCommand } from '../claim/commands.ts';
import { add, plan, type Draft } from '../claim/draft.ts';
import {
  isMandatory,
  partsOf,
  sayingOf,
  type Notification,
  type NotificationChannel,
} from './notifications.ts';
import type { PartyId } from '../people/people.ts';
import { refused, type Refused } from '../refusals.ts';
import type { Instant } from '../time/time.ts';

type Fact<K extends FactCommand['kind']> = Extract<FactCommand, { kind: K }>;
type Act<K extends HumanCommand['kind']> = Extract<HumanCommand, { kind: K }>;

/**
 * What became of a message. What one channel does not bring another one says; what must be heard and may be
 * lost is said again,
 * marked as a repeat (effects.md §1: at least once); of the rest a later message makes up for it (at most
 * once).
 */
export function endNotification(
  draft: Draft,
  { notification: id, outcome }: Extract<ProcessCommand, { kind: 'notification-ended' }>,
): Refused | undefined {
  const ended = draft.claim.outbox.find((planned) => planned.id === id);
  add(draft, { kind: 'notification-ended', notification: id, outcome });
  if (!ended || !('party' in ended.to)) return undefined;
  if (outcome.kind === 'undeliverable') {
    if (outcome.why === 'contact') loseChannel(draft, ended.to.party, ended.channel, outcome.code);
    fallBack(draft, ended, ended.to.party);
  }
  if (outcome.kind === 'lost' && isMandatory(ended.kind)) sayAgain(draft, ended, ended.to.party);
  return undefined;
}

/** A provider reports later: when a message arrived, or that it did not. */
export function takeReceipt(
  draft: Draft,
  { notification: id, outcome, arrived, code, why, again }: Fact<'delivery-reported'>,
): Refused | undefined {
  const parts = partsOf(id);
  if (!parts || (draft.claim.told[parts.kind] ?? 0) < parts.seq)
    return refused('malformed', `notification: this claim has told nothing under "${id}".`);
  const fate = draft.claim.said[sayingOf(parts)]?.by[parts.channel];
  if (fate === 'delivered' || fate === 'failed') return undefined;
  add(draft, { kind: 'delivery-reported', notification: id, outcome, arrived, ...(code && { code }) });
  const told = draft.claim.said[sayingOf(parts)];
  if (outcome === 'delivered' || !told) return undefined;
  if (why === 'contact') loseChannel(draft, told.party, parts.channel, code ?? outcome);
  // A telephone that was off gets it once more, later; then another channel says it.
  const isUsable = parts.channel !== 'letter' && partyOf(draft.claim, told.party)?.reach[parts.channel];
  if (again && isUsable && !told.isRepeat && !isUnderWay(draft.claim, parts))
    repeat(draft, { ...parts, id, facts: {} }, told.party, after(draft.now, again, draft.rules.calendar));
  else fallBack(draft, { ...parts, id, facts: told.isRepeat ? { isRepeat: true } : {} }, told.party);
  return undefined;
}

/** A telephone or a mailbox is lost (an opt-out, a bounce in another claim), or found again. */
export function contactTurnedOut(
  draft: Draft,
  { party, channel, standing, code }: Fact<'contact-turned-out'>,
): Refused | undefined {
  const known = partyOf(draft.claim, party);
  if (!known) return refused('unknown-party', `Claim ${draft.claim.number} has no party "${party}".`);
  if (standing === 'lost') loseChannel(draft, party, channel, code);
  else if (known.lost?.[channel]) add(draft, { kind: 'channel-restored', party, channel });
  return undefined;
}

/** A party has written to us: the handler answers. */
export function textArrived(draft: Draft, { party, note }: Fact<'text-arrived'>): Refused | undefined {
  if (!partyOf(draft.claim, party))
    return refused('unknown-party', `Claim ${draft.claim.number} has no party "${party}".`);
  add(draft, { kind: 'text-received', party, note });
  return undefined;
}

/** On purpose, because somebody asks for it: the same words as a new message, by the same channel. */
export function resend(
  draft: Draft,
  { person, notification: id, party }: Act<'resend-notification'>,
): Refused | undefined {
  const refusal = mayNot(person, 'resend-notification', draft.claim);
  if (refusal) return refusal;
  const parts = partsOf(id);
  if (!parts || (draft.claim.told[parts.kind] ?? 0) < parts.seq)
    return refused('not-now', `This claim has told nothing under "${id}".`);
  const known = partyOf(draft.claim, party);
  if (!known) return refused('unknown-party', `Claim ${draft.claim.number} has no party "${party}".`);
  const { channel } = parts;
  if (channel !== 'letter' && !known.reach[channel])
    return refused('not-now', `${party} cannot be reached by ${channel}; correct the contact first.`);
  sayAgain(draft, { ...parts, id, facts: {} }, party);
  return undefined;
}

/** What this party must hear and has not, by the ids under which it was told. */
export const missedBy = ({ unreached }: Claim, party: PartyId): string[] =>
  unreached.filter((each) => each.party === party).map(({ notification }) => notification);

/** A party's contact is known again: what was missed is said once more. */
export function sayWhatWasMissed(draft: Draft, party: PartyId, missed: string[]): void {
  const channel = channels.find((each) => partyOf(draft.claim, party)?.reach[each]);
  for (const id of missed) {
    const parts = partsOf(id);
    if (parts && channel) sayAgain(draft, { ...parts, id, channel, facts: {} }, party);
  }
}

/** As a letter, what neither telephone nor email has brought. */
export function writeWhatWasMissed(draft: Draft, party: PartyId): void {
  for (const id of missedBy(draft.claim, party)) {
    const parts = partsOf(id);
    const isWritten =
      parts &&
      [...draft.claim.letters, ...draft.claim.outbox.map((planned) => planned.id)].some(
        (letter) => letter === `${sayingOf(parts)}-letter`,
      );
    if (parts && !isWritten)
      plan(draft, { ...parts, channel: 'letter', to: { party }, facts: {}, insteadOf: id });
  }
}

const channels = ['sms', 'email'] as const;

/** One after the other, never all at once (effects.md §2). What by no channel gets through, people see to. */
function fallBack(
  draft: Draft,
  { id, kind, seq, facts }: Pick<Notification, 'id' | 'kind' | 'seq' | 'facts'>,
  party: PartyId,
): void {
  if (isUnderWay(draft.claim, { kind, seq })) return;
  const fates = fatesOf(draft.claim, { kind, seq });
  const next = channels.find((channel) => partyOf(draft.claim, party)?.reach[channel] && !fates[channel]);
  if (next) plan(draft, { kind, seq, channel: next, to: { party }, facts, insteadOf: id });
  else if (isMandatory(kind) && !fates.letter)
    add(draft, { kind: 'party-unreached', party, notification: id });
}

const fatesOf = (
  { said }: Claim,
  saying: Pick<Notification, 'kind' | 'seq'>,
): Partial<Record<NotificationChannel, Fate>> => said[sayingOf(saying)]?.by ?? {};

/** By some channel it was taken, or is about to be. */
const isUnderWay = (claim: Claim, { kind, seq }: Pick<Notification, 'kind' | 'seq'>): boolean =>
  claim.outbox.some((planned) => planned.kind === kind && planned.seq === seq) ||
  Object.values(fatesOf(claim, { kind, seq })).some((fate) => fate === 'sent' || fate === 'delivered');

/** A repeat of a repeat would only be a third: people see to it. */
function sayAgain(
  draft: Draft,
  { id, kind, channel, facts }: Pick<Notification, 'id' | 'kind' | 'channel' | 'facts'>,
  party: PartyId,
): void {
  if (facts.isRepeat) return add(draft, { kind: 'party-unreached', party, notification: id });
  repeat(draft, { id, kind, channel, facts }, party);
}

const repeat = (
  draft: Draft,
  { id, kind, channel, facts }: Pick<Notification, 'id' | 'kind' | 'channel' | 'facts'>,
  party: PartyId,
  notBefore?: Instant,
): void =>
  plan(draft, {
    kind,
    seq: (draft.claim.told[kind] ?? 0) + 1,
    channel,
    to: { party },
    facts: { ...facts, isRepeat: true },
    insteadOf: id,
    ...(notBefore && { notBefore }),
  });

function loseChannel(draft: Draft, party: PartyId, channel: NotificationChannel, code: string): void {
  if (channel !== 'letter' && partyOf(draft.claim, party)?.reach[channel])
    add(draft, { kind: 'channel-lost', party, channel, code });
}

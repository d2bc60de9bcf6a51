import { partyOf, type Claim, type DeliveryState } from '../claim/claim.ts';
import type { Party } from '../people/people.ts';
import type { Rules } from '../rules/pack.ts';
import {
  isMandatory,
  isOwedByLaw,
  deliveryKey,
  type Notification,
  type NotificationChannel,
  type NotificationKind,
  type Recipient,
} from './notifications.ts';

/**
 * The reason for planning a message. `news`: an event. `rung`: a chase, with the channels that the rungs
 * name. `paper`: a letter, of an earlier message where `seq` is given. `fall-back`: a channel failed.
 * `again`: a repeat. `missed`: a contact was corrected.
 */
export type Occasion =
  | { kind: 'news' }
  | { kind: 'rung'; wishes: readonly NotificationChannel[] }
  | { kind: 'paper'; seq?: number }
  | { kind: 'fall-back'; seq: number }
  | { kind: 'again'; by: NotificationChannel; isRepeat?: boolean }
  | { kind: 'missed' };

export interface RouteQuestion {
  kind: NotificationKind;
  to: Recipient;
  occasion?: Occasion;
}

/**
 * `person`: no channel is left for a mandatory message, so somebody calls. `nobody`: the message is not sent.
 */
export type Route =
  { kind: 'channels'; channels: readonly NotificationChannel[] } | { kind: 'person' } | { kind: 'nobody' };

/**
 * The channels of a message, or who handles it instead: the answer of the first rule that has one. Nothing
 * else in Lipei chooses a channel.
 */
export function routeOf(claim: Claim, rules: Rules, question: RouteQuestion): Route {
  const asked = asking(claim, rules, question);
  for (const { route } of channelRules) {
    const found = route(asked);
    if (found) return found;
  }
  return { kind: 'nobody' };
}

/** The name of the deciding rule, for tests and for people who look it up. */
export function ruleFor(claim: Claim, rules: Rules, question: RouteQuestion): string {
  const asked = asking(claim, rules, question);
  return channelRules.find(({ route }) => route(asked) !== undefined)?.name ?? 'nobody';
}

interface Asked {
  claim: Claim;
  kind: NotificationKind;
  occasion: Occasion;
  party: Party | undefined;
  /** The channels that the rules name for this kind, in order. */
  named: readonly NotificationChannel[];
  /** The channel reaches the party, and has not been tried for this message. */
  isOpen(channel: NotificationChannel): boolean;
}

function asking(
  claim: Claim,
  { pack }: Rules,
  { kind, to, occasion = { kind: 'news' } }: RouteQuestion,
): Asked {
  const party = partyOf(claim, to.party);
  const tried = occasion.kind === 'fall-back' ? deliveryStates(claim, { kind, seq: occasion.seq }) : {};
  return {
    claim,
    kind,
    occasion,
    party,
    named: pack.channels[kind],
    isOpen: (channel) => channel !== 'letter' && party?.reach[channel] === true && !tried[channel],
  };
}

export interface ChannelRule {
  name: string;
  /** The rule in a sentence, for the documents. */
  says: string;
  route(asked: Asked): Route | undefined;
}

const by = (...channels: NotificationChannel[]): Route => ({ kind: 'channels', channels });
const electronic = ['sms', 'email'] as const;

/** In order: the first rule that has an answer decides. */
export const channelRules: readonly ChannelRule[] = [
  {
    name: 'under-way',
    says: 'Another channel has taken the message, or is about to: nothing more is sent.',
    route: ({ claim, kind, occasion }) => {
      if (occasion.kind === 'fall-back' && isUnderWay(claim, { kind, seq: occasion.seq }))
        return { kind: 'nobody' };
      const isWritten =
        occasion.kind === 'paper' &&
        occasion.seq !== undefined &&
        hasLetter(claim, { kind, seq: occasion.seq });
      return isWritten ? { kind: 'nobody' } : undefined;
    },
  },
  {
    name: 'paper',
    says: 'A message that the rules or a ladder send on paper is a letter for everybody.',
    route: ({ occasion, named }) => {
      const isLetter =
        occasion.kind === 'paper' ||
        (occasion.kind === 'again' && occasion.by === 'letter') ||
        (occasion.kind === 'news' && named.every((channel) => channel === 'letter'));
      return isLetter ? by('letter') : undefined;
    },
  },
  {
    name: 'third-time',
    says: 'A message that was repeated already is not repeated again: somebody calls.',
    route: ({ occasion }) =>
      occasion.kind === 'again' && occasion.isRepeat ? { kind: 'person' } : undefined,
  },
  {
    name: 'same-again',
    says: 'A repeat goes by the channel of the first message, if that still reaches the party; by no other.',
    route: ({ occasion, isOpen }) => {
      if (occasion.kind !== 'again') return undefined;
      return isOpen(occasion.by) ? by(occasion.by) : { kind: 'nobody' };
    },
  },
  {
    name: 'account-on-paper',
    says:
      'The decision that nothing is payable needs room for its calculation: ' +
      'a party with a telephone and no mailbox gets a text and a letter.',
    route: ({ occasion, kind, party }) =>
      occasion.kind === 'news' && kind === 'nothing-payable' && party?.reach.sms && !party.reach.email
        ? by('sms', 'letter')
        : undefined,
  },
  {
    name: 'preference',
    says: 'A party that prefers one channel gets everything by that channel alone, if it reaches the party.',
    route: ({ party, isOpen }) => (party?.prefers && isOpen(party.prefers) ? by(party.prefers) : undefined),
  },
  {
    name: 'rung',
    says: "A chase goes by the rung's channel; where several rungs are due together, by email.",
    route: ({ occasion, isOpen }) => {
      const wishes = occasion.kind === 'rung' ? occasion.wishes : [];
      const first = (['email', 'sms'] as const).find((each) => wishes.includes(each) && isOpen(each));
      return first && by(first);
    },
  },
  {
    name: 'rules',
    says:
      'News goes by every channel that the rules name for its kind and that reaches the party; ' +
      'any other message goes by the first of them.',
    route: ({ occasion, named, isOpen }) =>
      chosen(
        named.filter((channel) => isOpen(channel) || (channel === 'letter' && occasion.kind === 'news')),
        occasion,
      ),
  },
  {
    name: 'other',
    says: 'Where none of those reaches the party, the message goes by text or email, whichever does.',
    route: ({ occasion, isOpen }) => chosen(electronic.filter(isOpen), occasion),
  },
  {
    name: 'letter',
    says:
      'A party with neither telephone nor mailbox gets a letter, ' +
      'if the message is required by law (legal, decision) or is a chase.',
    route: ({ occasion, kind }) => {
      const isWritten = (occasion.kind === 'news' && isOwedByLaw(kind)) || occasion.kind === 'rung';
      return isWritten ? by('letter') : undefined;
    },
  },
  {
    name: 'person',
    says: 'No channel is left for a mandatory message: a handler calls, and in the end a letter is written.',
    route: ({ claim, occasion, kind }) => {
      if (!isMandatory(kind)) return undefined;
      if (occasion.kind === 'missed') return { kind: 'person' };
      const isLeft =
        occasion.kind === 'fall-back' && !deliveryStates(claim, { kind, seq: occasion.seq }).letter;
      return isLeft ? { kind: 'person' } : undefined;
    },
  },
  {
    name: 'nobody',
    says: 'Any other message is not sent; a later message makes up for it.',
    route: () => ({ kind: 'nobody' }),
  },
];

/** News goes by all of these channels, any other message by the first. */
function chosen(channels: readonly NotificationChannel[], occasion: Occasion): Route | undefined {
  const [first] = channels;
  if (first === undefined) return undefined;
  return occasion.kind === 'news' ? by(...channels) : by(first);
}

type Delivery = Pick<Notification, 'kind' | 'seq'>;

const deliveryStates = (
  { deliveries }: Claim,
  key: Delivery,
): Partial<Record<NotificationChannel, DeliveryState>> => deliveries[deliveryKey(key)]?.by ?? {};

/** Some channel has taken the message, or is about to. */
export const isUnderWay = (claim: Claim, key: Delivery): boolean =>
  isPlanned(claim, key) ||
  Object.values(deliveryStates(claim, key)).some((state) => state === 'sent' || state === 'delivered');

const isPlanned = ({ outbox }: Claim, { kind, seq }: Delivery, channel?: NotificationChannel): boolean =>
  outbox.some(
    (planned) =>
      planned.kind === kind && planned.seq === seq && (channel === undefined || planned.channel === channel),
  );

/** The letter of this message is planned, or waits to be posted. */
const hasLetter = (claim: Claim, key: Delivery): boolean =>
  isPlanned(claim, key, 'letter') || claim.letters.includes(`${deliveryKey(key)}-letter`);

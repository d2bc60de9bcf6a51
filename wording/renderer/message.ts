import type {
  NotificationChannel,
  NotificationFacts,
  NotificationKind,
} from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';

/** What is to be said, to whom, about which claim. */
export interface Message {
  kind: NotificationKind;
  channel: NotificationChannel;
  /** BCP 47: dates and amounts are written as there, words are of the nearest language that has templates. */
  locale: string;
  /** IANA. */
  timeZone: string;
  facts: NotificationFacts;
  claim: { number: string; jurisdiction: string; currency: string; items: { id: string; object: string }[] };
  recipient: { name?: string };
  /** Whom to ask; without a telephone number of their own, by the hotline. */
  handler?: { name: string; phone?: string };
  /** When it is written: the date of a letter. */
  at?: Instant;
}

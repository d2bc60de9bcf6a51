import type {
  NotificationChannel,
  NotificationFacts,
  NotificationKind,
} from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';

/** One notification to write: its content, its recipient, its claim. */
export interface Message {
  kind: NotificationKind;
  channel: NotificationChannel;
  /** BCP 47. Dates and amounts follow it; the words are of the nearest language that has templates. */
  locale: string;
  /** IANA. */
  timeZone: string;
  facts: NotificationFacts;
  claim: { number: string; jurisdiction: string; currency: string; items: { id: string; object: string }[] };
  recipient: { name?: string };
  /** The contact for questions. Without a telephone number of their own, the hotline's is used. */
  handler?: { name: string; phone?: string };
  /** The words of the special term of the policy that a refusal quotes. */
  termWords?: string;
  /** The time of writing: the date of a letter. */
  at?: Instant;
}

/** The mail to a member of staff about tasks that they were not notified of yet. */
export interface WorkMessage {
  locale: string;
  timeZone: string;
  recipient: { code: string; name: string };
  /** The tasks that the mail names, by claim. */
  claims: readonly { claim: string; tasks: readonly NamedTask[] }[];
  /** How many tasks the mail is about, also unnamed ones. */
  fresh: number;
  /** How many of them are late. */
  late: number;
  /** How many tasks the work list has. */
  total: number;
  /** The next mail comes tomorrow at the earliest. */
  isLastToday: boolean;
}

export interface NamedTask {
  id: string;
  what: string;
  since: Instant;
  rung: number;
}

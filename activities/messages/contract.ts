import type { ContactHours } from '../../domain/messages/contact-hours.ts';
import type { Caps, LedgerOutcome, Notification } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { EmailPort, SmsInquiryPort, SmsPort } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';

/** What a message needs to know about its claim. */
export interface About {
  number: string;
  line: string;
  /** Whose law and whose hotline. */
  jurisdiction: string;
  currency: string;
  handler: string;
  branch: string;
  /** Its customers are told their handler's direct line (S28). */
  isMajor?: boolean;
  items: { id: string; object: string }[];
  contactHours: ContactHours;
  caps: Caps;
}

/** Several that may go at once: each to another recipient or by another channel. */
export interface SendingTogether {
  about: About;
  notifications: Notification[];
  now: Instant;
}

export interface Sending {
  about: About;
  notification: Notification;
  now: Instant;
  /** It is tried seldom and for ever already: a provider that refuses us is one more attempt, no news. */
  isHeld?: boolean;
  /** What has happened meanwhile has overtaken it: it is not sent. */
  isOvertaken?: boolean;
}

export type SendOutcome =
  | LedgerOutcome
  /**
   * Not now: nobody took it, or its recipient may not be addressed at this hour. To be sent on its own in so
   * many seconds.
   */
  | { kind: 'later'; seconds: number; why: string }
  /** It may have gone out. To be cleared up in a while, when a receipt has had time to come. */
  | { kind: 'uncertain'; code: string };

export interface NotificationActivities {
  sendNotification(sending: Sending): Promise<SendOutcome>;
  /** One outcome for each, in order. */
  sendTogether(sending: SendingTogether): Promise<SendOutcome[]>;
  /**
   * Finds out what became of a message whose sending nobody answered: by its receipt, else by asking the
   * provider.
   */
  clearUp(of: { claim: string; notification: string }): Promise<LedgerOutcome>;
}

export interface Outlets {
  sms: SmsPort & SmsInquiryPort;
  email: EmailPort;
}

/** What all parts work with. */
export interface Desk extends Outlets {
  database: Database;
  keyring: Keyring;
  renderer: Renderer;
}

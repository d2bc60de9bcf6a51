import type { ContactHours } from '../../domain/messages/contact-hours.ts';
import type { Caps, LedgerOutcome, Notification } from '../../domain/messages/notifications.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { EmailPort, SmsInquiryPort, SmsPort } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';

/** The data of its claim that a message needs. */
export interface ClaimContext {
  number: string;
  line: string;
  /** Decides the law and the hotline. */
  jurisdiction: string;
  currency: string;
  handler: string;
  branch: string;
  /** Its customers get their handler's direct line (S28). */
  isMajor?: boolean;
  items: { id: string; object: string }[];
  contactHours: ContactHours;
  caps: Caps;
}

/** Several notifications to send together: each to another recipient or by another channel. */
export interface SendingBatch {
  about: ClaimContext;
  notifications: Notification[];
  now: Instant;
}

export interface Sending {
  about: ClaimContext;
  notification: Notification;
  now: Instant;
  /** It is already tried seldom and without end, so a rejection of our account is no new alarm. */
  isBlocked?: boolean;
  /** Later events have overtaken it: it is not sent. */
  isOvertaken?: boolean;
}

export type SendOutcome =
  | LedgerOutcome
  /**
   * Not now: the provider did not take it, or it is outside of contact hours. To be sent by itself after so
   * many seconds.
   */
  | { kind: 'later'; seconds: number; why: string }
  /** It may have been sent. To be cleared up later, when a delivery report has had time to arrive. */
  | { kind: 'uncertain'; code: string };

export interface NotificationActivities {
  sendNotification(sending: Sending): Promise<SendOutcome>;
  /** One outcome for each, in order. */
  sendBatch(sending: SendingBatch): Promise<SendOutcome[]>;
  /**
   * Finds the outcome of a message whose sending got no answer: by its delivery report, else from the
   * provider.
   */
  clearUp(of: { claim: string; notification: string }): Promise<LedgerOutcome>;
}

export interface Outlets {
  sms: SmsPort & SmsInquiryPort;
  email: EmailPort;
}

/** The services that every part of sending uses. */
export interface Sender extends Outlets {
  database: Database;
  keyring: Keyring;
  renderer: Renderer;
}

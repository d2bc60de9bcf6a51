import type { LedgerOutcome, Notification } from '../../domain/messages/notifications.ts';
import type { ClaimContext } from '../../domain/messages/outbox.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { EmailPort, SmsInquiryPort, SmsPort } from '../../providers/ports.ts';
import type { Database } from '../../records/database.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Renderer } from '../../wording/renderer/renderer.ts';

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

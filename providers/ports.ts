/** A provider's answer to one message, in our words. No fault of a provider throws past its adapter. */
export type SendAnswer =
  | { kind: 'accepted'; providerId: string; segments?: number }
  /** Permanent: the same message would be rejected again. */
  | { kind: 'refused'; why: 'recipient' | 'opted-out' | 'content' | 'configuration'; code: string }
  /** Certainly not sent: safe to retry. */
  | { kind: 'busy'; retryAfterSeconds?: number; code: string }
  /** May have been sent: never resend blindly. */
  | { kind: 'unknown'; code: string };

/** `to` is E.164; `reference` is the message's id in the ledger. */
export interface SmsPort {
  send(message: { to: string; body: string; reference: string }): Promise<SendAnswer>;
}

/**
 * Finds messages whose answer was lost: same number, same text, sent at `since` or later, the newest first.
 */
export interface SmsInquiryPort {
  find(message: {
    to: string;
    body: string;
    since: string;
  }): Promise<{ kind: 'found'; providerIds: string[] } | { kind: 'busy'; code: string }>;
}

/** A `mandatory` message has no link to unsubscribe. */
export interface EmailPort {
  send(message: {
    to: { name: string; address: string };
    subject: string;
    text: string;
    html: string;
    reference: string;
    mandatory: boolean;
  }): Promise<SendAnswer>;
}

export interface BankPort {
  /** The same id is the same order: the bank pays it once, even if it is instructed again. */
  instruct(
    order: PaymentOrder,
  ): Promise<
    | { kind: 'accepted' }
    | { kind: 'refused'; reason: string }
    | { kind: 'busy'; code: string }
    | { kind: 'unknown'; code: string }
  >;
  inquire(
    id: string,
  ): Promise<
    | { kind: 'pending' }
    | { kind: 'confirmed'; reference: string }
    | { kind: 'returned'; reason: string }
    | { kind: 'not-known' }
    | { kind: 'busy'; code: string }
  >;
}

export interface PaymentOrder {
  id: string;
  amount: { minor: number; currency: string };
  payee: { name: string; account: string };
  remittance: string;
}

/** Reads the notice of loss that started the workflow. It is personal, so it is in no activity's input. */
export type ReadNotice = (workflowId: string, firstRun: string) => Promise<unknown>;

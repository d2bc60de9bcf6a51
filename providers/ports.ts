/** A provider's answer to one message, in our words. No fault of a provider throws past its adapter. */
export type SendAnswer =
  | { kind: 'accepted'; providerId: string; segments?: number }
  /** Permanent: the same message would be rejected again. */
  | { kind: 'rejected'; why: 'recipient' | 'opted-out' | 'content' | 'configuration'; code: string }
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
    | { kind: 'rejected'; reason: string }
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

/** What the company's system of policies answers. No fault of it throws past its adapter. */
export type PolicySourceAnswer =
  /** As rows of an import of policies. */
  | { kind: 'found'; rows: unknown[] }
  | { kind: 'unknown' }
  /** It may have the policy: asked again later. */
  | { kind: 'away'; code: string };

/** The company's system of policies, for those that the book does not have yet. */
export interface PolicySource {
  /** `at`: the moment of the loss, if it is known. */
  ask(number: string, at?: string): Promise<PolicySourceAnswer>;
}

/** Reads the notice of loss that started the workflow. It is personal, so it is in no activity's input. */
export type ReadNotice = (workflowId: string, firstRun: string) => Promise<unknown>;

/** One activity in the history of a run. `open`: it had no result when the history was read. */
export interface RecordedActivity {
  type: string;
  /** Its first argument, decrypted. Nobody has judged it. */
  input: unknown;
  state: 'done' | 'failed' | 'open';
  /** Of one that is done. */
  result?: unknown;
}

/** What the history of one run of a workflow says. */
export interface RecordedRun {
  run: string;
  /** The run that it continues, by continue-as-new. */
  before?: string;
  /** The run that it was reset from. */
  resetFrom?: string;
  /** Its first argument, decrypted. */
  start: unknown;
  /** In the order in which they were scheduled. */
  activities: RecordedActivity[];
}

/** A run of a claim's workflow. `head` is what it last showed as its journal's head. */
export interface SeenRun {
  claim: string;
  run: string;
  startedAt: Date;
  head?: string;
}

/** The runs of the claims' workflows, as the engine knows them. */
export interface ClaimRuns {
  /** All that are under way, in no order. */
  running(): AsyncIterable<SeenRun>;
  /** Those that have ended, and that no other run continues, as long as the engine keeps them. */
  ended(): AsyncIterable<SeenRun>;
  /** The newest run of a claim; undefined where the engine knows none. */
  newest(claim: string): Promise<{ run: string; isRunning: boolean } | undefined>;
  /** Undefined where the engine has deleted it. */
  recorded(claim: string, run: string): Promise<RecordedRun | undefined>;
  /** The runs of a claim that the engine knows, the newest first. */
  runsOf(claim: string): Promise<string[]>;
  /** Starts a claim that does not run: it reads its state from the records. */
  takeUp(claim: string): Promise<'started' | 'running'>;
  /** Asks a claim that runs to compare itself with the records. */
  compare(claim: string): Promise<void>;
}

export interface SmtpAccount {
  /**
   * `smtp://host:port` or `smtps://user:password@host:port`. With `smtp`, STARTTLS is required except on this
   * machine.
   */
  url: string;
  /** `Lipei Claims <claims@example.com>` or the bare address. */
  from: string;
  /**
   * Replaces a message's reference where others see it. Nobody else can make it, and the same message always
   * has the same. Rejects when the records do not answer.
   */
  tokenOf(reference: string): Promise<string>;
  /**
   * The address for unsubscribing from messages that are not mandatory (POST, RFC 8058). `?s=` and the
   * message's token are added.
   */
  unsubscribe?: string;
  /**
   * The address for undeliverable mail to come back to: `bounces@claims.example.com`. The message's token is
   * added to its name.
   */
  bounces?: string;
  dkim?: { domainName: string; keySelector: string; privateKey: string };
  /**
   * Limits in milliseconds: for the connection and the greeting; for any reply; for the whole message; and
   * for a connection that is kept for the next message.
   */
  limitsMs?: { connect: number; silence: number; whole: number; idle: number };
}

/**
 * Under the 30 s that an activity has for one message. Connections are kept only while many mails go out, not
 * for minutes as servers would allow.
 */
export const limitsOf = (account: SmtpAccount) =>
  account.limitsMs ?? { connect: 8_000, silence: 15_000, whole: 25_000, idle: 2_000 };

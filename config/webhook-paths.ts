/** Where providers and mail programs reach the API. They are given the whole address, which Twilio signs. */
export const webhookPaths = {
  /** What becomes of texts that were sent: `StatusCallback`. */
  twilioStatus: '/webhooks/twilio/status',
  /** Texts that people write. */
  twilioInbound: '/webhooks/twilio/inbound',
  /** What the bank says about payments (pain.002). */
  bank: '/webhooks/bank',
  /** Opting out of emails by one click (RFC 8058). */
  unsubscribe: '/webhooks/unsubscribe',
} as const;

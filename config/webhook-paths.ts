/** The paths for providers and mail programs. They get the whole address, which Twilio signs. */
export const webhookPaths = {
  /** Delivery reports of texts: `StatusCallback`. */
  twilioStatus: '/webhooks/twilio/status',
  /** Texts from customers. */
  twilioInbound: '/webhooks/twilio/inbound',
  /** Payment status reports of the bank (pain.002). */
  bank: '/webhooks/bank',
  /** The one-click opt-out from emails (RFC 8058). */
  unsubscribe: '/webhooks/unsubscribe',
} as const;

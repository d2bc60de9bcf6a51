/**
 * The states of one intended message (effects.md §1), as data. The ledger changes a row's state by these
 * moves alone, and `docs/notifications.md` draws them. Proof that a message was sent may arrive at any time,
 * in any order and twice. Nothing leads from `unknown` back to `sending`: a message that may have been sent
 * is not sent again under the same row.
 */
export const moves = {
  lease: { from: ['planned', 'retryable'], to: 'sending', when: 'a worker takes it, for a minute' },
  suppress: {
    from: ['planned', 'retryable'],
    to: 'suppressed',
    when:
      'the recipient has opted out, cannot be reached by this channel or has reached a cap, ' +
      'or the message is overtaken',
  },
  accept: {
    from: ['sending', 'unknown', 'retryable'],
    to: 'accepted',
    when: 'the provider has taken it, or lists it as taken',
  },
  postpone: {
    from: ['sending'],
    to: 'retryable',
    when: 'the provider is busy and has certainly not taken it',
  },
  reject: { from: ['sending', 'unknown'], to: 'failed', when: 'the provider rejects it for good' },
  lose: {
    from: ['sending'],
    to: 'unknown',
    when: 'no answer came, or the sender died: it may have gone out',
  },
  deliver: {
    from: ['sending', 'unknown', 'retryable', 'accepted'],
    to: 'delivered',
    when: 'a delivery report says that it arrived',
  },
  notDeliver: {
    from: ['sending', 'unknown', 'retryable', 'accepted'],
    to: 'undelivered',
    when: 'a delivery report says that it did not arrive',
  },
  bounce: {
    from: ['sending', 'unknown', 'retryable', 'accepted'],
    to: 'bounced',
    when: 'it came back by mail',
  },
} as const satisfies Record<string, Move>;

export type MoveName = keyof typeof moves;

/** A row begins as `planned`. */
export const messageStates = [
  'planned',
  'sending',
  'retryable',
  'accepted',
  'delivered',
  'undelivered',
  'bounced',
  'failed',
  'unknown',
  'suppressed',
] as const;
export type MessageState = (typeof messageStates)[number];

interface Move {
  from: readonly MessageState[];
  to: MessageState;
  /** The event in words, for the diagram. */
  when: string;
}

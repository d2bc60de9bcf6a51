import type { UndeliverableWhy } from './notifications.ts';

interface Reason {
  /** For people, as the end of "not sent: …". */
  says: string;
  /** `another-channel`: this one does not bring it; `nothing`: nobody need hear it, or not now. */
  next: 'another-channel' | 'nothing';
  /** Is it the contact that does not work, or these words now? */
  why: UndeliverableWhy;
}

/**
 * Why a message was not sent, by its code in journal and ledger. The caps and the opt-outs are decided in one
 * place, by `lease_messages` (records/sql), in the transaction that would take the message; whether it has
 * been overtaken by `overtaken.ts`; whether there is an address by who prepares it.
 */
export const reasonsNotSent = {
  'opted-out': {
    says: 'the party answered STOP, so no text is sent to that telephone',
    next: 'another-channel',
    why: 'contact',
  },
  unusable: {
    says: 'that telephone or mailbox receives nothing',
    next: 'another-channel',
    why: 'contact',
  },
  'no-sms-address': { says: 'no telephone of the party is known', next: 'another-channel', why: 'contact' },
  'no-email-address': { says: 'no mailbox of the party is known', next: 'another-channel', why: 'contact' },
  'no-letter-address': {
    says: 'the recipient of the letter is not known',
    next: 'another-channel',
    why: 'contact',
  },
  'enough-today': {
    says: 'the party has had the daily maximum of texts',
    next: 'another-channel',
    why: 'content',
  },
  'chased-just-now': {
    says: 'the party was reminded a short while ago; the next reminder follows in its turn',
    next: 'nothing',
    why: 'content',
  },
  unsubscribed: {
    says: 'the party has unsubscribed from optional emails',
    next: 'nothing',
    why: 'content',
  },
  overtaken: {
    says: 'later events have overtaken it',
    next: 'nothing',
    why: 'content',
  },
} as const satisfies Record<string, Reason>;

export type ReasonNotSent = keyof typeof reasonsNotSent;

const reasons = new Map<string, Reason>(Object.entries(reasonsNotSent));

/** Undefined for a code of a provider, which is none of ours. */
export const reasonNotSent = (code: string): Reason | undefined => reasons.get(code);

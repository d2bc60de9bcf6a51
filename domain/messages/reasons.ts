import type { UndeliverableWhy } from './notifications.ts';

interface Reason {
  /** For people, as the end of "not sent: …". */
  says: string;
  /** `another-channel`: this channel cannot deliver it; `nothing`: the message is not needed, or not now. */
  next: 'another-channel' | 'nothing';
  /** Is the contact at fault, or this text at this time? */
  why: UndeliverableWhy;
}

/**
 * Why a message was not sent, by its code in journal and ledger. `lease_messages` (records/sql) decides caps
 * and opt-outs, in the transaction that takes the message. `overtaken.ts` decides what is overtaken. The
 * preparation of the message finds out whether there is an address.
 */
export const reasonsNotSent = {
  'opted-out': {
    says: 'the party has opted out, so nothing is sent to that telephone or mailbox',
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

/** Undefined for a provider's own code. */
export const reasonNotSent = (code: string): Reason | undefined => reasons.get(code);

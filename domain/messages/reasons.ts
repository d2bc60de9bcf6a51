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
    says: 'they have answered STOP, so no text goes to that telephone',
    next: 'another-channel',
    why: 'contact',
  },
  unusable: {
    says: 'nothing arrives at that telephone or mailbox',
    next: 'another-channel',
    why: 'contact',
  },
  'no-sms-address': { says: 'we know no telephone of theirs', next: 'another-channel', why: 'contact' },
  'no-email-address': { says: 'we know no mailbox of theirs', next: 'another-channel', why: 'contact' },
  'no-letter-address': {
    says: 'we do not know whom to write to',
    next: 'another-channel',
    why: 'contact',
  },
  'enough-today': {
    says: 'they have had as many texts within a day as the rules allow',
    next: 'another-channel',
    why: 'content',
  },
  'chased-just-now': {
    says: 'they were reminded a short while ago; the next reminder comes in its turn',
    next: 'nothing',
    why: 'content',
  },
  unsubscribed: {
    says: 'they have unsubscribed from emails that need not be sent',
    next: 'nothing',
    why: 'content',
  },
  overtaken: {
    says: 'what has happened meanwhile has overtaken it',
    next: 'nothing',
    why: 'content',
  },
} as const satisfies Record<string, Reason>;

export type ReasonNotSent = keyof typeof reasonsNotSent;

const reasons = new Map<string, Reason>(Object.entries(reasonsNotSent));

/** Undefined for a code of a provider, which is none of ours. */
export const reasonNotSent = (code: string): Reason | undefined => reasons.get(code);

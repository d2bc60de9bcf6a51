export type ErrorMeaning = 'recipient' | 'opted-out' | 'content' | 'configuration' | 'transient' | 'hour';

/**
 * Twilio's error codes (twilio.com/docs/api/errors) in our words, of answers and of delivery reports.
 * `transient` and `hour` mean that the same message may succeed later; the others are permanent.
 */
const meanings: Record<number, ErrorMeaning> = {
  21211: 'recipient', // not a valid number
  21604: 'recipient', // no number
  21612: 'recipient', // cannot be reached from this sender
  21614: 'recipient', // not a mobile number
  21635: 'recipient', // a landline
  21610: 'opted-out', // has answered STOP
  21602: 'content', // no text
  21617: 'content', // over 1600 characters
  21619: 'content', // neither text nor media
  20003: 'configuration', // our credentials
  20404: 'configuration', // not our account
  21408: 'configuration', // this country is not enabled for us
  21603: 'configuration', // no sender
  21606: 'configuration', // the sender is not ours
  21608: 'configuration', // a trial account
  21609: 'configuration', // the callback's address
  30034: 'configuration', // the sender is not registered with the carriers
  20429: 'transient', // too many requests
  21611: 'transient', // the sender's queue is full
  30001: 'transient', // queue overflow
  30003: 'transient', // the telephone is off or out of reach
  30008: 'transient', // unknown: the carrier gives no reason
  30004: 'content', // blocked
  30007: 'content', // filtered by the carrier
  30005: 'recipient', // nobody has this number
  30006: 'recipient', // a landline, or an unreachable carrier
  30610: 'hour', // outside the hours that the recipient's law allows
};

/** Undefined for a code that is not in the table. */
export const meaningOf = (code: string): ErrorMeaning | undefined => meanings[Number(code)];

import { assertNever } from '../assert-never.ts';
import { hashOf } from '../hash.ts';
import type { StaffCode } from '../people/people.ts';
import type { Signer } from '../signed-payload.ts';
import { after, type Offset } from '../time/calendar.ts';
import { isBefore, plusMinutes, type Instant } from '../time/time.ts';
import type { Message } from './journal.ts';

/** Ids of messages belong to their sender: the same id of another sender is another message. */
export function senderOf(signer: Signer | undefined): string {
  switch (signer?.kind) {
    case undefined:
      return 'anybody';
    case 'staff':
      return staffSender(signer.code);
    case 'party':
      return `party ${signer.party}`;
    case 'provider':
      return `provider ${signer.name}`;
    case 'system':
      return 'system';
    default:
      return assertNever(signer);
  }
}

/** The same for a member of staff. */
export const staffSender = (code: StaffCode): string => `staff ${code}`;

/** The key under which a claim remembers a message. */
export const handledKey = ({ from, id }: Pick<Message, 'from' | 'id'>): string => `${from}: ${id}`;

/** How the journal names a denied message: nobody has proven its id. */
export const deniedId = (id: string): string => hashOf(id);

/** Clocks of two machines may differ a little. */
const skewMinutes = 2;

/** Durations of proofs have no days in them, so the calendar does not matter. */
const plain = {
  zone: 'UTC',
  offsets: [],
  holidays: [],
  workedWeekends: [],
  coverageEnd: '9999-12-31',
  edition: 'none',
  contactHours: { from: 0, to: 1440 },
};

/** An act counts only for a while after it was signed (`proofValidFor`, data). */
export const isFresh = (signedAt: Instant, now: Instant, validFor: Offset): boolean =>
  !isBefore(after(signedAt, validFor, plain), now) && !isBefore(plusMinutes(now, skewMinutes), signedAt);

/**
 * How long an act is remembered. Far longer than its proof is fresh, because a person who repeats it later
 * under the same id signs it anew.
 */
const rememberedMinutes = 24 * 60;

/** Until when a message is remembered. Undefined for a report: it never goes stale, and counts once. */
export const rememberedUntil = ({ from }: Pick<Message, 'from'>, at: Instant): Instant | undefined =>
  from.startsWith('provider ') || from === 'system' ? undefined : plusMinutes(at, rememberedMinutes);

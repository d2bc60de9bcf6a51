import { assertNever } from '../../assert-never.ts';
import { present } from '../../present.ts';
import type { Claim } from '../claim.ts';
import { onParty, type Of } from './change.ts';
import { withLastContact } from './deliveries.ts';

export const partyKinds = [
  'contact-corrected',
  'call-recorded',
  'channel-lost',
  'channel-restored',
  'party-unreached',
  'text-received',
] as const;

/** The claim after an entry about a party, and how that party can be reached. */
export function afterParty(claim: Claim, entry: Of<(typeof partyKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'contact-corrected':
      return contactCorrected(claim, entry);
    case 'call-recorded':
      return called(claim, entry);
    case 'channel-lost':
      return onParty(claim, entry.party, ({ reach, lost }) => ({
        reach: { ...reach, [entry.channel]: false },
        lost: { ...lost, [entry.channel]: entry.code },
      }));
    case 'channel-restored':
      return onParty(claim, entry.party, ({ reach, lost }) => ({
        reach: { ...reach, [entry.channel]: true },
        lost: { ...lost, [entry.channel]: undefined },
      }));
    case 'party-unreached':
      return {
        ...claim,
        unreached: [...claim.unreached, { party: entry.party, notification: entry.notification }],
      };
    case 'text-received':
      return { ...claim, unanswered: [...claim.unanswered, { party: entry.party, note: entry.note.note }] };
    default:
      return assertNever(entry);
  }
}

const contactCorrected = (
  claim: Claim,
  { party, reach, prefers, marks }: Of<'contact-corrected'>,
): Claim => ({
  ...onParty(claim, party, (before) => ({
    reach,
    lost: undefined,
    marks: [...new Set([...before.marks, ...marks])],
    ...present({ prefers }),
  })),
  unreached: claim.unreached.filter((each) => each.party !== party),
});

/** The call that was due is made. Where it reached the party, nothing is left to call about. */
function called(claim: Claim, { party, outcome, at }: Of<'call-recorded'>): Claim {
  const made = {
    ...claim,
    expectations: claim.expectations.map((open) => (open.ask === party ? { ...open, callDue: false } : open)),
  };
  if (outcome !== 'reached' && outcome !== 'busy-will-go-later') return made;
  const isAnothers = (each: { party: string }): boolean => each.party !== party;
  return {
    ...made,
    lastContact: withLastContact(claim, { to: { party } }, { taken: at }),
    unreached: claim.unreached.filter(isAnothers),
    unanswered: claim.unanswered.filter(isAnothers),
  };
}

import { payeeMark } from '../../people/hands.ts';
import { present } from '../../present.ts';
import type { Claim, HandOnClaim } from '../claim.ts';
import type { JournalEntry } from '../journal.ts';
import { isSignOff } from './item.ts';

/** The hands after an entry, each once. */
export function handsAfter({ hands }: Claim, entry: JournalEntry): HandOnClaim[] {
  const done = handOf(entry);
  const isKnown =
    done === undefined ||
    hands.some(
      ({ did, by, item, of }) => did === done.did && by === done.by && item === done.item && of === done.of,
    );
  return isKnown ? hands : [...hands, done];
}

/** What an entry says that somebody did on which money rests; the last survey is kept with the claim. */
function handOf(entry: JournalEntry): HandOnClaim | undefined {
  const { by } = entry;
  if (isSignOff(entry)) return { did: entry.kind, by, item: entry.item };
  switch (entry.kind) {
    case 'claim-corrected':
      return {
        did: 'corrected',
        by,
        ...present({ item: entry.policy || entry.lossAt ? undefined : entry.item?.id }),
      };
    case 'document-waived':
      return { did: 'waived', by, of: entry.document, ...present({ item: entry.item }) };
    case 'document-accepted':
      return { did: 'accepted', by, of: entry.document, ...present({ item: entry.item }) };
    case 'assessed':
      return { did: 'assessed', by, item: entry.item };
    case 'payee-set':
      return { did: 'set the payee', by, item: entry.item, of: payeeMark(entry) };
    default:
      return undefined;
  }
}

import { hashOf } from '../hash.ts';
import type { PartyId } from './people.ts';

/** Represents a bank account where numbers are forbidden: in the journal, the state and messages. */
export const fingerprintOf = (claim: string, party: PartyId, account: string): string =>
  hashOf({ claim, party, account });

import type { PartyFieldValues } from '../people/party-fields.ts';
import type { PartyRole } from '../people/people.ts';
import type { Instant } from '../time/time.ts';

/**
 * A first report as it comes in, with everything personal: the encrypted input of the workflow and nothing
 * else in Temporal holds it.
 */
export interface NoticeOfLoss {
  /**
   * Who reports (`hotline`, `portal`, another system) and what they call it: the claim's number derives from
   * both.
   */
  source: string;
  reference: string;
  policy: string;
  lossAt: Instant;
  place: string;
  description: string;
  parties: NoticeParty[];
  items: NoticeItem[];
}

export interface NoticeParty extends PartyFieldValues {
  /**
   * What items call this party; default: its role, or the role with a number where several have it
   * (`third-party-2`).
   */
  id?: string;
  role: PartyRole;
}

export interface NoticeItem {
  object: string;
  party: string;
  /** Decimal in the policy's currency: `4800` or `"4800.00"`. */
  claimed: string | number;
}

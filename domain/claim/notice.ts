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

export interface NoticeParty {
  /**
   * What items call this party; default: its role, or the role with a number where several have it
   * (`third-party-2`).
   */
  id?: string;
  role: PartyRole;
  name: string;
  /** E.164, or as written in the policy's country. */
  phone?: string;
  email?: string;
  /**
   * By which channel they would rather hear from us; without it, by every one that the kind of message goes
   * by.
   */
  prefers?: 'sms' | 'email';
  /** BCP 47: `zh-CN`, `en`; default: what is read and written in the policy's jurisdiction. */
  locale?: string;
  /** IANA: `Asia/Shanghai`; default: that of the policy's jurisdiction. */
  timeZone?: string;
  /** Where a payment would go, if it is known already. */
  account?: string;
}

export interface NoticeItem {
  object: string;
  party: string;
  /** Decimal in the policy's currency: `4800` or `"4800.00"`. */
  claimed: string | number;
}

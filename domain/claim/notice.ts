import type { ItemId } from '../ids.ts';
import type { PartyFieldValues } from '../people/party-fields.ts';
import type { PartyId, PartyRole } from '../people/people.ts';
import type { Instant } from '../time/time.ts';

/**
 * The first report of a loss, with all personal data. In Temporal only the workflow's encrypted input holds
 * it.
 */
export interface NoticeOfLoss {
  /**
   * The source of the report (`hotline`, `portal`, another system) and its reference there. The claim number
   * derives from both.
   */
  source: string;
  reference: string;
  policy: string;
  lossAt: Instant;
  /** Why it happened: a code of the line, such as hail. */
  cause?: string;
  place: string;
  description: string;
  parties: NoticeParty[];
  items: NoticeItem[];
}

export interface NoticeParty extends PartyFieldValues {
  /**
   * The name by which items refer to this party. Default: its role, with a number where several parties have
   * it (`third-party-2`).
   */
  id?: string;
  role: PartyRole;
}

export interface NoticeItem {
  object: string;
  party: string;
  /** Decimal in the policy's currency: `4800` or `"4800.00"`. */
  claimed: string | number;
  /** The number plate of a vehicle. */
  plate?: string;
}

/** The id of a party in the claim, by its place in the notice. */
export const partyId = (index: number): PartyId => `party-${index + 1}`;

/** The id of an item in the claim, by its place in the notice. */
export const itemId = (index: number): ItemId => `item-${index + 1}`;

/** The place of the party that an item names. The schema has checked that it exists. */
export const indexOfParty = (
  { parties }: { parties: readonly Pick<NoticeParty, 'id' | 'role'>[] },
  name: string,
): number =>
  Math.max(
    0,
    parties.findIndex(({ id, role }) => id === name || role === name),
  );

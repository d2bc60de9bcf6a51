import type { ItemId } from '../ids.ts';
import type { PartyId, PartyKind } from '../people/people.ts';
import type { Rung } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/**
 * One thing that somebody owes the claim, since when, and what Lipei does next about it and when (design §1).
 */
export interface Expectation {
  /** `document:item-2:police-determination`, `review:item-1`. */
  id: string;
  from: PartyKind;
  /** The document or the step. */
  what: string;
  since: Instant;
  /** When it becomes late. */
  due: Instant;
  /** It cannot exist before: no chasing. */
  notBefore?: Instant;
  /** The end of a day that they gave us: no chasing before it. */
  promised?: Instant;
  ladder: string;
  rung: number;
  next: { do: Rung['do']; at: Instant };
  item?: ItemId;
  /** The outside party to address, where it is one. */
  ask?: PartyId;
  /** A telephone call is on the handler's list. */
  callDue?: boolean;
  /** Who has been told that it stalls; each has an expectation of their own until this one ends. */
  escalatedTo: PartyKind[];
}

/** What changes when a rung is taken. */
export interface Rise {
  expectation: string;
  did: Rung['do'];
  to?: PartyKind;
  rung: number;
  next: Expectation['next'];
  /** Police have made it by now: from here on the customer owes it. */
  from?: PartyKind;
}

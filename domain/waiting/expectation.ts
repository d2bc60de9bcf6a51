import type { ItemId } from '../ids.ts';
import type { PartyId, PartyKind } from '../people/people.ts';
import type { Rung } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/**
 * One thing that the claim waits for: its source, since when, and Lipei's next action with its time (design
 * §1).
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
  /** The document cannot exist before: no chase until then. */
  notBefore?: Instant;
  /** The end of the promised day: no chase before it. */
  promised?: Instant;
  ladder: string;
  rung: number;
  next: { do: Rung['do']; at: Instant };
  item?: ItemId;
  /** The party to contact, if it is not staff. */
  ask?: PartyId;
  /** A call is on the handler's work list. */
  callDue?: boolean;
  /** The superiors who were notified that it is late; each has an own expectation until this one ends. */
  escalatedTo: PartyKind[];
}

/** What changes when a rung is taken. */
export interface Rise {
  expectation: string;
  did: Rung['do'];
  to?: PartyKind;
  rung: number;
  next: Expectation['next'];
  /** The police have made the document: from now on the customer must bring it. */
  from?: PartyKind;
}

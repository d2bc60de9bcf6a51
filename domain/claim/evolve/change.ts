import type { ItemId } from '../../ids.ts';
import type { Party } from '../../people/people.ts';
import type { Claim, Item } from '../claim.ts';
import type { JournalEntry } from '../journal.ts';

export type Kind = JournalEntry['kind'];

/** The entries of some kinds. */
export type Of<K extends Kind> = Extract<JournalEntry, { kind: K }>;

/** Narrows an entry to the kinds that one file handles. */
export function isOf<K extends Kind>(entry: JournalEntry, kinds: readonly K[]): entry is Of<K> {
  const names: readonly string[] = kinds;
  return names.includes(entry.kind);
}

/** The claim with one item changed; the same where it has no such item. */
export const onItem = (claim: Claim, id: ItemId, change: (item: Item) => Partial<Item>): Claim => ({
  ...claim,
  items: claim.items.map((item) => (item.id === id ? { ...item, ...change(item) } : item)),
});

/** The claim with one party changed; the same claim where it has no such party. */
export const onParty = (claim: Claim, id: string, change: (party: Party) => Partial<Party>): Claim => ({
  ...claim,
  parties: claim.parties.map((party) => (party.id === id ? { ...party, ...change(party) } : party)),
});

import type { Claim, Item } from '../claim/claim.ts';
import { partyOf, payeeOf } from '../claim/claim.ts';
import type { Party, PartyId } from '../people/people.ts';
import type { RulePack } from '../rules/pack.ts';
import type { PolicyFacts } from './policy.ts';

/** Marks of these show who somebody is; a name alone shows nothing, because many people have it. */
const proofs = ['telephone', 'email', 'identity', 'account'];

/**
 * The parties that are none of the policy's people, by telephone, mailbox, identity number and account.
 * Nobody, where the book knows nobody of the policy.
 */
export function strangersTo({ people }: PolicyFacts, parties: readonly Party[]): PartyId[] {
  if (people.length === 0) return [];
  const known = new Set(people.flatMap(({ marks }) => marks).filter(isProof));
  return parties
    .filter(({ marks }) => !marks.some((mark) => isProof(mark) && known.has(mark)))
    .map(({ id }) => id);
}

const isProof = (mark: string): boolean => proofs.some((kind) => mark.startsWith(`${kind}:`));

/** Is the item claimed by, or paid to, somebody who is unknown to the policy? */
export const isOfStranger = (claim: Claim, item: Item, pack: RulePack): boolean =>
  [item.party, payeeOf(item)].some((party) => isStranger(claim, item, party, pack));

/** The strangers who claim or are paid what is not their own as third parties. */
export const strangersIn = (claim: Claim, pack: RulePack): PartyId[] => [
  ...new Set(
    claim.items.flatMap((item) =>
      [item.party, payeeOf(item)].filter((party) => isStranger(claim, item, party, pack)),
    ),
  ),
];

/** Third parties are not of the policy, and may claim what is their own. */
function isStranger(claim: Claim, item: Item, id: PartyId, { objects }: RulePack): boolean {
  if (!claim.cover?.strangers?.includes(id)) return false;
  const isOwn = id === item.party && objects[item.object]?.owner === 'third-party';
  const { role } = partyOf(claim, id) ?? {};
  return !isOwn || (role !== 'third-party' && role !== 'injured');
}

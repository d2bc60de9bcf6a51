import { itemOf, type Claim, type Item } from './claim.ts';
import type { PartyId } from '../people/people.ts';
import type { ItemId } from '../ids.ts';
import { nextClaimStep, nextStep } from '../road/road.ts';
import type { ItemStep } from '../road/steps.ts';
import { denied, type Denied } from '../denial.ts';
import type { Rules } from '../rules/pack.ts';

export const isDenied = (value: object): value is Denied =>
  'kind' in value && value.kind === 'denied' && 'sentence' in value;

/** The item, if the claim has it and it is open. */
export function openItem(claim: Claim, id: ItemId): Item | Denied {
  const item = itemOf(claim, id);
  if (!item) return unknownItem(claim, id);
  return item.outcome ? denied('not-now', `${id} has ended (${item.outcome.kind}).`) : item;
}

/** A denial that names the items of the claim. */
export const unknownItem = ({ number, items }: Claim, id: ItemId): Denied =>
  denied(
    'unknown-item',
    `Claim ${number} has no item "${id}"; it has ${items.map((each) => each.id).join(', ')}.`,
  );

/** The item, if it is open and at one of these steps. */
export function itemAt(claim: Claim, id: ItemId, rules: Rules, ...steps: ItemStep[]): Item | Denied {
  const item = openItem(claim, id);
  if (isDenied(item)) return item;
  const step = nextClaimStep(claim) ?? nextStep(claim, item, rules.pack);
  return steps.some((each) => each === step)
    ? item
    : denied(
        'not-now',
        `${id} is at the step "${step}", not at ${steps.map((each) => `"${each}"`).join(' or ')}.`,
      );
}

/** A denial that names the parties of the claim, where this is none of them. */
export const unknownParty = ({ number, parties }: Claim, id: PartyId): Denied | undefined =>
  parties.some((party) => party.id === id)
    ? undefined
    : denied(
        'unknown-party',
        `Claim ${number} has no party "${id}"; it has ${parties.map((party) => party.id).join(', ')}.`,
      );

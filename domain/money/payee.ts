import { partyOf, wasInstructed, type Claim, type Item } from '../claim/claim.ts';
import type { HumanCommand } from '../claim/commands.ts';
import { add, type Draft } from '../claim/draft.ts';
import { isDenied, itemAt, openItem, unknownParty } from '../claim/open-item.ts';
import { denied, type Denied } from '../denial.ts';
import type { ItemId } from '../ids.ts';
import { present } from '../present.ts';
import type { PartyId } from '../people/people.ts';
import { mayNot } from '../people/permissions.ts';

type SetPayee = Extract<HumanCommand, { kind: 'set-payee' }>;

/**
 * Takes the account of the notice, unless the bank has returned a payment. Otherwise the claim waits for the
 * party.
 */
export function takePayee(draft: Draft, id: ItemId): Denied | undefined {
  const item = itemAt(draft.claim, id, draft.rules, 'payee');
  if (isDenied(item)) return undefined;
  const returned = item.payments.some(({ kind }) => kind === 'returned' || kind === 'disputed');
  const account = partyOf(draft.claim, item.party)?.account;
  if (account && !returned)
    add(draft, { kind: 'payee-set', item: id, party: item.party, account, changed: false });
  return undefined;
}

/**
 * Sets another account or another payee. Approvals are cancelled, and the payment must be approved again
 * (S19).
 */
export function setPayee(
  draft: Draft,
  { person, item: id, party, account, holder }: SetPayee,
): Denied | undefined {
  const denial = mayNot(person, 'set-payee', draft.claim);
  if (denial) return denial;
  const stranger = unknownParty(draft.claim, party);
  if (stranger) return stranger;
  const item = openItem(draft.claim, id);
  if (isDenied(item)) return item;
  if (wasInstructed(item))
    return denied(
      'not-now',
      `The payment for ${id} is with the bank; its payee can change only if the bank returns it.`,
    );
  add(draft, {
    kind: 'payee-set',
    item: id,
    party,
    account,
    ...present({ holder }),
    changed: holder !== undefined || isAnother(draft.claim, item, party, account),
  });
  return undefined;
}

/**
 * Another party or account than the notice of loss named, or than the first one given since: a person must
 * check it (S19).
 */
function isAnother(claim: Claim, item: Item, party: PartyId, account: string): boolean {
  const noticed = partyOf(claim, item.party)?.account;
  return (
    item.payee !== undefined ||
    item.payments.length > 0 ||
    party !== item.party ||
    (noticed !== undefined && account !== noticed)
  );
}

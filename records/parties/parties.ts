import { z } from 'zod';
import { shapeOf } from '../../config/shape-of.ts';
import type { Mark, Marking } from '../../domain/people/marks.ts';
import {
  columnFields,
  picked,
  requiredFields,
  sealedFields,
  type ColumnField,
} from '../../domain/people/party-fields.ts';
import type { Keyring } from '../../security/keyring.ts';
import { unseal } from '../../security/sealing.ts';
import type { Database } from '../database.ts';

/** The personal data of a party, which only PostgreSQL has, sealed under the party's own key. */
export const contact = z.object({
  ...shapeOf(sealedFields, () => z.string().optional()),
  ...shapeOf(requiredFields, () => z.string()),
  /** Later accounts, by the mark that the claim has. */
  accounts: z.record(z.string(), z.string()).optional(),
  /** Number plates, by item. */
  plates: z.record(z.string(), z.string()).optional(),
  /** Holders of accounts who are not the party, by their mark. */
  holders: z.record(z.string(), z.string()).optional(),
});
export type Contact = z.infer<typeof contact>;

/** With the plain columns of the party's row. */
export type ReadContact = Contact & Record<ColumnField, string>;

export interface PartyRow extends Record<ColumnField, string> {
  id: string;
  key: string;
  sealed: string;
}

/** The wrapped key of a party; undefined when there is no such party, or when the party was erased. */
export async function partyKey(
  database: Pick<Database, 'party'>,
  claim: string,
  party: string,
): Promise<string | undefined> {
  const row = await database.party.findUnique({
    where: { claim_id: { claim, id: party } },
    select: { key: true },
  });
  return row?.key || undefined;
}

/** Throws when there is no such party, or when the party was erased and has no key. */
export const contactOf = async (
  database: Database,
  keyring: Keyring,
  claim: string,
  party: string,
): Promise<ReadContact> =>
  openedParty(
    await database.party.findUniqueOrThrow({ where: { claim_id: { claim, id: party } } }),
    keyring,
    claim,
  );

export const openedParty = (row: PartyRow, keyring: Keyring, claim: string): ReadContact => ({
  ...contact.parse(unseal(row.key, keyring, row.sealed, `${claim}/${row.id}`)),
  ...picked(row, columnFields),
});

/**
 * The account that an order is for and the name of its holder: the party's, unless the order or the notice
 * names another. Undefined when the records have no such account or holder.
 */
export function payeeOf(
  { name, account, accountHolder, accounts, holders }: Contact,
  order: { account: Mark; holder?: Mark },
  mark: Marking,
): { name: string; account: string } | undefined {
  const isNotices = account !== undefined && mark('account', account) === order.account;
  const found = accounts?.[order.account] ?? (isNotices ? account : undefined);
  const usual = (isNotices ? accountHolder : undefined) ?? name;
  const holder = order.holder === undefined ? usual : holders?.[order.holder];
  return found === undefined || holder === undefined ? undefined : { name: holder, account: found };
}

import { z } from 'zod';
import { shapeOf } from '../../config/shape-of.ts';
import { fingerprintOf } from '../../domain/people/account.ts';
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
  /** Later accounts, by the fingerprint that the claim has. */
  accounts: z.record(z.string(), z.string()).optional(),
  /** By the same fingerprint: the holders who are not the party. */
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

/** The account with this fingerprint and the name of its holder; undefined when the records have none. */
export function payeeOf(
  { name, account, accountHolder, accounts, holders }: Contact,
  claim: string,
  party: string,
  fingerprint: string,
): { name: string; account: string } | undefined {
  const isNotices = account !== undefined && fingerprintOf(claim, party, account) === fingerprint;
  const found = accounts?.[fingerprint] ?? (isNotices ? account : undefined);
  const holder = holders?.[fingerprint] ?? (isNotices ? accountHolder : undefined);
  return found === undefined ? undefined : { name: holder ?? name, account: found };
}

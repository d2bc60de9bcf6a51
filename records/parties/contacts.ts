import type { Database } from '../database.ts';
import type { Mark } from '../../domain/people/marks.ts';
import { marksOfParty } from '../../domain/claim/filing.ts';
import { marking } from '../keys/contact-key.ts';
import { contact, contactOf, openedParty, type Contact, type ReadContact } from './parties.ts';
import {
  columnFields,
  picked,
  sealedFields,
  type ClaimField,
  type CorrectableField,
  type RemovableField,
} from '../../domain/people/party-fields.ts';
import type { Keyring } from '../../security/keyring.ts';
import { seal, unseal } from '../../security/sealing.ts';
import type { Prisma } from '../../prisma/generated/client.ts';

/** Corrections of a contact; null removes a value. */
export type Change = { [Name in Exclude<CorrectableField, RemovableField | ClaimField>]?: string } & {
  [Name in RemovableField]?: string | null;
};
export interface Changed {
  revision: number;
  reach: { sms: boolean; email: boolean };
  /** Of the telephone and the mailbox. */
  marks: Mark[];
}

export type Erased = { kind: 'erased' };

const isErased = ({ key }: { key: string }): boolean => key === '';

/** The contact of a party, which is personal data. */
export async function readContact(
  database: Database,
  keyring: Keyring,
  claim: string,
  party: string,
): Promise<ReadContact | Erased | undefined> {
  const row = await database.party.findUnique({
    where: { claim_id: { claim, id: party } },
    select: { key: true },
  });
  if (!row) return undefined;
  return isErased(row) ? { kind: 'erased' } : contactOf(database, keyring, claim, party);
}

/** The contacts of several parties, by claim and party; the erased ones are left out. */
export async function readContacts(
  database: Database,
  keyring: Keyring,
  parties: readonly { claim: string; party: string }[],
): Promise<Map<string, ReadContact>> {
  const rows = await database.party.findMany({
    where: { OR: parties.map(({ claim, party }) => ({ claim, id: party })) },
  });
  return new Map(
    rows
      .filter((row) => !isErased(row))
      .map((row) => [`${row.claim}/${row.id}`, openedParty(row, keyring, row.claim)]),
  );
}

/**
 * Changes a contact with its language and time zone, if the claim records it (`report`). The change is
 * invisible until then, and is undone when the claim denies it. `null` removes a value.
 */
export async function changeContact<StoredReport extends { kind: string }>(
  database: Database,
  keyring: Keyring,
  { claim, party, change }: { claim: string; party: string; change: Change },
  report: (changed: Changed) => Promise<StoredReport>,
): Promise<StoredReport | Erased> {
  const mark = await marking(database, keyring);
  return inTransaction<StoredReport | Erased>(database, async (transaction, undo) => {
    const row = await lockedParty(transaction, claim, party);
    if (isErased(row)) return { kind: 'erased' };
    const before = opened(row, keyring);
    const after = contact.parse({ ...before, ...sealedOf(change) });
    const revision = row.revision + 1;
    await keep(transaction, row, keyring, after, revision, change);
    const stored = await report({
      revision,
      reach: { sms: after.phone !== undefined, email: after.email !== undefined },
      marks: marksOfParty(picked(after, ['phone', 'email']), mark).marks,
    });
    return stored.kind === 'recorded' ? stored : undo(stored);
  });
}

export interface GivenAccount {
  claim: string;
  party: string;
  account: string;
  /** Whose account it is; undefined: the party's. */
  holder: string | undefined;
}

/**
 * Keeps a further account of a party, and gives its mark for the claim, and that of a holder who is not the
 * usual one. Only an approved payment to exactly these pays to it, so it may be kept before the claim has it.
 */
export async function keepAccount(
  database: Database,
  keyring: Keyring,
  { claim, party, account, holder }: GivenAccount,
): Promise<{ kind: 'kept'; of: Mark; holder?: Mark } | Erased> {
  const mark = await marking(database, keyring);
  const of = mark('account', account);
  return inTransaction(database, async (transaction) => {
    const row = await lockedParty(transaction, claim, party);
    if (isErased(row)) return { kind: 'erased' } as const;
    const before = opened(row, keyring);
    const usual = account === before.account ? (before.accountHolder ?? before.name) : before.name;
    const other = holder === usual ? undefined : holder;
    await keep(
      transaction,
      row,
      keyring,
      {
        ...before,
        accounts: { ...before.accounts, [of]: account },
        ...(other ? { holders: { ...before.holders, [mark('name', other)]: other } } : {}),
      },
      row.revision + 1,
    );
    return { kind: 'kept', of, ...(other ? { holder: mark('name', other) } : {}) } as const;
  });
}

/** Keeps the corrected number plate of an item with its party, where who needs it reads it. */
export const keepPlate = (
  database: Database,
  keyring: Keyring,
  { claim, party, item, plate }: { claim: string; party: string; item: string; plate: string },
): Promise<void> =>
  inTransaction(database, async (transaction) => {
    const row = await lockedParty(transaction, claim, party);
    if (isErased(row)) return;
    const before = opened(row, keyring);
    const plates = { ...before.plates, [item]: plate };
    await keep(transaction, row, keyring, { ...before, plates }, row.revision + 1);
  });

/** A removed value is undefined, so that it replaces the former one. */
const sealedOf = (change: Change): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(change)
      .filter(([name]) => sealedFields.some((each) => each === name))
      .map(([name, value]) => [name, value ?? undefined]),
  );

interface PartyRow {
  claim: string;
  id: string;
  key: string;
  sealed: string;
  revision: number;
}

/** Locks the party, so that simultaneous changes cannot overwrite each other. */
async function lockedParty(
  transaction: Prisma.TransactionClient,
  claim: string,
  id: string,
): Promise<PartyRow> {
  await transaction.$queryRaw`SELECT 1 FROM party WHERE claim = ${claim} AND id = ${id} FOR UPDATE`;
  return transaction.party.findUniqueOrThrow({ where: { claim_id: { claim, id } } });
}

const contextOf = ({ claim, id }: PartyRow): string => `${claim}/${id}`;

const opened = (row: PartyRow, keyring: Keyring): Contact =>
  contact.parse(unseal(row.key, keyring, row.sealed, contextOf(row)));

async function keep(
  transaction: Prisma.TransactionClient,
  row: PartyRow,
  keyring: Keyring,
  value: Contact,
  revision: number,
  change: Change = {},
): Promise<void> {
  await transaction.party.update({
    where: { claim_id: { claim: row.claim, id: row.id } },
    data: {
      sealed: seal(row.key, keyring, value, contextOf(row)),
      revision,
      ...picked(change, columnFields),
    },
  });
}

/** The claim answers within the transaction, which therefore may take long. */
async function inTransaction<T>(
  database: Database,
  work: (transaction: Prisma.TransactionClient, undo: (answer: T) => never) => Promise<T>,
): Promise<T> {
  const undo = (answer: T): never => {
    throw new Undone(answer);
  };
  try {
    return await database.$transaction((transaction) => work(transaction, undo), {
      maxWait: 5_000,
      timeout: 30_000,
    });
  } catch (fault) {
    if (fault instanceof Undone) return fault.answer;
    throw fault;
  }
}

/** Rolls back a transaction: Prisma has no other way. */
class Undone<T> extends Error {
  readonly answer: T;

  constructor(answer: T) {
    super('The transaction is undone on purpose');
    this.answer = answer;
  }
}

import { z } from 'zod';
import type { ReadObject, ReadPolicy } from '../../config/books/policy-row.ts';
import { readPolicyRow } from '../../config/books/policy-row.ts';
import type { InsuredObject, PolicyPerson, SpecialTerm } from '../../domain/money/policy.ts';
import type { Marking } from '../../domain/people/marks.ts';
import { present } from '../../domain/present.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { Book, OpenImport, TakenCounts } from '../books/book.ts';
import type { Database } from '../database.ts';
import { contentHashing, marking } from '../keys/contact-key.ts';
import { sealPolicy } from './sealed-policy.ts';

/** Keys, marks and rules that rows are read with. */
export interface PolicyReader {
  keyring: Keyring;
  mark: Marking;
  hashContent: (text: string) => string;
  /** Those in force: the lines, their objects and currencies. */
  packs: readonly RulePack[];
}

/** The policy book, with the secret of the records. */
export const openPolicyBook = async (
  database: Database,
  keyring: Keyring,
  packs: readonly RulePack[],
): Promise<Book> =>
  policyBook({
    keyring,
    packs,
    mark: await marking(database, keyring),
    hashContent: await contentHashing(database, keyring),
  });

/**
 * The policy book. The key of a row is the number of its policy. Names, contacts, plates and addresses are
 * sealed when a row is read, so that what is staged shows none.
 */
export function policyBook(reader: PolicyReader): Book {
  return {
    read(value) {
      const reading = readPolicyRow(value, reader.packs, reader.mark);
      if (reading.kind === 'rejected') {
        const { number, mistakes } = reading;
        return { kind: 'rejected', mistakes, ...present({ key: number }) };
      }
      return { kind: 'read', key: reading.policy.number, row: rowOf(reading.policy, reader) };
    },
    take,
    undo,
  };
}

/** As `take_policies` reads it (records/sql). */
interface PolicyColumns {
  endorsement: string;
  line: string;
  jurisdiction: string;
  branch: string;
  currency: string;
  validFrom: string;
  validTo: string;
  objects: Record<string, InsuredObject>;
  people: PolicyPerson[];
  wording: string | null;
  special: (SpecialTerm & { words: string })[];
  sealed: string;
  key: string;
  content: string;
}

function rowOf(policy: ReadPolicy, { keyring, mark, hashContent }: PolicyReader): PolicyColumns {
  const { endorsement, line, jurisdiction, branch, currency, from, to, wording, special } = policy;
  const things = policy.objects.map((each) => [each.key, sealedObject(each)]);
  return {
    endorsement,
    line,
    jurisdiction,
    branch,
    currency,
    validFrom: from,
    validTo: to,
    objects: Object.fromEntries(policy.objects.map((each) => [each.key, insuredObject(each)])),
    people: policy.people.map((each) => ({ role: each.role, marks: personMarks(each, mark) })),
    wording: wording ?? null,
    special: special.map(({ excludes, ...term }) => ({
      ...term,
      ...present({ excludes: excludes && present(excludes) }),
    })),
    ...sealPolicy(policy, keyring, {
      people: policy.people.map(sealedPerson),
      objects: Object.fromEntries(things),
    }),
    content: hashContent(JSON.stringify(policy)),
  };
}

function insuredObject({ sumInsuredMinor, excessMinor, share, marks, causes }: ReadObject): InsuredObject {
  return {
    sumInsuredMinor,
    excessMinor,
    ...present({ sharePercent: share, causes, marks: marks.length > 0 ? marks : undefined }),
  };
}

const sealedPerson = ({ name, phone, email, address, identity, account }: ReadPolicy['people'][number]) => ({
  name,
  ...present({ phone, email, address, identity, account }),
});

const sealedObject = ({ plate, vin, model, address, description }: ReadObject) =>
  present({ plate, vin, model, address, description });

function personMarks({ name, phone, email, identity, account }: ReadPolicy['people'][number], mark: Marking) {
  return [
    mark('name', name),
    ...(phone === undefined ? [] : [mark('telephone', phone)]),
    ...(email === undefined ? [] : [mark('email', email)]),
    ...(identity === undefined ? [] : [mark('identity', identity)]),
    ...(account === undefined ? [] : [mark('account', account)]),
  ];
}

/** Policies in one transaction: others wait no longer for the book. */
const atOnce = 2000;

const mostWarnings = 100;
const firstFew = (before: string[], batch: string[]): string[] => [...before, ...batch].slice(0, 10);

const taken = z
  .object({
    last: z.string(),
    rows: z.int(),
    added: z.int(),
    changed: z.int(),
    same: z.int(),
    rejected: z.int(),
    first: z.object({ added: z.array(z.string()), changed: z.array(z.string()), same: z.array(z.string()) }),
    warnings: z.array(z.string()),
  })
  .nullable();

async function take(
  books: Database,
  { id }: OpenImport,
  { dryRun, progress }: { dryRun: boolean; progress?: (done: number) => void },
): Promise<TakenCounts> {
  const first = { added: [], changed: [], same: [] };
  const counts: Required<TakenCounts> = {
    rows: 0,
    added: 0,
    changed: 0,
    same: 0,
    rejected: 0,
    first,
    warnings: [],
  };
  for (let after: string | null = null; ;) {
    const values: unknown[] = [id, after, atOnce, dryRun];
    const [row] = await books.prepared<{ taken: unknown }>('take-policies', takePolicies, values);
    const batch = taken.parse(row?.taken);
    if (batch === null) return counts;
    counts.rows += batch.rows;
    counts.added += batch.added;
    counts.changed += batch.changed;
    counts.same += batch.same;
    counts.rejected += batch.rejected;
    counts.first = {
      added: firstFew(counts.first.added, batch.first.added),
      changed: firstFew(counts.first.changed, batch.first.changed),
      same: firstFew(counts.first.same, batch.first.same),
    };
    counts.warnings = [...counts.warnings, ...batch.warnings].slice(0, mostWarnings);
    after = batch.last;
    progress?.(counts.rows);
  }
}

const takePolicies = 'SELECT take_policies($1, $2, $3, $4) AS taken';

const undoneBatch = z.object({ last: z.string(), restored: z.int(), left: z.array(z.string()) }).nullable();

async function undo(
  books: Database,
  { id }: OpenImport,
  undone: string,
): Promise<{ restored: number; left: string[] }> {
  const all: { restored: number; left: string[] } = { restored: 0, left: [] };
  for (let after: string | null = null; ;) {
    const values: unknown[] = [id, undone, after, atOnce];
    const [row] = await books.prepared<{ undone: unknown }>('undo-policies', undoPolicies, values);
    const batch = undoneBatch.parse(row?.undone);
    if (batch === null) return all;
    all.restored += batch.restored;
    all.left.push(...batch.left);
    after = batch.last;
  }
}

const undoPolicies = 'SELECT undo_policies($1, $2, $3, $4) AS undone';

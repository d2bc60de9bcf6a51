import { msOf, type Instant } from '../../domain/time/time.ts';
import { instantOf } from '../../domain/time/time.ts';
import type { PolicySource } from '../../providers/ports.ts';
import type { Book } from '../books/book.ts';
import { deleteStaged, keepCounts, openImport, rejectedRows, stageRows } from '../books/imports.ts';
import type { Database } from '../database.ts';
import { policyOf, type PolicyOnRecord } from './policies.ts';

/** The author of what is taken from the source. */
export const policySourceAuthor = 'policy-source';

export interface FromSource {
  /** The records with the role that keeps policies. */
  books: Database;
  book: () => Promise<Book>;
  source: PolicySource;
  /** Why an answer of the source could not be taken, for operations: fields and reasons, nothing personal. */
  failed: (of: { policy: string; why: string }) => void;
}

/** `import`: the one that took it; absent where the book had it already. */
export type TakenFromSource =
  | { kind: 'found'; import?: string }
  | { kind: 'unknown' }
  /** `isSilent`: it did not answer at all, or has not what we ask for. */
  | { kind: 'away'; isSilent: boolean };

/** The source, and how often it is asked for what claims wait for. */
export interface AskedSource extends FromSource {
  everyMs: number;
}

/**
 * Asks the source for a policy, and takes what it has into the book. `away`: the source does not answer, or
 * answers what the book cannot take; it is asked again later.
 */
export async function takeFromSource(
  { books, book: openBook, source, failed }: FromSource,
  number: string,
  at?: Instant,
): Promise<TakenFromSource> {
  const answer = await source.ask(number, at);
  if (answer.kind === 'unknown') return { kind: 'unknown' };
  const why = (because: string): TakenFromSource => {
    failed({ policy: number, why: because });
    return { kind: 'away', isSilent: answer.kind === 'away' };
  };
  if (answer.kind === 'away') return why(answer.code);
  const book = await openBook();
  const read = answer.rows.map((row) => book.read(row));
  const others = read.find((each) => each.key !== undefined && each.key !== number);
  if (others) return why('it answered with another policy');
  const rows = answer.rows.map((value, index) => ({ line: index + 1, value }));
  const { id } = await openImport(books, {
    book: 'policies',
    source: 'policy source',
    by: policySourceAuthor,
  });
  await stageRows(books, id, book, rows);
  const of = { id, by: policySourceAuthor, now: instantOf(Date.now()) };
  const { rows: all, added, changed, same, rejected } = await book.take(books, of, { dryRun: false });
  const rejects = await rejectedRows(books, id, { after: 0, limit: 1 });
  await keepCounts(books, id, { rows: all, added, changed, same, rejected }, { state: 'taken' });
  await deleteStaged(books, id, 'all');
  if (rejected === 0) return { kind: 'found', import: id };
  const [first] = rejects.flatMap(({ mistakes }) => mistakes);
  return why(first ? `${first.field} ${first.reason}` : 'it could not be taken');
}

/**
 * A policy for a loss: from the book, and where that has none in force then, from its source. Without an
 * answer of the source what the book has counts, or the policy is `awaited`.
 */
export async function policyFor(
  database: Database,
  from: FromSource | undefined,
  number: string,
  lossAt: Instant,
): Promise<PolicyOnRecord | undefined | 'awaited'> {
  const known = await policyOf(database, number, lossAt);
  if (!from || (known && isInForce(known, lossAt))) return known;
  const { kind } = await takeFromSource(from, number, lossAt);
  if (kind === 'found') return policyOf(database, number, lossAt);
  return kind === 'away' && !known ? 'awaited' : known;
}

const isInForce = ({ validFrom, validTo }: PolicyOnRecord, at: Instant): boolean =>
  validFrom.getTime() <= msOf(at) && msOf(at) < validTo.getTime();

/** An open claim that waits for its policy. */
export interface Awaiting {
  claim: string;
  policy: string;
  lossAt: Instant;
}

/** Some open claims that wait for their policy, so that a few that cannot be had hold up no others. */
export async function claimsAwaitingPolicies(
  database: Pick<Database, 'prepared'>,
  limit: number,
): Promise<Awaiting[]> {
  const rows = await database.prepared<{ claim: string; policy: string; lossAt: string }>(
    'awaiting-policies',
    awaiting,
    [limit],
  );
  return rows.map(({ lossAt, ...rest }) => ({ ...rest, lossAt }));
}

const awaiting = `
  SELECT e.claim, upper(c.state->>'policy') AS policy, c.state->>'lossAt' AS "lossAt"
  FROM expectation e JOIN claim c ON c.number = e.claim
  WHERE e.from = 'operations' AND e.id = 'policy' AND c.outcome IS NULL
  ORDER BY random() LIMIT $1`;

import type { KeyObject } from 'node:crypto';
import { legalTerms, type LegalTerm, type Retention } from '../../config/retention.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { noClaim } from '../../domain/claim/claims-named.ts';
import type { ClaimNumber } from '../../domain/ids.ts';
import type { PartyId } from '../../domain/people/people.ts';
import { present } from '../../domain/present.ts';
import { instantOf, msOf, type Instant } from '../../domain/time/time.ts';
import type { Prisma } from '../../prisma/generated/client.ts';
import { setAside, type ArchiveKey } from '../../security/archive-key.ts';
import type { Keyring } from '../../security/keyring.ts';
import { claimOf } from '../claims/projection.ts';
import type { Database } from '../database.ts';
import type { SetAsideKey } from '../../client/own-api/schemas/erasures.ts';
import { keepLine, type SignedLine } from '../journal/signed-lines.ts';
import { heldClaims } from '../retention/holds.ts';

/** A party of a claim, or a telephone that stands in no claim. */
export interface PartyOf {
  claim: ClaimNumber;
  party: PartyId;
}

/** Whether a party may be erased now. */
export type Standing =
  | {
      kind: 'may';
      /** What the law still wants kept, the longest first; nothing: the key is deleted at once. */
      terms: LegalTerm[];
      /** Until when Temporal keeps the encrypted notice of loss; absent when it is gone. */
      historyUntil?: Instant;
    }
  | { kind: 'erased' }
  | { kind: 'unknown' }
  | { kind: 'not-yet'; why: 'open' | 'hold' | 'message' | 'payment' | 'follow-up'; sentence: string };

type Reading = Pick<
  Prisma.TransactionClient,
  'party' | 'claim' | 'policy' | 'journalEntry' | 'notification' | 'followUp' | 'signedLine'
>;

/**
 * Whether a party may be erased. The data of an open claim are needed, and those of a party while a message
 * or a payment to the party is on its way.
 */
export async function standingOf(
  records: Reading,
  { retention, roots }: Pick<Erasure, 'retention' | 'roots'>,
  { claim: number, party }: PartyOf,
  now: Instant,
): Promise<Standing> {
  const row = await records.party.findUnique({
    where: { claim_id: { claim: number, id: party } },
    select: { key: true },
  });
  if (!row) return { kind: 'unknown' };
  if (row.key === '') return { kind: 'erased' };
  const open = await openFollowUp(records, number, party);
  if (number === noClaim) return open ?? { kind: 'may', terms: [] };
  const kept = await records.claim.findUnique({ where: { number }, select: { state: true } });
  const claim = kept ? claimOf(kept.state) : undefined;
  const closing = claim?.outcome ? await closingOf(records, number) : undefined;
  if (!claim || closing === undefined) return isOpen(number, party, claim, retention);
  return (
    (await legalHold(records, roots, number)) ??
    (await messageUnderWay(records, claim, party)) ??
    paymentUnderWay(claim, party) ??
    open ?? { kind: 'may', ...(await keptBy(records, retention, claim, closing, now)) }
  );
}

const isOpen = (
  number: ClaimNumber,
  party: PartyId,
  claim: Claim | undefined,
  { laws }: Retention,
): Standing => {
  const article = claim && laws[claim.jurisdiction]?.erasure;
  return {
    kind: 'not-yet',
    why: 'open',
    sentence:
      `Claim ${number} is open and needs the data of ${party}` +
      `${article ? ` (${article}: their purpose is not achieved yet)` : ''}; ask again when it has closed.`,
  };
};

const closingOf = async (
  { journalEntry }: Pick<Reading, 'journalEntry'>,
  claim: ClaimNumber,
): Promise<Instant | undefined> =>
  (
    await journalEntry.findFirst({
      where: { claim, kind: 'claim-closed' },
      orderBy: { seq: 'desc' },
      select: { at: true },
    })
  )?.at.toISOString();

/** While a claim is held, it stays as it is. */
async function legalHold(
  records: Pick<Reading, 'signedLine'>,
  roots: readonly KeyObject[],
  claim: ClaimNumber,
): Promise<Standing | undefined> {
  const by = (await heldClaims(records, roots, claim)).get(claim);
  return by === undefined
    ? undefined
    : {
        kind: 'not-yet',
        why: 'hold',
        sentence: `Claim ${claim} is held, by ${by}; ask again when it is released (claims release).`,
      };
}

async function openFollowUp(
  { followUp }: Pick<Reading, 'followUp'>,
  claim: ClaimNumber,
  party: PartyId,
): Promise<Standing | undefined> {
  const about = claim === noClaim ? { what: { contains: party } } : {};
  const first = await followUp.findFirst({ where: { claim, doneAt: null, ...about }, select: { id: true } });
  return first
    ? {
        kind: 'not-yet',
        why: 'follow-up',
        sentence: `The follow-up ${first.id} of ${claim} is open; close it out first, then ask again.`,
      }
    : undefined;
}

/** A message that is planned, or that a sender may be giving to a provider at this moment. */
async function messageUnderWay(
  { notification }: Pick<Reading, 'notification'>,
  { number, outbox }: Claim,
  party: PartyId,
): Promise<Standing | undefined> {
  const planned = outbox.find(({ to }) => to.party === party)?.id;
  const sending = await notification.findFirst({
    where: { claim: number, recipient: party, state: 'sending', leaseUntil: { gt: new Date() } },
    select: { reference: true },
  });
  const id = planned ?? sending?.reference;
  return id === undefined
    ? undefined
    : {
        kind: 'not-yet',
        why: 'message',
        sentence: `The message ${id} to ${party} is on its way; ask again when it has been sent.`,
      };
}

/** Money of which the bank has not said yet what became of it, or that finance has not cleared. */
function paymentUnderWay({ items }: Claim, party: PartyId): Standing | undefined {
  const open = items
    .flatMap(({ payments }) => payments)
    .find(
      ({ kind, to }) => to === party && (kind === 'approved' || kind === 'instructed' || kind === 'disputed'),
    );
  const held = items.filter((item) => item.party === party).flatMap(({ holds }) => holds)[0];
  const id = open?.id ?? held?.payment;
  return id === undefined
    ? undefined
    : {
        kind: 'not-yet',
        why: 'payment',
        sentence: `The payment ${id} to ${party} is under way; ask again when it is confirmed or cleared.`,
      };
}

async function keptBy(
  { policy: policies }: Pick<Reading, 'policy'>,
  retention: Retention,
  { jurisdiction, policy: number, items }: Claim,
  closedAt: Instant,
  now: Instant,
): Promise<{ terms: LegalTerm[]; historyUntil?: Instant }> {
  const policy = await policies.findFirst({
    where: { number, replacedAt: null },
    orderBy: { validTo: 'desc' },
    select: { validFrom: true, validTo: true },
  });
  const paid = items
    .flatMap(({ payments }) => payments)
    .filter(({ kind }) => kind === 'confirmed' || kind === 'returned')
    .map(({ at }) => at)
    .toSorted();
  const historyUntil = instantOf(msOf(closedAt) + retention.temporalDays * dayMs);
  const terms = legalTerms(
    {
      jurisdiction,
      closedAt,
      ...present({
        policy: policy
          ? { validFrom: policy.validFrom.toISOString(), validTo: policy.validTo.toISOString() }
          : undefined,
        lastPaymentAt: paid.at(-1),
      }),
    },
    retention,
  );
  return {
    terms: terms.filter(({ until }) => until > now),
    ...present({ historyUntil: historyUntil > now ? historyUntil : undefined }),
  };
}

const dayMs = 86_400_000;

export interface Erasure extends PartyOf {
  retention: Retention;
  /** The public root keys: they say who really holds a claim. */
  roots: readonly KeyObject[];
  keyring: Keyring;
  /** For what the law wants kept; undefined where there is none. */
  archive: ArchiveKey | undefined;
  /** The term that was signed; undefined: nothing is set aside. */
  kept: LegalTerm | undefined;
  line: SignedLine;
}

/**
 * Erases a party: sets its key aside for the archive key where the law wants that, takes it from the party,
 * and keeps the signed line. From then on no program can open what lies under the key. Under the claim's
 * lock, and only as long as the party may be erased.
 */
export async function eraseParty(
  database: Database,
  { claim, party, retention, roots, keyring, archive, kept, line }: Erasure,
): Promise<Standing | { kind: 'done' }> {
  return database.$transaction(async (transaction) => {
    await transaction.$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${claim}, 0))::text`;
    await transaction.$queryRaw`SELECT 1 FROM party WHERE claim = ${claim} AND id = ${party} FOR UPDATE`;
    const standing = await standingOf(transaction, { retention, roots }, { claim, party }, line.at);
    if (standing.kind !== 'may') return standing;
    const where = { claim_id: { claim, id: party } };
    const { key } = await transaction.party.findUniqueOrThrow({ where, select: { key: true } });
    if (kept && archive)
      await transaction.setAsideKey.createMany({
        data: [
          {
            claim,
            party,
            wrapped: setAside(key, keyring, archive),
            archiveKey: archive.id,
            law: kept.law,
            until: kept.until,
            at: line.at,
          },
        ],
        // Of a party who came back with a backup, it is the same key.
        skipDuplicates: true,
      });
    await transaction.party.update({ where, data: { key: '', ...(kept ? {} : { sealed: '' }) } });
    // A telephone that writes again gets another key, which does not open its earlier texts.
    if (claim === noClaim) await transaction.$executeRaw`SELECT forget_texts(${party})`;
    await keepLine(transaction, line);
    return { kind: 'done' } as const;
  });
}

/** The parties of a claim who were erased. */
export const erasedParties = async (
  database: Pick<Database, 'party'>,
  claim: ClaimNumber,
): Promise<PartyId[]> =>
  (await database.party.findMany({ where: { claim, key: '' }, select: { id: true } })).map(({ id }) => id);

/** The keys of a claim's erased parties, as they were set aside: nobody but the archive key opens them. */
export async function setAsideKeys(
  database: Pick<Database, 'setAsideKey'>,
  claim: ClaimNumber,
): Promise<SetAsideKey[]> {
  const rows = await database.setAsideKey.findMany({
    where: { claim },
    orderBy: { party: 'asc' },
    select: { party: true, wrapped: true, archiveKey: true, law: true, until: true },
  });
  return rows.map((row) => ({ ...row, until: row.until.toISOString() }));
}

/** Until when the key of an erased party is set aside, and by which law; undefined when it is gone. */
export async function setAsideUntil(
  database: Pick<Database, 'setAsideKey'>,
  { claim, party }: PartyOf,
): Promise<LegalTerm | undefined> {
  const row = await database.setAsideKey.findUnique({
    where: { claim_party: { claim, party } },
    select: { law: true, until: true },
  });
  return row ? { law: row.law, until: row.until.toISOString() } : undefined;
}

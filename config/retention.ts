import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { instantOf, msOf, type Instant } from '../domain/time/time.ts';

const term = z.strictObject({
  years: z.int().positive().max(100),
  /** `contract-end`: the end of the policy, or the closing of the claim where that is later. */
  from: z.enum(['contract-end', 'last-payment']),
  /** The article, as the answer of a command names it. */
  law: z.string().min(1),
});

const kept = z.discriminatedUnion('keep', [
  /** As long as the claim itself. */
  z.strictObject({ keep: z.literal('claim') }),
  z.strictObject({ keep: z.literal('months'), months: z.int().positive().max(1200) }),
]);

/** How long records are kept, by class: data of the business, in `retention.json` (C10). */
const retention = z.strictObject({
  /** By the jurisdiction of the claim. */
  laws: z.record(
    z.string(),
    z.strictObject({
      /** The article that gives a person the right to be erased. */
      erasure: z.string().min(1),
      /** What is kept of a claim under a policy of up to `longContractDays`. */
      claim: term,
      longClaim: term,
      /** What is kept of the parties and payments of a claim that paid. */
      payment: term,
    }),
  ),
  /** A policy that is longer is for more than one year. */
  longContractDays: z.int().positive(),
  classes: z.strictObject({
    journal: kept,
    attachments: kept,
    messages: kept,
    notes: kept,
    looks: kept,
    inbox: kept,
    unknownTelephones: kept,
    staffMail: kept,
    revokedTokens: kept,
    /** After the end of a policy of which no claim is kept. */
    policies: z.strictObject({ keep: z.literal('months'), months: z.int().min(60).max(1200) }),
  }),
  /** A plan of what to delete may be carried out for so long. */
  planDays: z.int().positive(),
  /** Why a person keeps a claim from deletion, or no longer. */
  holdReasons: z.array(z.string().regex(/^[a-z][a-z-]*$/)).min(1),
  /** The retention of the Temporal namespace: so long the encrypted notice of loss stays in a history. */
  temporalDays: z.int().positive(),
  /** Why a person is erased: codes of the signed line. */
  erasureReasons: z.array(z.string().regex(/^[a-z][a-z-]*$/)).min(1),
});

export type Retention = z.infer<typeof retention>;
export type RetentionClass = keyof Retention['classes'];

/** The file of retention; without a name our own. Throws a sentence that names what is wrong in it. */
export function readRetention(file = join(import.meta.dirname, 'retention.json')): Retention {
  const { data, error } = retention.safeParse(contentOf(file));
  if (data) return data;
  throw new Error(`The times in ${file} are wrong: ${z.prettifyError(error).split('\n').join(' ')}`);
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    throw new Error(`The times of retention cannot be read: ${String(fault)}`, { cause: fault });
  }
}

/** The moments of a claim that retention counts from. */
export interface KeptClaim {
  jurisdiction: string;
  closedAt: Instant;
  /** Absent where the records have no policy of this number: the claim counts as under a long policy. */
  policy?: { validFrom: Instant; validTo: Instant };
  /** When its last payment was placed; absent where it paid nothing. */
  lastPaymentAt?: Instant;
}

/** What a law wants kept, and until when. */
export interface LegalTerm {
  law: string;
  until: Instant;
}

/**
 * What the law of the claim's jurisdiction wants kept, the longest first. Throws a sentence for a
 * jurisdiction without times.
 */
export function legalTerms(claim: KeptClaim, { laws, longContractDays }: Retention): LegalTerm[] {
  const ours = laws[claim.jurisdiction];
  if (!ours)
    throw new Error(`config/retention.json has no times for claims in ${claim.jurisdiction}; add them.`);
  const { closedAt, policy, lastPaymentAt } = claim;
  const days = policy ? (msOf(policy.validTo) - msOf(policy.validFrom)) / dayMs : Infinity;
  const file = days > longContractDays ? ours.longClaim : ours.claim;
  const from = { 'contract-end': later(closedAt, policy?.validTo), 'last-payment': lastPaymentAt };
  return [file, ...(lastPaymentAt === undefined ? [] : [ours.payment])]
    .map(({ law, years, from: moment }) => ({ law, until: plusYears(from[moment] ?? closedAt, years) }))
    .toSorted((one, other) => (one.until < other.until ? 1 : -1));
}

const dayMs = 86_400_000;

const later = (one: Instant, other: Instant | undefined): Instant =>
  other === undefined || one > other ? one : other;

/** 29 February and a year without one: 1 March, so that nothing goes a day early. */
function plusYears(from: Instant, years: number): Instant {
  const date = new Date(from);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return instantOf(date.getTime());
}

import { z } from 'zod';
import type { Asking } from '../asking.ts';
import {
  checkSchema,
  claimRunSchema,
  keptCheckSchema,
  knownClaimSchema,
  lineSchema,
  recordsProblemSchema,
  storedRowSchema,
  type KnownClaim,
  type RecordsCheck,
} from '../schemas/record-checks.ts';
import { comparedPoliciesSchema } from '../schemas/records.ts';
import { at, searchOf } from './addresses.ts';

/** What a check of the records reads and keeps. */
export const recordCheckCalls = ({ one, pages }: Asking) => {
  const post = <T>(path: string, body: object, answer: z.ZodType<T>) =>
    one({ method: 'POST', path, body, answer });
  return {
    /** All claims that the records know, page by page, in order. */
    async *knownClaims(): AsyncGenerator<KnownClaim[]> {
      for (let after = ''; ;) {
        const page = await one({
          path: `/records/claims?${searchOf({ after })}`,
          answer: z.array(knownClaimSchema),
        });
        if (page.length === 0) return;
        yield page;
        after = page.at(-1)?.claim ?? after;
      }
    },
    /** What a comparison of all policies with their history finds, page by page. */
    async *comparedPolicies(): AsyncGenerator<z.output<typeof comparedPoliciesSchema>> {
      for (let after: string | null = ''; after !== null;) {
        const page: z.output<typeof comparedPoliciesSchema> = await one({
          path: `/records/policies?${searchOf({ after })}`,
          answer: comparedPoliciesSchema,
        });
        yield page;
        after = page.last;
      }
    },
    /** One or none. */
    knownClaim: (no: string) => one({ path: at('records', 'claims', no), answer: z.array(knownClaimSchema) }),
    entriesAfter: (of: { claim: string; after: number; upTo?: number }[]) =>
      post('/records/entries', { of }, z.array(storedRowSchema)),
    hashesOf: (of: { claim: string; seq: number }[]) =>
      post('/records/hashes', { of }, z.array(z.string().nullable())),
    linesOf: (claims: string[]) => post('/records/lines', { claims }, z.array(lineSchema)),
    /** Runs that Temporal knows, page by page. */
    runs: () => pages({ path: '/records/runs', answer: z.array(claimRunSchema) }),
    runsOf: (no: string) => one({ path: at('records', 'runs', no), answer: z.array(claimRunSchema) }),
    keepCheck: (check: RecordsCheck) => post('/records/checks', check, checkSchema),
    lastCheck: () => one({ path: '/records/checks/last', answer: keptCheckSchema }),
    recordsProblems: () => one({ path: '/problems/records', answer: z.array(recordsProblemSchema) }),
  };
};

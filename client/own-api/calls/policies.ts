import { z } from 'zod';
import type { Asking } from '../asking.ts';
import {
  foundPolicySchema,
  longestPolicyPage,
  policySchema,
  type PoliciesAsked,
} from '../schemas/policies.ts';
import { longestPage } from '../schemas/lists.ts';
import { lookSchema } from '../schemas/looks.ts';
import { at, searchOf } from './addresses.ts';

/** Looking into the policy book: each look is recorded by the API. */
export const policyCalls = ({ one, upTo }: Asking) => ({
  findPolicies: (asked: PoliciesAsked, limit: number, purpose?: string) =>
    upTo(limit, {
      method: 'POST',
      path: `/policies/find?${searchOf({ purpose, limit: Math.min(limit, longestPolicyPage) })}`,
      body: asked,
      answer: z.array(foundPolicySchema),
    }),
  policyReaders: (number: string, limit: number) =>
    upTo(limit, {
      path: `${at('policies', number, 'readers')}?${searchOf({ limit: Math.min(limit, longestPage) })}`,
      answer: z.array(lookSchema),
    }),
  policy: (number: string, { at: moment, purpose }: { at?: string; purpose?: string }) =>
    one({
      path: `${at('policies', number)}?${searchOf({ at: moment, purpose })}`,
      answer: policySchema,
    }),
});

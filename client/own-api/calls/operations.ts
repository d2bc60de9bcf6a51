import { z } from 'zod';
import type { Asking } from '../asking.ts';
import { keySchema, revokedSchema, rewrappedSchema } from '../schemas/keys.ts';
import { lookingSchema, resumedSchema } from '../schemas/problems.ts';
import { checkedSchema, healthSchema, rebuiltSchema } from '../schemas/records.ts';
import { at } from './addresses.ts';

/** Calls of operations. */
export const operationsCalls = ({ one }: Asking) => {
  const post = <T>(path: string, body: object, answer: z.ZodType<T>) =>
    one({ method: 'POST', path, body, answer });
  return {
    health: () => one({ path: '/health', answer: healthSchema }),
    keys: () => one({ path: '/keys', answer: z.array(keySchema) }),
    rewrap: (next?: string) => post('/keys/rewrap', { next }, rewrappedSchema),
    revoke: (id: string) => post('/tokens/revoked', { id }, revokedSchema),
    rebuild: (claim?: string) => post('/records/rebuild', { claim }, rebuiltSchema),
    resume: (claim: string) => post(at('claims', claim, 'resume'), {}, resumedSchema),
    resumeAll: () => post('/claims/resume', {}, lookingSchema),
    check: (claim?: string) => post('/records/check', { claim }, checkedSchema),
  };
};

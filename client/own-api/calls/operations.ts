import { z } from 'zod';
import type { Asking } from '../asking.ts';
import { keySchema, revokedSchema, rewrappedSchema } from '../schemas/keys.ts';
import { lookingSchema, resumedSchema } from '../schemas/problems.ts';
import {
  authoritySchema,
  changeSchema,
  healthSchema,
  keptSampleSchema,
  rebuiltSchema,
  sampleSchema,
  type SampleQuery,
} from '../schemas/records.ts';
import { at } from './addresses.ts';
import { recordCheckCalls } from './record-checks.ts';

/** Calls of operations. */
export const operationsCalls = (asking: Asking) => {
  const { one } = asking;
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
    sample: (asked: SampleQuery) => post('/records/samples', asked, sampleSchema),
    samples: () => one({ path: '/records/samples', answer: z.array(keptSampleSchema) }),
    authority: () => one({ path: '/records/authority', answer: authoritySchema }),
    staffHistory: (code: string) =>
      one({ path: at('staff', code, 'history'), answer: z.array(changeSchema) }),
    unitHistory: (code: string) => one({ path: at('units', code, 'history'), answer: z.array(changeSchema) }),
    policyHistory: (number: string) =>
      one({ path: at('policies', number, 'history'), answer: z.array(changeSchema) }),
    ...recordCheckCalls(asking),
  };
};

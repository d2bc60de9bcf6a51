import { z } from 'zod';
import type { Keyring } from '../../security/keyring.ts';
import { contextOfPolicy } from '../../security/sealed-contexts.ts';
import { newPartyKey, seal, unseal } from '../../security/sealing.ts';

const sealedPolicy = z.object({
  people: z.array(
    z.object({
      name: z.string(),
      phone: z.string().exactOptional(),
      email: z.string().exactOptional(),
      address: z.string().exactOptional(),
      identity: z.string().exactOptional(),
      account: z.string().exactOptional(),
    }),
  ),
  objects: z.record(
    z.string(),
    z.object({
      plate: z.string().exactOptional(),
      vin: z.string().exactOptional(),
      model: z.string().exactOptional(),
      address: z.string().exactOptional(),
      description: z.string().exactOptional(),
    }),
  ),
});

/** What is sealed of a policy: its people, in the order of its column `people`, and its objects by key. */
export type SealedPolicy = z.output<typeof sealedPolicy>;

interface Named {
  number: string;
  endorsement: string;
}

/** The columns `sealed` and `key`, under a new key. */
export function sealPolicy(
  { number, endorsement }: Named,
  keyring: Keyring,
  policy: SealedPolicy,
): { sealed: string; key: string } {
  const key = newPartyKey(keyring);
  return { key, sealed: seal(key, keyring, policy, contextOfPolicy(number, endorsement)) };
}

/** Nothing is sealed of a policy whose people the book does not know. */
export const unsealPolicy = (
  { number, endorsement, sealed, key }: Named & { sealed: string | null; key: string | null },
  keyring: Keyring,
): SealedPolicy =>
  sealed === null || key === null
    ? { people: [], objects: {} }
    : sealedPolicy.parse(unseal(key, keyring, sealed, contextOfPolicy(number, endorsement)));

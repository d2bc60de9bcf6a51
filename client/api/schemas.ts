import { z } from 'zod';
import { must, mustBe } from '../../config/field-sentences.ts';
import { prose } from '../../config/notice/texts.ts';
import { codePattern } from '../../domain/claim/fields.ts';
import { foldedClaim } from '../../domain/ids.ts';

/** Schemas of inputs. Schemas of outputs are in client/own-api/schemas. */

/** Parts of the path. */
export const claimParams = z.object({
  no: z
    .string()
    .max(50)
    .overwrite(foldedClaim)
    .meta({
      description: 'A claim number, or its last five signs, in any notation in which it can be read out',
      examples: ['L7K3M-9Q2X4', '9Q2X4'],
    }),
});

/** A name in the path: of a party, an item, a notification. */
export const nameParam = z
  .string()
  .regex(/^[\x21-\x7e]{1,100}$/, mustBe('a name as the claim shows it, such as party-1'));

/** A code, as messages to a claim have it. */
export const code = (right: string, max = 100) =>
  z
    .string({ error: must(right) })
    .trim()
    .max(max, mustBe(right))
    .regex(codePattern, mustBe(right));

/** Text that a workflow, a hash and a database can all take. */
export const text = (right: string, max = 500) => prose(right, max);

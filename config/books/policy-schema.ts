import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { codePattern } from '../../domain/claim/fields.ts';
import { isLocalDate } from '../../domain/time/time.ts';
import { foldedAccount } from '../account.ts';
import { must, mustBe, strictFields } from '../field-sentences.ts';
import { isZonedTime } from '../notice/loss-date.ts';
import { partyFieldSchemas } from '../notice/party-fields.ts';
import { itemSchema, policyNumber } from '../notice/schema.ts';
import { identity, line, matching, prose } from '../notice/texts.ts';

/** How much one policy may name, so that one row stays small. */
const limits = z
  .strictObject({ people: z.int(), objects: z.int(), special: z.int(), causes: z.int() })
  .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'policy-limits.json'), 'utf8')));

/** The roles of the people that a policy names. */
export const policyRoles = ['policyholder', 'insured', 'driver', 'beneficiary'] as const;

const momentRight =
  'a day such as 2026-01-01, which begins at midnight where the policy is, or a moment with its zone, such ' +
  'as 2026-01-01T12:00:00+08:00';
const moment = z
  .string({ error: must(momentRight) })
  .refine((text) => isLocalDate(text) || isZonedTime(text), { error: mustBe(momentRight) })
  .meta({ description: momentRight });

const amountRight =
  'an amount as a text, such as "500000.00", in the policy\'s currency, without its sign and without ' +
  'thousands signs';
const amount = z
  .string({ error: must(amountRight) })
  .regex(/^\d{1,13}(?:\.\d{1,4})?$/, mustBe(amountRight))
  .meta({ description: amountRight, examples: ['500000.00'] });

const shareRight = 'a percentage of 0 to 100, such as 80 or "80"';
const share = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,3}(?:\.\d{1,2})?$/)
        .transform(Number),
    ],
    { error: must(shareRight) },
  )
  .refine((percent) => percent >= 0 && percent <= 100, { error: mustBe(shareRight) })
  .meta({ description: `How much of the loss above the excess we bear: ${shareRight}` });

const listOf = <Each extends z.ZodType>(what: string, each: Each, least: number, most: number) =>
  z
    .array(each, { error: must(`a list of ${least} to ${most} ${what}`) })
    .min(least, mustBe(`a list of ${least} to ${most} ${what}`))
    .max(most, mustBe(`a list of ${least} to ${most} ${what}`));

const causes = listOf(
  'causes of loss',
  matching('the code of a cause of loss, such as fire', /^[a-z][a-z0-9-]{0,49}$/),
  1,
  limits.causes,
);

const { name, phone, email } = partyFieldSchemas;
const accountRight = 'a bank account or card number of 5 to 34 digits and letters';
const addressRight = 'an address of up to 200 characters';

/** Somebody of a policy. `readPolicyRow` reads the telephone by the policy's jurisdiction. */
const person = strictFields({
  role: z.enum(policyRoles, { error: must(`one of ${policyRoles.join(', ')}`) }),
  name: name.meta({ description: 'The name, of up to 100 characters' }),
  phone: phone.optional(),
  email: email.optional(),
  address: line(addressRight, 200).optional().meta({ description: addressRight }),
  identity: identity('the number of an identity card or of a company, of up to 40 characters', 40)
    .optional()
    .meta({ description: 'The number of an identity card or of a company' }),
  account: z
    .string({ error: must(accountRight) })
    .overwrite(foldedAccount)
    .regex(/^[A-Z0-9]{5,34}$/, mustBe(accountRight))
    .optional()
    .meta({ description: accountRight }),
});

const object = strictFields({
  object: itemSchema.shape.object.meta({
    description: 'The kind of the insured object, as the line names it',
  }),
  plate: itemSchema.shape.plate,
  vin: identity('a chassis number of up to 30 characters', 30)
    .optional()
    .meta({ description: 'The chassis number (VIN) of the vehicle' }),
  model: line('a model of up to 100 characters', 100).optional().meta({ description: 'The model' }),
  address: line(addressRight, 200).optional().meta({ description: 'Of a building or a place' }),
  description: prose('a description of up to 500 characters', 500)
    .optional()
    .meta({ description: 'What it is, in up to 500 characters' }),
  sumInsured: amount,
  excess: amount.optional(),
  share: share.optional(),
  causes: causes
    .optional()
    .meta({ description: 'The causes of loss that it is insured against; without them all of the line' }),
});

const termRight = 'the number of the term, of up to 40 characters';
const special = strictFields({
  number: line(termRight, 40).meta({ description: 'The number of the term, which the customer can read' }),
  words: prose('the words of the term, in up to 5000 characters', 5000).meta({
    description: 'The words of the term, which a refusal quotes',
  }),
  excludes: strictFields({
    object: itemSchema.shape.object
      .optional()
      .meta({ description: 'The kind of object that the term is about; without it all' }),
    causes: causes.optional(),
  })
    .optional()
    .meta({ description: 'What the term takes out of the cover' }),
});

const endorsementRight = 'the name of the endorsement, of up to 50 letters, digits and . _ : / -';
const codeRight = (what: string) => `the code of ${what}, of up to 50 letters, digits and . _ : / -`;
const code = (what: string) => identity(codeRight(what), 50).regex(codePattern, mustBe(codeRight(what)));

/**
 * One row of an import of policies: what is in force from one moment to another. `readPolicyRow` checks the
 * fields against each other and against the rules.
 */
export const policyRowSchema = strictFields({
  number: policyNumber.meta({ description: 'The number of the policy' }),
  endorsement: identity(endorsementRight, 50)
    .regex(codePattern, mustBe(endorsementRight))
    .optional()
    .meta({
      description:
        'The name of the endorsement: a row with the same number and endorsement corrects the former one. ' +
        'Without it the moment from which the row is in force is its name',
    }),
  line: code('a line of business').meta({ description: 'The line of business, such as motor' }),
  jurisdiction: code('a jurisdiction').meta({ description: 'The country whose law holds, such as CN' }),
  branch: code('a branch').meta({ description: 'The unit of the staff book that keeps the policy' }),
  currency: matching('a currency such as CNY', /^[A-Z]{3}$/).meta({ description: 'ISO 4217' }),
  from: moment.meta({ description: `In force from: ${momentRight}` }),
  to: moment.meta({ description: `In force until, and then no more: ${momentRight}` }),
  wording: matching('the name of a wording, such as motor-cn', /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
    .optional()
    .meta({ description: 'The wording that its clauses are in (rules/wordings)' }),
  people: listOf('people', person, 1, limits.people),
  objects: listOf('insured objects', object, 1, limits.objects),
  special: listOf('special terms', special, 0, limits.special)
    .optional()
    .meta({ description: 'Terms of this policy alone' }),
}).meta({ title: 'Policy', description: 'One row of an import of policies' });

export type PolicyRow = z.output<typeof policyRowSchema>;

/** JSON Schema 2020-12, for who writes exports for us. */
export const policyRowJsonSchema = () => z.toJSONSchema(policyRowSchema, { io: 'input' });

import { z } from 'zod';
import { codePattern } from '../../domain/claim/fields.ts';
import { partyFieldNames, picked, requiredFields } from '../../domain/people/party-fields.ts';
import { partyRoles } from '../../domain/people/people.ts';
import { must, mustBe, strictFields } from '../field-sentences.ts';
import { optionalShape } from '../shape-of.ts';
import { claimedAmount } from './claimed-amount.ts';
import { lossText } from './loss-date.ts';
import { partyFieldSchemas } from './party-fields.ts';
import { identity, matching, oneToTwenty, prose } from './texts.ts';

const nameRight = 'a short name of small letters, digits and hyphens, such as third-party-2';

/** The journal has the source: as a code it names a system or a desk, and no person. */
const sourceRight = 'the code of who reports, such as hotline, of up to 50 letters, digits and . _ : / -';
const policyRight = 'a policy number of up to 50 letters, digits and . _ : / -';

/** In capitals, as policies are kept. */
export const policyNumber = identity(policyRight, 50)
  .overwrite((number) => number.toUpperCase())
  .regex(codePattern, mustBe(policyRight));

export const partySchema = strictFields({
  id: matching(nameRight, /^[a-z0-9][a-z0-9-]{0,39}$/)
    .optional()
    .meta({
      description:
        "The name that items use for the party; the default is the role, numbered if it isn't unique",
    }),
  role: z.enum(partyRoles, { error: must(`one of ${partyRoles.join(', ')}`) }),
  ...optionalShape(partyFieldSchemas, partyFieldNames),
  ...picked(partyFieldSchemas, requiredFields),
});

export const itemSchema = strictFields({
  object: matching('a damaged object such as insured-vehicle', /^[a-z][a-z0-9-]{0,49}$/),
  party: z
    .string({ error: must('the id or the role of one of the parties') })
    .meta({ description: 'The owner: the id or the role of one of the parties' }),
  claimed: claimedAmount,
  plate: identity('a number plate of up to 20 characters', 20)
    .optional()
    .meta({ description: 'The number plate of the vehicle' }),
});

export const causeSchema = matching('a cause of loss such as collision', /^[a-z][a-z0-9-]{0,49}$/);

/** The shape of a notice of loss. `readNotice` checks the fields against each other. */
export const noticeSchema = strictFields({
  source: identity(sourceRight, 50).regex(codePattern, mustBe(sourceRight)).meta({
    description:
      'Who reports: hotline, portal, another system. The same source and reference is the same claim.',
  }),
  reference: identity('what the source calls this notice, of up to 100 characters', 100).meta({
    description: "The source's own reference for the notice",
  }),
  policy: policyNumber,
  lossAt: lossText,
  cause: causeSchema.optional().meta({
    description:
      'The cause of the loss, as the line of insurance names it, such as hail; leave it out if unknown',
  }),
  place: prose('where it happened, in up to 500 characters', 500),
  description: prose('what happened, in up to 5000 characters', 5000),
  parties: oneToTwenty('parties', partySchema),
  items: oneToTwenty('items', itemSchema),
}).meta({ title: 'Notice of loss', description: 'A first report of a loss, as Lipei takes it' });

/** JSON Schema 2020-12 of `noticeSchema`, for authors of notices of loss. */
export const noticeJsonSchema = () => z.toJSONSchema(noticeSchema, { io: 'input' });

import { z } from 'zod';

import type { Call } from '../../../local/sms/contract.ts';
import { compare } from '../../../local/sms/openapi.ts';

/** A call as the contract writes it down. */
const send: Call = {
  name: 'send',
  method: 'post',
  path: '/Accounts/{AccountSid}/Letters.json',
  inPath: z.object({ AccountSid: z.string() }),
  form: z.object({
    To: z.string().meta({ format: 'phone-number' }),
    Sender: z.string().length(34).regex(/^MG/).optional(),
  }),
  status: 201,
  answer: z.object({
    sid: z.string().nullable(),
    status: z.enum(['queued', 'sent']),
    parts: z.array(z.object({ size: z.int() })),
  }),
};

const form = {
  type: 'object',
  properties: {
    To: { type: 'string', format: 'phone-number' },
    Sender: { type: 'string', minLength: 34, maxLength: 34, pattern: '^MG' },
    MediaUrl: { type: 'array' },
  } as Record<string, object>,
  required: ['To'],
};
const letter = {
  type: 'object',
  properties: {
    sid: { type: 'string', nullable: true },
    status: { $ref: '#/components/schemas/letter_enum_status' },
    parts: { type: 'array', items: { $ref: '#/components/schemas/part' } },
  } as Record<string, object>,
};
const part = { type: 'object', properties: { size: { type: 'integer' } } };

/** An excerpt such as Twilio's document would have of it. */
function excerpt({
  sent = form,
  answered = letter,
  status = ['sent', 'queued'],
  piece = part,
}: { sent?: object; answered?: object; status?: string[]; piece?: object } = {}) {
  const post = {
    parameters: [{ name: 'AccountSid', in: 'path', required: true, schema: { type: 'string' } }],
    requestBody: { content: { 'application/x-www-form-urlencoded': { schema: sent } } },
    responses: {
      201: { content: { 'application/json': { schema: { $ref: '#/components/schemas/letter' } } } },
    },
  };
  return {
    openapi: '3.0.1',
    paths: { [send.path]: { post } },
    components: {
      schemas: { letter: answered, part: piece, letter_enum_status: { type: 'string', enum: status } },
    },
  };
}

const withField = <T extends { properties: Record<string, object> }>(
  schema: T,
  name: string,
  field: object,
): T => ({ ...schema, properties: { ...schema.properties, [name]: field } });
const without = <T extends { properties: Record<string, object> }>(schema: T, name: string): T => ({
  ...schema,
  properties: Object.fromEntries(Object.entries(schema.properties).filter(([other]) => other !== name)),
});

test('no difference where both say the same, though the document has more fields for the form', () => {
  expect(compare([send], excerpt())).toEqual({ compared: 8, differences: [] });
});

test.each([
  [
    'a status that we do not know',
    excerpt({ status: ['queued', 'sent', 'lost'] }),
    'send, answer 201, status: enum is queued | sent with us, lost | queued | sent in the document',
  ],
  [
    'a status that only we know',
    excerpt({ status: ['queued'] }),
    'send, answer 201, status: enum is queued | sent with us, queued in the document',
  ],
  [
    'a field of the form that there is not',
    excerpt({ sent: without(form, 'Sender') }),
    'send, form, Sender: the document has no such field',
  ],
  [
    'a field of the answer that there is not',
    excerpt({ answered: without(letter, 'sid') }),
    'send, answer 201, sid: the document has no such field',
  ],
  [
    'a field of the answer that we do not have',
    excerpt({ answered: withField(letter, 'price', { type: 'string' }) }),
    'send, answer 201, price: we have no such field',
  ],
  [
    'another type',
    excerpt({ answered: withField(letter, 'sid', { type: 'integer', nullable: true }) }),
    'send, answer 201, sid: type is string with us, integer in the document',
  ],
  [
    'another type within a list',
    excerpt({ piece: { ...part, properties: { size: { type: 'string' } } } }),
    'send, answer 201, parts, each, size: type is integer with us, string in the document',
  ],
  [
    'another format',
    excerpt({ sent: withField(form, 'To', { type: 'string', format: 'uri' }) }),
    'send, form, To: format is phone-number with us, uri in the document',
  ],
  [
    'another pattern',
    excerpt({
      sent: withField(form, 'Sender', { type: 'string', minLength: 34, maxLength: 34, pattern: '^XX' }),
    }),
    'send, form, Sender: pattern is ^MG with us, ^XX in the document',
  ],
  [
    'what may not be null',
    excerpt({ answered: withField(letter, 'sid', { type: 'string' }) }),
    'send, answer 201, sid: nullable is true with us, false in the document',
  ],
  [
    'what is required there only',
    excerpt({ sent: { ...form, required: ['To', 'Sender'] } }),
    'send, form, Sender: required in the document, not with us',
  ],
  [
    'what is required with us only',
    excerpt({ sent: { ...form, required: [] } }),
    'send, form, To: required with us, not in the document',
  ],
])('%s is a difference', (_, document, difference) => {
  expect(compare([send], document).differences).toEqual([difference]);
});

test('a call that there is not is a difference', () => {
  expect(compare([send], { ...excerpt(), paths: {} }).differences).toEqual([
    'send: the document has no POST /Accounts/{AccountSid}/Letters.json',
  ]);
});

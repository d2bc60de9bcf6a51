import { deepStrictEqual } from 'node:assert/strict';

import { z } from 'zod';

import { accountSid, digits, formatted, isNumber, longestBody, messageSid, serviceSid } from './fields.ts';

/*
 * The part of Twilio's Messages API that Lipei uses. Types, formats, patterns and enumerations are those of
 * Twilio's OpenAPI document; `npm run twilio-contract` compares them. Refinements express what the document
 * says in words only.
 */

export const statuses = [
  'accepted',
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'canceled',
  'read',
  'partially_delivered',
  'receiving',
  'received',
] as const;

const createForm = z.object({
  To: formatted('phone-number').refine(isNumber, 'should be a number in E.164'),
  From: formatted('phone-number').optional(),
  MessagingServiceSid: serviceSid().optional(),
  Body: z
    .string()
    .refine((text) => [...text].length <= longestBody, `should have at most ${longestBody} characters`)
    .optional(),
  StatusCallback: formatted('uri').optional(),
});

const listQuery = z.object({
  To: formatted('phone-number').optional(),
  From: formatted('phone-number').optional(),
  DateSent: formatted('date-time').optional(),
  'DateSent<': formatted('date-time').optional(),
  'DateSent>': formatted('date-time').optional(),
  PageSize: z.coerce.number().int().min(1).max(1000).meta({ format: 'int64' }).optional(),
  Page: z.coerce.number().int().min(0).optional(),
  PageToken: z.string().optional(),
});

/**
 * Twilio declares nearly every field nullable. Lipei relies on `sid` and `num_segments` of a new message
 * only.
 */
const message = z.object({
  sid: messageSid().nullable(),
  account_sid: accountSid().nullable(),
  api_version: z.string().nullable(),
  direction: z.enum(['inbound', 'outbound-api', 'outbound-call', 'outbound-reply']),
  to: z.string().nullable(),
  from: formatted('phone-number').nullable(),
  messaging_service_sid: serviceSid().nullable(),
  body: z.string().nullable(),
  num_segments: digits().nullable(),
  num_media: digits().nullable(),
  status: z.enum(statuses),
  error_code: z.int().nullable(),
  error_message: z.string().nullable(),
  price: z.string().nullable(),
  price_unit: formatted('currency').nullable(),
  date_created: formatted('date-time-rfc-2822').nullable(),
  date_updated: formatted('date-time-rfc-2822').nullable(),
  date_sent: formatted('date-time-rfc-2822').nullable(),
  uri: z.string().nullable(),
  subresource_uris: z.record(z.string(), z.string()).meta({ format: 'uri-map' }).nullable(),
});

const messagePage = z.object({
  messages: z.array(message),
  page: z.int(),
  page_size: z.int(),
  start: z.int(),
  end: z.int(),
  uri: formatted('uri'),
  first_page_uri: formatted('uri'),
  next_page_uri: formatted('uri').nullable(),
  previous_page_uri: formatted('uri').nullable(),
});

/**
 * A rejection. The document describes none; these are the fields that Twilio's clients read
 * (twilio.com/docs/usage/twilios-response).
 */
export const refusal = z.object({
  code: z.int(),
  message: z.string(),
  more_info: z.url(),
  status: z.int().min(400).max(599),
});

/**
 * The fields of every callback to us, which the document does not describe either
 * (twilio.com/docs/messaging/guides/track-outbound-message-status).
 */
const posted = z.object({
  MessageSid: messageSid(),
  SmsSid: messageSid(),
  AccountSid: accountSid(),
  MessagingServiceSid: serviceSid().optional(),
  ApiVersion: z.string(),
  From: formatted('phone-number'),
  To: formatted('phone-number'),
});

export const statusCallback = posted.extend({
  MessageStatus: z.enum(statuses),
  SmsStatus: z.enum(statuses),
  ErrorCode: digits().optional(),
  /** When it arrived, by the carrier: YYMMDDhhmm. */
  RawDlrDoneDate: z
    .string()
    .regex(/^\d{10}$/)
    .optional(),
});

export const inboundCallback = posted.extend({
  SmsMessageSid: messageSid(),
  SmsStatus: z.literal('received'),
  Body: z.string(),
  NumMedia: digits(),
  NumSegments: digits(),
  OptOutType: z.enum(['STOP', 'START', 'HELP']).optional(),
});

export interface Call {
  name: string;
  method: 'get' | 'post';
  path: string;
  inPath: z.ZodObject;
  /** The fields of the request: in the query or in a form. */
  query?: z.ZodObject;
  form?: z.ZodObject;
  status: number;
  answer: z.ZodObject;
}

const messagesPath = '/2010-04-01/Accounts/{AccountSid}/Messages';
const account = z.object({ AccountSid: accountSid() });

export const create = {
  name: 'create',
  method: 'post',
  path: `${messagesPath}.json`,
  inPath: account,
  form: createForm,
  status: 201,
  answer: message,
} as const satisfies Call;
export const fetchOne = {
  name: 'fetch',
  method: 'get',
  path: `${messagesPath}/{Sid}.json`,
  inPath: account.extend({ Sid: messageSid() }),
  status: 200,
  answer: message,
} as const satisfies Call;
export const list = {
  name: 'list',
  method: 'get',
  path: `${messagesPath}.json`,
  inPath: account,
  query: listQuery,
  status: 200,
  answer: messagePage,
} as const satisfies Call;

export const calls: readonly Call[] = [create, fetchOne, list];

/**
 * Gives the same value. Throws if it violates the contract, or has a field that the contract does not know.
 */
export function asAgreed<T>(schema: z.ZodType<T>, value: T): T {
  const read = schema.safeParse(value);
  if (!read.success) throw new Error(`Against the contract with Twilio: ${z.prettifyError(read.error)}`);
  deepStrictEqual(read.data, value, 'Against the contract with Twilio: a field that it does not know.');
  return value;
}

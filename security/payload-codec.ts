import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Unreadable } from '../domain/unreadable.ts';
import { decrypt, encrypt } from './cipher.ts';
import type { Keyring } from './keyring.ts';

const encoding = 'binary/encrypted';
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts every payload with AES-256-GCM and binds it to its workflow: the workflow's id is the associated data and stands in
 * the metadata. With a serialization context the two are compared; without one (codec server, task failures, replay) the
 * metadata's is used. What cannot be read decodes to a marker that handlers refuse: throwing here would fail workflow tasks for
 * ever, and without a context kill the worker.
 */
export const payloadCodec = (keyring: Keyring): PayloadCodec => ({
  encode: async (payloads, context) => payloads.map((payload) => encryptPayload(keyring, payload, workflowIdOf(context))),
  decode: async (payloads, context) => payloads.map((payload) => decryptPayload(keyring, payload, context)),
});

function encryptPayload({ newest }: Keyring, payload: Payload, boundTo: string | undefined): Payload {
  return {
    metadata: { encoding: bytes(encoding), 'encryption-key-id': bytes(newest.id), ...(boundTo !== undefined && { 'bound-to': bytes(boundTo) }) },
    data: encrypt(newest.secret, boundTo ?? '', PayloadMessage.encode(payload).finish()),
  };
}

function decryptPayload(keyring: Keyring, payload: Payload, context: SerializationContext | undefined): Payload {
  if (text(payload, 'encoding') !== encoding) return marker('plaintext');
  const key = keyring.find(text(payload, 'encryption-key-id') ?? '');
  if (!key) return marker('unknown-key');
  const boundTo = text(payload, 'bound-to');
  if (!belongs(boundTo, context)) return marker('bound-elsewhere');
  const plain = decrypt(key.secret, boundTo ?? '', payload.data ?? new Uint8Array());
  return plain ? PayloadMessage.decode(plain) : marker('tampered');
}

/** In an activity's context payloads are always ours, hence bound; a workflow's may be unbound: typed into the Temporal UI, or a schedule's. */
function belongs(boundTo: string | undefined, context: SerializationContext | undefined): boolean {
  const expected = workflowIdOf(context);
  if (expected === undefined) return true;
  return boundTo === expected || (boundTo === undefined && context?.type === 'workflow');
}

const workflowIdOf = (context: SerializationContext | undefined): string | undefined => context?.workflowId;

const marker = (why: Unreadable['why']): Payload => ({ metadata: { encoding: bytes('json/plain') }, data: bytes(JSON.stringify({ $lipei: 'unreadable', why } satisfies Unreadable)) });

const bytes = (value: string): Uint8Array => new TextEncoder().encode(value);

const text = ({ metadata }: Payload, name: string): string | undefined => {
  const value = metadata?.[name];
  return value && new TextDecoder().decode(value);
};

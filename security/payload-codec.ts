import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import proto from '@temporalio/proto';
import type { Unreadable } from '../domain/unreadable.ts';
import { decrypt, encrypt } from './cipher.ts';
import { KeyMissing, otherKey } from './key-missing.ts';
import { fingerprintOf, type Keyring } from './keyring.ts';
import { present } from '../domain/present.ts';

const encoding = 'binary/encrypted';
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts every payload with AES-256-GCM and binds it to its workflow: the workflow's id is the associated
 * data and stands in
 * the metadata. With a serialization context the two are compared; without one (codec server, task failures,
 * reading a history)
 * the metadata's is used. A replay has the context `fake` unless it is given the workflow's id. The namespace
 * is not bound,
 * because a replay doesn't know it.
 *
 * What cannot be read decodes to a marker that handlers refuse. Throwing would fail the workflow task, which
 * is retried for
 * ever, and where there is no context it would end the worker. One case throws all the same: what this very
 * claim holds already,
 * under a key that is missing here, or that is another here than where it was encrypted. A marker would
 * decide the claim on what it
 * cannot read, and otherwise than when the key is back; a failing task is seen in the Temporal UI, and goes
 * on once the key is there.
 *
 * The SDK hands all of a workflow's payloads to the codec, the nulls of void activities too, except headers
 * and search
 * attributes. Ids, names of types and messages, reasons of cancellation, and the `type` of an
 * ApplicationFailure (an error's
 * name) stay readable: nothing personal belongs there.
 */
export const payloadCodec = (keyring: Keyring): PayloadCodec => ({
  encode: async (payloads, context) =>
    payloads.map((payload) => encryptPayload(keyring, payload, workflowIdOf(context))),
  decode: async (payloads, context) => payloads.map((payload) => decryptPayload(keyring, payload, context)),
});

export const isEncrypted = (payload: Payload): boolean => text(payload, 'encoding') === encoding;

/**
 * Whether the SDK's converter makes a value of it. If it can't, it throws, and a workflow task that throws is
 * retried for ever.
 */
export function isConvertible(payload: Payload): boolean {
  const kind = text(payload, 'encoding');
  return kind === 'binary/null' || kind === 'binary/plain' || (kind === 'json/plain' && isJson(payload.data));
}

function encryptPayload({ newest }: Keyring, payload: Payload, boundTo: string | undefined): Payload {
  return {
    metadata: {
      encoding: bytes(encoding),
      'encryption-key-id': bytes(newest.id),
      'encryption-key-check': bytes(fingerprintOf(newest)),
      ...present({ 'bound-to': boundTo === undefined ? undefined : bytes(boundTo) }),
    },
    data: encrypt(newest.secret, boundTo ?? '', PayloadMessage.encode(payload).finish()),
  };
}

function decryptPayload(
  keyring: Keyring,
  payload: Payload,
  context: SerializationContext | undefined,
): Payload {
  if (!isEncrypted(payload)) return marker('plaintext');
  const [keyId, check] = [text(payload, 'encryption-key-id'), text(payload, 'encryption-key-check')];
  // Ours always has both.
  if (!keyId || !check) return marker('unknown-key');
  const [key, boundTo] = [keyring.find(keyId), text(payload, 'bound-to')];
  const isRight = key !== undefined && check === fingerprintOf(key);
  if (!isRight && boundTo !== undefined && boundTo === workflowIdOf(context))
    throw key ? otherKey(keyId) : new KeyMissing(keyId);
  if (!isRight) return marker('unknown-key');
  if (!belongs(boundTo, context)) return marker('bound-elsewhere');
  const plain = decrypt(key.secret, boundTo ?? '', payload.data ?? new Uint8Array());
  if (!plain) return marker('tampered');
  const opened = payloadIn(plain);
  // What is bound was converted by the SDK of one of us; what isn't may have been typed by anybody.
  return opened && (boundTo !== undefined || isConvertible(opened)) ? opened : marker('unsupported');
}

function payloadIn(plain: Uint8Array): Payload | undefined {
  try {
    return PayloadMessage.decode(plain);
  } catch {
    return undefined;
  }
}

/**
 * In an activity's context payloads are always ours, hence bound; a workflow's may be unbound: typed into the
 * Temporal UI.
 */
function belongs(boundTo: string | undefined, context: SerializationContext | undefined): boolean {
  const expected = workflowIdOf(context);
  if (expected === undefined || boundTo === expected) return true;
  return context?.type === 'workflow' && (boundTo === undefined || isScheduledBy(boundTo, expected));
}

/**
 * The SDK binds a schedule's input to the id in the schedule; the server starts its workflows under that id
 * and the time.
 */
function isScheduledBy(scheduled: string, workflowId: string): boolean {
  return (
    workflowId.startsWith(`${scheduled}-`) &&
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(workflowId.slice(scheduled.length + 1))
  );
}

function workflowIdOf(context: SerializationContext | undefined): string | undefined {
  return context?.workflowId || undefined;
}

function marker(why: Unreadable['why']): Payload {
  return {
    metadata: { encoding: bytes('json/plain') },
    data: bytes(JSON.stringify({ $lipei: 'unreadable', why } satisfies Unreadable)),
  };
}

function isJson(data: Uint8Array | null | undefined): boolean {
  try {
    JSON.parse(new TextDecoder().decode(data ?? new Uint8Array()));
    return true;
  } catch {
    return false;
  }
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

function text({ metadata }: Payload, name: string): string | undefined {
  const value = metadata?.[name];
  return value && new TextDecoder().decode(value);
}

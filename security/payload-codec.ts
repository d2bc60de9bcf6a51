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
 * Encrypts every payload with AES-256-GCM and binds it to its workflow. The workflow's id is the associated
 * data, and it is in the metadata. With a serialization context the two are compared. Without one (codec
 * server, task failures, reading a history) the id of the metadata is used. A replay has the context `fake`
 * unless it is given the workflow's id. The namespace is not bound, because a replay does not know it.
 *
 * An unreadable payload decodes to a marker, and handlers deny markers. A thrown error would fail the
 * workflow task, which is retried for ever; without a context it would end the worker.
 *
 * One case throws: a payload that this claim holds already, if its key is missing here or differs from the
 * one that encrypted it. A marker would let the claim decide on data that it cannot read, and decide
 * otherwise once the key is back. A failing task shows in the Temporal UI, and succeeds once the key is
 * there.
 *
 * The SDK gives all payloads of a workflow to the codec, also the nulls of void activities. Headers and
 * search attributes are exceptions. Ids, names of types and messages, reasons of cancellation, and the `type`
 * of an ApplicationFailure (an error's name) stay readable: they must not be personal.
 */
export const payloadCodec = (keyring: Keyring): PayloadCodec => ({
  encode: async (payloads, context) =>
    payloads.map((payload) => encryptPayload(keyring, payload, workflowIdOf(context))),
  decode: async (payloads, context) => payloads.map((payload) => decryptPayload(keyring, payload, context)),
});

export const isEncrypted = (payload: Payload): boolean => text(payload, 'encoding') === encoding;

/**
 * Whether the SDK's converter can read it. Otherwise the converter throws, and a workflow task that throws is
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
  // Our payloads always have both.
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
  // A bound payload was converted by the SDK in one of our processes. Anybody may have typed an unbound one.
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
 * Payloads of activities are always our own, so they are bound. Those of workflows may be unbound: typed into
 * the Temporal UI.
 */
function belongs(boundTo: string | undefined, context: SerializationContext | undefined): boolean {
  const expected = workflowIdOf(context);
  if (expected === undefined || boundTo === expected) return true;
  return context?.type === 'workflow' && (boundTo === undefined || isScheduledBy(boundTo, expected));
}

/**
 * The SDK binds a schedule's input to the workflow id in the schedule. The server starts the workflow under
 * that id with the time appended.
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

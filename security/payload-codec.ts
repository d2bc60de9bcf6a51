import type { KeyObject } from 'node:crypto';
import type { Payload, PayloadCodec, SerializationContext } from '@temporalio/common';
import { decode as textOf } from '@temporalio/common/lib/encoding.js';
import proto from '@temporalio/proto';
import type { Signed, Unproven } from '../domain/signed-payload.ts';
import type { Unreadable } from '../domain/unreadable-payload.ts';
import { decrypt, encrypt } from './cipher.ts';
import { KeyMissing, otherKey } from './key-missing.ts';
import { fingerprintOf, type Keyring } from './keyring.ts';
import { present } from '../domain/present.ts';
import { checkProof } from './signing.ts';

export interface CodecOptions {
  /** The public root keys: who they certified may sign messages. */
  roots: readonly KeyObject[];
  /** Absent where no claim decides on what is read, such as in the codec server. */
  needsKey?: NeedsKey;
}

/**
 * Whether the records list this key as needed by this workflow's claim. Rejects when they do not answer: the
 * task is then tried again.
 */
export type NeedsKey = (workflowId: string, key: NamedKey) => Promise<boolean>;

/** A key as a payload names it; `check` is its fingerprint. */
export interface NamedKey {
  id: string;
  check: string;
}

const encoding = 'binary/encrypted';
const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts every payload with AES-256-GCM and binds it to its workflow. The workflow's id is the associated
 * data, and it is in the metadata. With a serialization context the two are compared. Without one (codec
 * server, task failures, reading a history) the id of the metadata is used. A replay has the context `fake`
 * unless it is given the workflow's id. The namespace is not bound, because a replay does not know it.
 *
 * A payload with a proof decodes to who signed what (`Signed`), or to why nobody did (`Unproven`). The
 * verdict depends on the bytes and the root keys alone, and costs no event. Any other object that has
 * `$lipei` at its top imitates the codec, so it decodes to a marker, wherever it comes from.
 *
 * An unreadable payload decodes to a marker, and handlers deny markers. A thrown error would fail the
 * workflow task, which is retried for ever; without a context it would end the worker.
 *
 * One case throws: a payload that this claim holds already, under a key that the records list as needed by
 * the claim, and that is missing here or differs. A marker would let the claim decide on data that it cannot
 * read, and decide otherwise once the key is back. A failing task shows in the Temporal UI, and succeeds once
 * the key is there. A key that the records do not know is somebody's invention.
 *
 * The SDK gives all payloads of a workflow to the codec, also the nulls of void activities. Headers and
 * search attributes are exceptions. Ids, names of types and messages, reasons of cancellation, and the `type`
 * of an ApplicationFailure (an error's name) stay readable: they must not be personal.
 */
export const payloadCodec = (keyring: Keyring, options: CodecOptions): PayloadCodec => ({
  encode: async (payloads, context) =>
    payloads.map((payload) => encryptPayload(keyring, payload, workflowIdOf(context))),
  decode: async (payloads, context) =>
    Promise.all(payloads.map((payload) => decryptPayload(keyring, options, payload, context))),
});

export const isEncrypted = (payload: Payload): boolean => text(payload, 'encoding') === encoding;

/** The id of the workflow that a payload is bound to, by its metadata. */
export const workflowBoundTo = (payload: Payload): string | undefined => text(payload, 'bound-to');

/**
 * Whether the SDK's converter can read it. Otherwise the converter throws, and a workflow task that throws is
 * retried for ever.
 */
export function isConvertible(payload: Payload): boolean {
  const kind = text(payload, 'encoding');
  return (
    kind === 'binary/null' ||
    kind === 'binary/plain' ||
    (kind === 'json/plain' && jsonIn(payload) !== undefined)
  );
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

async function decryptPayload(
  keyring: Keyring,
  { roots, needsKey }: CodecOptions,
  payload: Payload,
  context: SerializationContext | undefined,
): Promise<Payload> {
  if (!isEncrypted(payload)) return marker('plaintext');
  const [id, check] = [text(payload, 'encryption-key-id'), text(payload, 'encryption-key-check')];
  // Our payloads always have both.
  if (!id || !check) return marker('unknown-key');
  const [key, boundTo] = [keyring.find(id), workflowBoundTo(payload)];
  if (!key || check !== fingerprintOf(key)) {
    const isOwn = boundTo !== undefined && boundTo === workflowIdOf(context);
    if (isOwn && (await needsKey?.(boundTo, { id, check }))) throw key ? otherKey(id) : new KeyMissing(id);
    return marker('unknown-key');
  }
  if (!belongs(boundTo, context)) return marker('bound-elsewhere');
  const plain = decrypt(key.secret, boundTo ?? '', payload.data ?? new Uint8Array());
  if (!plain) return marker('tampered');
  const opened = payloadIn(plain);
  return opened ? verified(roots, opened, context) : marker('unsupported');
}

/**
 * What a decrypted payload says, and who signed it. Most of what activities return is not parsed: the bytes
 * show that it has neither a proof nor an imitation.
 */
function verified(
  roots: readonly KeyObject[],
  opened: Payload,
  context: SerializationContext | undefined,
): Payload {
  if (text(opened, 'encoding') !== 'json/plain')
    return isConvertible(opened) ? opened : marker('unsupported');
  if (context?.type === 'activity' && !mayBeMarked(opened)) return opened;
  const parsed = jsonIn(opened);
  if (!parsed) return marker('unsupported');
  const { value } = parsed;
  if (typeof value !== 'object' || value === null) return opened;
  if ('$lipei' in value) return marker('imitation');
  return 'signed' in value && ('signature' in value || 'certificate' in value)
    ? signedOr(roots, value)
    : opened;
}

/** A name may also be written with escapes, such as `\u0024lipei`. */
function mayBeMarked({ data }: Payload): boolean {
  const { buffer, byteOffset, byteLength } = data ?? new Uint8Array();
  const plain = Buffer.from(buffer, byteOffset, byteLength);
  return ['"$lipei"', '"signed"', '\\u'].some((mark) => plain.includes(mark));
}

function signedOr(roots: readonly KeyObject[], value: object): Payload {
  const { beside, ...given }: { beside?: unknown } = value;
  const checked = checkProof(roots, given);
  if (checked.kind === 'unproven') return json({ $lipei: 'unproven', why: checked.why } satisfies Unproven);
  const { statement, proof } = checked;
  try {
    // People read it in the Temporal UI: first what they look for.
    return json({ $lipei: 'signed', ...present({ beside }), statement, proof } satisfies Signed);
  } catch {
    return marker('unsupported'); // too many levels to be written again
  }
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

const marker = (why: Unreadable['why']): Payload => json({ $lipei: 'unreadable', why } satisfies Unreadable);

const json = (value: object): Payload => ({
  metadata: { encoding: bytes('json/plain') },
  data: bytes(JSON.stringify(value)),
});

/** Reads it as the SDK does, which takes no byte order mark. */
function jsonIn({ data }: Payload): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(textOf(data ?? new Uint8Array())) };
  } catch {
    return undefined;
  }
}

function bytes(value: string): Uint8Array {
  return new TextEncoder().encode(value);
}

/** As the SDK reads it: a name with a byte order mark is another name. */
function text({ metadata }: Payload, name: string): string | undefined {
  const value = metadata?.[name];
  return value && textOf(value);
}

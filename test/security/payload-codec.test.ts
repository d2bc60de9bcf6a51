import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { isUnreadable } from '../../domain/unreadable.ts';
import { fingerprintOf, keyringOf } from '../../security/keyring.ts';
import { payloadCodec } from '../../security/payload-codec.ts';

const [old, young] = [
  { id: 'old', secret: randomBytes(32) },
  { id: 'young', secret: randomBytes(32) },
];
const codec = payloadCodec(keyringOf([old]));
const workflow = (workflowId: string): SerializationContext => ({
  type: 'workflow',
  namespace: 'default',
  workflowId,
});
const activity = (workflowId: string): SerializationContext => ({
  type: 'activity',
  namespace: 'default',
  workflowId,
  isLocal: false,
});

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload | undefined): unknown =>
  payload && defaultPayloadConverter.fromPayload(payload);
const encrypted = async (value: unknown, context?: SerializationContext): Promise<Payload> =>
  (await codec.encode([payloadOf(value)], context))[0] ?? {};
const read = async (payload: Payload, context?: SerializationContext): Promise<unknown> =>
  valueOf((await codec.decode([payload], context))[0]);
const unreadable = (why: string) => ({ $lipei: 'unreadable', why });
const text = (bytes: Uint8Array | undefined): string | undefined => bytes && Buffer.from(bytes).toString();

test.each([
  ['a notice', { party: { name: '王小明' }, items: [1, 2.5, null] }],
  ['a text', 'paid'],
  ['nothing, as void activities return', undefined],
  ['null', null],
  ['bytes', new Uint8Array([0, 255, 7])],
])('%s comes back as it was', async (_, value) => {
  expect(await read(await encrypted(value, workflow('claim-1')), workflow('claim-1'))).toEqual(value);
  expect(await read(await encrypted(value, activity('claim-1')))).toEqual(value);
});

test('the metadata names the key and the workflow, and nothing else', async () => {
  const { metadata, data } = await encrypted({ name: '王小明' }, activity('claim-1'));
  expect(
    Object.fromEntries(Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)])),
  ).toEqual({
    encoding: 'binary/encrypted',
    'encryption-key-id': 'old',
    'encryption-key-check': fingerprintOf(old),
    'bound-to': 'claim-1',
  });
  expect(Buffer.from(data ?? []).includes('王小明')).toBe(false);
  expect((await encrypted('x')).metadata).not.toHaveProperty('bound-to');
});

test('the same value is never the same bytes', async () => {
  const all = await Promise.all(
    Array.from({ length: 100 }, async () => text((await encrypted('yes')).data?.subarray(0, 12))),
  );
  expect(new Set(all).size).toBe(100);
});

test.each<[string, string | undefined, SerializationContext | undefined, string | undefined]>([
  ['its own workflow', 'claim-1', workflow('claim-1'), undefined],
  ['an activity of its workflow', 'claim-1', activity('claim-1'), undefined],
  ['the codec server, which knows no workflow', 'claim-1', undefined, undefined],
  ['another claim', 'claim-1', workflow('claim-2'), 'bound-elsewhere'],
  ['an activity of another claim', 'claim-1', activity('claim-2'), 'bound-elsewhere'],
  ['a claim whose number is longer', 'claim-1', workflow('claim-12'), 'bound-elsewhere'],
  ['typed into the UI, in a workflow', undefined, workflow('claim-1'), undefined],
  ["typed into the UI, as an activity's", undefined, activity('claim-1'), 'bound-elsewhere'],
  [
    "a schedule's, in the workflow that it starts",
    'weekly-run',
    workflow('weekly-run-2026-11-23T08:00:00Z'),
    undefined,
  ],
  [
    "a schedule's, as an activity's",
    'weekly-run',
    activity('weekly-run-2026-11-23T08:00:00Z'),
    'bound-elsewhere',
  ],
  [
    "a schedule's, in what only looks like it",
    'weekly-run',
    workflow('weekly-run-2026-11-23T08:00:00Z-1'),
    'bound-elsewhere',
  ],
])('%s', async (_, boundTo, context, why) => {
  const payload = await encrypted({ n: 1 }, boundTo === undefined ? undefined : workflow(boundTo));
  expect(await read(payload, context)).toEqual(why === undefined ? { n: 1 } : unreadable(why));
});

const changed = async (change: (payload: Payload) => Payload): Promise<Payload> =>
  change(await encrypted({ n: 1 }, workflow('claim-1')));
const withMetadata =
  (name: string, value: string | undefined) =>
  (payload: Payload): Payload => {
    const { [name]: _, ...others } = payload.metadata ?? {};
    return {
      ...payload,
      metadata: value === undefined ? others : { ...others, [name]: Buffer.from(value) },
    };
  };
const flipped =
  (at: number) =>
  (payload: Payload): Payload => {
    const data = Buffer.from(payload.data ?? []);
    data.writeUInt8(data.readUInt8(at) ^ 1, at);
    return { ...payload, data };
  };

test.each<[string, () => Payload | Promise<Payload>, string]>([
  ['plaintext', () => payloadOf({ n: 1 }), 'plaintext'],
  ['plaintext that says it is a marker', () => payloadOf(unreadable('tampered')), 'plaintext'],
  ['an empty payload', () => ({}), 'plaintext'],
  ['no key named', () => changed(withMetadata('encryption-key-id', undefined)), 'unknown-key'],
  [
    'a key named, and not which of that name',
    () => changed(withMetadata('encryption-key-check', undefined)),
    'unknown-key',
  ],
  [
    'a key that we do not have, typed by somebody',
    async () => withMetadata('encryption-key-id', 'gone')(await encrypted({ n: 1 })),
    'unknown-key',
  ],
  ['the binding rewritten', () => changed(withMetadata('bound-to', 'claim-2')), 'bound-elsewhere'],
  ['the binding taken off', () => changed(withMetadata('bound-to', undefined)), 'tampered'],
  ['a changed IV', () => changed(flipped(0)), 'tampered'],
  ['a changed bit', () => changed(flipped(15)), 'tampered'],
  ['no data', () => changed(({ metadata }) => ({ metadata })), 'tampered'],
  [
    'data cut short',
    () => changed((payload) => ({ ...payload, data: payload.data?.subarray(0, 27) ?? null })),
    'tampered',
  ],
])('%s is read as a marker, never a throw', async (_, make, why) => {
  const value = await read(await make(), workflow('claim-1'));
  expect(value).toEqual(unreadable(why));
  expect(isUnreadable(value)).toBe(true);
});

test('what was bound to one claim cannot be rewritten for another', async () => {
  const payload = withMetadata('bound-to', 'claim-2')(await encrypted({ n: 1 }, workflow('claim-1')));
  expect(await read(payload, workflow('claim-2'))).toEqual(unreadable('tampered'));
});

test.each<[string, Payload]>([
  [
    'what claims to be protobuf',
    {
      metadata: { encoding: Buffer.from('json/protobuf'), messageType: Buffer.from('Foo') },
      data: Buffer.from('{}'),
    },
  ],
  ['no JSON', { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{oops') }],
  ['encrypted twice', { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('') }],
])(
  '%s, encrypted by hand, would stick the workflow in the converter, so it is a marker too',
  async (_, payload) => {
    const [byHand = {}] = await codec.encode([payload]);
    expect(await read(byHand, workflow('claim-1'))).toEqual(unreadable('unsupported'));
  },
);

test('a new key encrypts, and what the old one encrypted is still read', async () => {
  const before = await encrypted('before', workflow('claim-1'));
  const rotated = payloadCodec(keyringOf([old, young]));
  const [after = {}] = await rotated.encode([payloadOf('after')], workflow('claim-1'));
  expect(text(after.metadata?.['encryption-key-id'])).toBe('young');
  expect((await rotated.decode([before, after], workflow('claim-1'))).map(valueOf)).toEqual([
    'before',
    'after',
  ]);
});

test("a claim's own payload under a missing key throws; a reader without a claim gets a marker", async () => {
  const [held = {}] = await payloadCodec(keyringOf([young])).encode(
    [payloadOf('approved')],
    workflow('claim-1'),
  );
  await expect(read(held, workflow('claim-1'))).rejects.toThrow(
    'The encryption key "young" is missing here. Put young.key back',
  );
  await expect(read(held, activity('claim-1'))).rejects.toThrow('"young" is missing');
  expect(await read(held)).toEqual(unreadable('unknown-key'));
  expect(await read(held, workflow('claim-2'))).toEqual(unreadable('unknown-key'));
});

test('another key of the same name throws like a missing one: a marker would end the claim', async () => {
  const wrong = payloadCodec(keyringOf([{ id: 'old', secret: randomBytes(32) }]));
  const held = await encrypted('approved', workflow('claim-1'));
  await expect(wrong.decode([held], workflow('claim-1'))).rejects.toThrow(
    'The encryption key "old" here differs from the one that encrypted this data. Put old.key back',
  );
  expect((await wrong.decode([held], workflow('claim-2'))).map(valueOf)).toEqual([unreadable('unknown-key')]);
});

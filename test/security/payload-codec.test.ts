import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { defaultPayloadConverter, type Payload, type SerializationContext } from '@temporalio/common';
import { isUnreadable } from '../../domain/unreadable-payload.ts';
import type { Statement } from '../../domain/signed-payload.ts';
import { fingerprintOf, keyringOf, type Key } from '../../security/keyring.ts';
import { payloadCodec, type NeedsKey } from '../../security/payload-codec.ts';
import { certify, signStatement } from '../../security/signing.ts';
import { testRoot, testRoots, testSigning } from '../support/test-keyring.ts';

const [old, young] = [
  { id: 'old', secret: randomBytes(32) },
  { id: 'young', secret: randomBytes(32) },
];
const options = { roots: testRoots };
const codec = payloadCodec(keyringOf([old]), options);
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
  const rotated = payloadCodec(keyringOf([old, young]), options);
  const [after = {}] = await rotated.encode([payloadOf('after')], workflow('claim-1'));
  expect(text(after.metadata?.['encryption-key-id'])).toBe('young');
  expect((await rotated.decode([before, after], workflow('claim-1'))).map(valueOf)).toEqual([
    'before',
    'after',
  ]);
});

describe('a payload of a claim under a key that is missing here, or that differs', () => {
  /** The records know the key `young`, and that the claim `claim-1` needs it. */
  const asked: unknown[] = [];
  const needsKey: NeedsKey = async (workflowId, { id, check }) => {
    asked.push([workflowId, id]);
    return workflowId === 'claim-1' && id === 'young' && check === fingerprintOf(young);
  };
  const worker = payloadCodec(keyringOf([old]), { ...options, needsKey });
  const readBy = async (payload: Payload, context?: SerializationContext): Promise<unknown> =>
    valueOf((await worker.decode([payload], context))[0]);
  const under = async (key: Key, workflowId = 'claim-1'): Promise<Payload> =>
    (
      await payloadCodec(keyringOf([key]), options).encode([payloadOf('approved')], workflow(workflowId))
    )[0] ?? {};

  test('throws when the claim needs it; other readers get a marker, without a question', async () => {
    const held = await under(young);
    await expect(readBy(held, workflow('claim-1'))).rejects.toThrow(
      'The encryption key "young" is missing here. Put young.key back',
    );
    await expect(readBy(held, activity('claim-1'))).rejects.toThrow('"young" is missing');
    asked.length = 0;
    expect(await readBy(held)).toEqual(unreadable('unknown-key'));
    expect(await readBy(held, workflow('claim-2'))).toEqual(unreadable('unknown-key'));
    expect(await read(held, workflow('claim-1'))).toEqual(unreadable('unknown-key'));
    expect(asked).toEqual([]);
  });

  test('throws when the key here has other bytes than the one that the claim needs', async () => {
    const wrong = payloadCodec(keyringOf([{ id: 'young', secret: randomBytes(32) }]), {
      ...options,
      needsKey,
    });
    await expect(wrong.decode([await under(young)], workflow('claim-1'))).rejects.toThrow(
      'The encryption key "young" here differs from the one that encrypted this data. Put young.key back',
    );
  });

  test.each<[string, Key, string]>([
    ['a key that somebody invented', { id: 'nope', secret: randomBytes(32) }, 'claim-1'],
    ['other bytes under the name of a needed key', { id: 'young', secret: randomBytes(32) }, 'claim-1'],
    ['other bytes under the name of a key that is here', { id: 'old', secret: randomBytes(32) }, 'claim-1'],
    ['a key that this claim does not need', young, 'claim-2'],
  ])('%s is a marker', async (_, key, workflowId) => {
    expect(await readBy(await under(key, workflowId), workflow(workflowId))).toEqual(
      unreadable('unknown-key'),
    );
  });

  test('throws while the records do not answer, so that it is tried again', async () => {
    const alone = payloadCodec(keyringOf([old]), {
      ...options,
      needsKey: () => Promise.reject(new Error('The records do not answer')),
    });
    await expect(alone.decode([await under(young)], workflow('claim-1'))).rejects.toThrow('do not answer');
  });
});

const statement: Statement = {
  claim: 'L7K3M-9Q2X4',
  act: 'approve',
  id: 'm-1',
  at: '2026-11-27T08:00:00.000Z',
  by: { kind: 'staff', code: 'M-601', roles: ['manager'], branch: 'longkou', conflicts: [] },
  fields: { item: 'item-1', of: 'abc' },
};
const proof = signStatement(testSigning, statement);
const genuine = { $lipei: 'signed', statement, proof };
const typed = async (json: string, context?: SerializationContext): Promise<Payload> =>
  (
    await codec.encode(
      [{ metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from(json) }],
      context,
    )
  )[0] ?? {};

const contexts: [string, SerializationContext | undefined][] = [
  ['arguments', workflow('claim-1')],
  ['results of activities', activity('claim-1')],
  ['the codec server', undefined],
];

describe.each(contexts)('in %s', (_, context) => {
  test('who signed what is read with the statement', async () => {
    expect(await read(await encrypted(proof, context), context)).toEqual(genuine);
    expect(await read(await encrypted({ ...proof, beside: { a: 1 } }, context), context)).toEqual({
      ...genuine,
      beside: { a: 1 },
    });
  });

  test.each<[string, object, string]>([
    [
      'one changed bit of the statement',
      { ...proof, signed: proof.signed.replace('item-1', 'item-3') },
      'signature',
    ],
    ['a field more', { ...proof, by: 'M-601' }, 'malformed'],
    ['no signature', { signed: proof.signed, certificate: proof.certificate }, 'malformed'],
    ['half a character', { ...proof, signed: `${proof.signed}\ud800` }, 'malformed'],
  ])('%s: nobody signed it', async (__, value, why) => {
    expect(await read(await encrypted(value, context), context)).toEqual({ $lipei: 'unproven', why });
  });

  test.each<[string, string]>([
    ["the codec's own output", JSON.stringify(genuine)],
    ['its verdict that nobody signed', '{"$lipei":"unproven","why":"signature"}'],
    ['its marker', '{"$lipei":"unreadable","why":"tampered"}'],
    ['a mark that nobody knows', '{"$lipei":null}'],
    ['a mark with blanks before it', '{ \n "$lipei" :"signed"}'],
    ['a mark written with escapes', '{"\\u0024lip\\u0065i":"signed"}'],
    ['a mark beside a genuine proof', JSON.stringify({ ...proof, $lipei: 'signed' })],
  ])('an imitation of %s is unreadable', async (__, json) => {
    expect(await read(await typed(json, context), context)).toEqual(unreadable('imitation'));
  });

  test('what comes beside a proof in too many levels to be written again is unreadable', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const json = `${JSON.stringify(proof).slice(0, -1)},"beside":${deep}}`;
    expect(await read(await typed(json, context), context)).toEqual(unreadable('unsupported'));
  });

  test('what has such names only further in is not touched', async () => {
    const value = { signed: 'yes', inner: { ...genuine }, list: [proof], text: '"$lipei" \u0007' };
    expect(await read(await encrypted(value, context), context)).toEqual(value);
    expect(await read(await encrypted([genuine], context), context)).toEqual([genuine]);
  });
});

test.each(['json/plain', 'binary/null'])(
  'a byte order mark in front of %s would stick the workflow in the converter, so it is a marker',
  async (encoding) => {
    const [bound = {}, unbound = {}] = await Promise.all(
      [workflow('claim-1'), undefined].map(
        async (context) =>
          (
            await codec.encode(
              [{ metadata: { encoding: Buffer.from(`\ufeff${encoding}`) }, data: Buffer.from('1') }],
              context,
            )
          )[0],
      ),
    );
    for (const payload of [bound, unbound])
      expect(await read(payload, workflow('claim-1'))).toEqual(unreadable('unsupported'));
    expect(await read(await typed('\ufeff{}'), workflow('claim-1'))).toEqual(unreadable('unsupported'));
    expect(await read(await typed('{oops', workflow('claim-1')), workflow('claim-1'))).toEqual(
      unreadable('unsupported'),
    );
  },
);

test('the verdict on the same bytes stays with a root more and after the certificate; without the root nobody signed', async () => {
  const { publicKey } = generateKeyPairSync('ed25519');
  const held = await encrypted(proof, workflow('claim-1'));
  const verdict = async (roots: KeyObject[]): Promise<unknown> =>
    valueOf((await payloadCodec(keyringOf([old]), { roots }).decode([held], workflow('claim-1')))[0]);
  expect(await verdict([publicKey, ...testRoots])).toEqual(genuine);
  expect(await verdict([publicKey])).toEqual({ $lipei: 'unproven', why: 'unknown-signer' });

  const short = {
    privateKey: testSigning.privateKey,
    certificate: certify(testRoot, createPublicKey(testSigning.privateKey), {
      from: new Date('2020-01-01'),
      until: new Date('2020-02-01'),
    }),
  };
  const then = { ...statement, at: '2020-01-15T00:00:00.000Z' };
  expect(await read(await encrypted(signStatement(short, then)))).toMatchObject({ $lipei: 'signed' });
  expect(await read(await encrypted(signStatement(short, statement)))).toEqual({
    $lipei: 'unproven',
    why: 'outside-certificate',
  });
});

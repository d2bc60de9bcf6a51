import { generateKeyPairSync } from 'node:crypto';
import { checkProof, signProof, type Proof } from '../../security/proof.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const content = { item: 'item-1', amount: { minor: 420_000, currency: 'CNY' }, reasons: ['a', 'b'] };
const signed = {
  claim: 'C-1',
  action: 'approve',
  by: 'R-501',
  issuedAt: '2026-11-23T09:00:00.000Z',
  id: 'm-1',
};
const proof = signProof(privateKey, { ...signed, content });
const expected = { claim: 'C-1', action: 'approve', content };

test('a proof that the API signed is genuine, also after its way through JSON', () => {
  const arrived: unknown = JSON.parse(JSON.stringify(proof));
  expect(checkProof(publicKey, arrived, expected)).toEqual({ kind: 'genuine', proof });
});

test('neither the order of fields nor fields without a value make another content', () => {
  const reordered = {
    reasons: ['a', 'b'],
    note: undefined,
    amount: { currency: 'CNY', minor: 420_000 },
    item: 'item-1',
  };
  expect(checkProof(publicKey, proof, { ...expected, content: reordered }).kind).toBe('genuine');
});

const resigned = (change: Partial<Proof>): Proof => {
  const { signature } = signProof(generateKeyPairSync('ed25519').privateKey, { ...signed, content });
  return { ...proof, signature, ...change };
};
const changed = (change: Record<string, unknown>): unknown => ({ ...proof, ...change });
const { signature, ...unsigned } = proof;
const inHalf = signature.slice(0, 44);

test.each<[string, unknown, string]>([
  ['no proof', undefined, 'missing'],
  ['null', null, 'missing'],
  ['a text', 'approved', 'malformed'],
  ['a list', [proof], 'malformed'],
  ['one without a signature', unsigned, 'malformed'],
  ['one with a field more', changed({ role: 'executive' }), 'malformed'],
  ['one whose signature is a number', changed({ signature: 1 }), 'malformed'],
  ['text that is not Unicode', changed({ by: '\ud800' }), 'malformed'],
  ['half a signature', changed({ signature: inHalf }), 'malformed'],
  ['an empty signature', changed({ signature: '' }), 'malformed'],
  ['a signature with something after it', changed({ signature: `${proof.signature}AAAA` }), 'malformed'],
  ['a made-up signature', changed({ signature: Buffer.alloc(64).toString('base64') }), 'signature'],
  ["somebody else's signature", resigned({}), 'signature'],
  ['another author', changed({ by: 'E-701' }), 'signature'],
  ['a later time of issue', changed({ issuedAt: '2026-11-24T09:00:00.000Z' }), 'signature'],
  ['another message', changed({ id: 'm-2' }), 'signature'],
  ['a claim written over', changed({ claim: 'C-2' }), 'signature'],
  ['a hash written over', changed({ contentHash: '0'.repeat(64) }), 'signature'],
  ['a proof for another claim', signProof(privateKey, { ...signed, claim: 'C-2', content }), 'other-claim'],
  [
    'a proof for another act',
    signProof(privateKey, { ...signed, action: 'refuse', content }),
    'other-action',
  ],
  [
    'a proof for another amount',
    signProof(privateKey, {
      ...signed,
      content: { ...content, amount: { minor: 420_001, currency: 'CNY' } },
    }),
    'other-content',
  ],
  [
    'a proof for a field less',
    signProof(privateKey, { ...signed, content: { ...content, reasons: undefined } }),
    'other-content',
  ],
  ['a proof for nothing', signProof(privateKey, { ...signed, content: undefined }), 'other-content'],
])('%s decides nothing', (_, value, why) => {
  expect(checkProof(publicKey, value, expected)).toEqual({ kind: 'refused', why });
});

test('a message that has no canonical JSON is denied, not a fault', () => {
  expect(checkProof(publicKey, proof, { ...expected, content: { note: '\udc00' } })).toEqual({
    kind: 'refused',
    why: 'malformed',
  });
  expect(() => signProof(privateKey, { ...signed, content: { note: '\udc00' } })).toThrow();
});

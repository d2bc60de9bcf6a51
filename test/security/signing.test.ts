import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { Proof, Statement } from '../../domain/signed-payload.ts';
import { certify, checkProof, signStatement } from '../../security/signing.ts';
import { testRoot, testRoots, testSigning } from '../support/test-keyring.ts';

const statement: Statement = {
  claim: 'L7K3M-9Q2X4',
  act: 'approve',
  id: 'm-1',
  at: '2026-11-27T08:00:00.000Z',
  by: {
    kind: 'staff',
    code: 'M-601',
    roles: ['manager'],
    branch: 'longkou',
    limitMinor: 1,
    conflicts: ['P-1'],
  },
  fields: { of: 'abc', item: 'item-1' },
};
const proof = signStatement(testSigning, statement);
const other = generateKeyPairSync('ed25519');
const within = { from: new Date('2026-01-01'), until: new Date('2027-01-01') };

test.each<[string, Statement]>([
  ['a member of staff', statement],
  ['a party', { ...statement, by: { kind: 'party', party: 'party-1' } }],
  ['a provider', { ...statement, by: { kind: 'provider', name: 'bank' } }],
  ['the system', { ...statement, by: { kind: 'system' } }],
])('what %s signed is read word for word, also after a way as JSON', (_, signed) => {
  const arrived: unknown = JSON.parse(JSON.stringify(signStatement(testSigning, signed)));
  expect(checkProof(testRoots, arrived)).toEqual({ kind: 'genuine', statement: signed, proof: arrived });
});

test('the signed text is the canonical JSON: the order of fields does not matter', () => {
  const { fields, by, at, id, act, claim } = statement;
  expect(signStatement(testSigning, { fields, by, at, id, act, claim })).toEqual(proof);
  expect(proof.signed).toBe(canonicalize(statement));
});

/** Signed by a key of ours, whatever the text is. */
const signing = (text: object): Proof => signStatement(testSigning, Object.assign({ ...statement }, text));

const certifiedFor = (from: string, until: string): Proof => {
  const { privateKey } = testSigning;
  const certificate = certify(testRoot, createPublicKey(privateKey), {
    from: new Date(from),
    until: new Date(until),
  });
  return signStatement({ privateKey, certificate }, statement);
};

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'malformed'],
  ['a text', proof.signed, 'malformed'],
  ['a list', [proof], 'malformed'],
  ['a proof without its certificate', { signed: proof.signed, signature: proof.signature }, 'malformed'],
  ['a field more', { ...proof, by: 'M-601' }, 'malformed'],
  [
    'a field more in the certificate',
    { ...proof, certificate: { ...proof.certificate, ca: true } },
    'malformed',
  ],
  ['a signature that is cut', { ...proof, signature: proof.signature.slice(1) }, 'malformed'],
  ['a text that is no JSON', signedText('approve'), 'malformed'],
  ['a text of a hundred thousand letters', { ...proof, signed: 'x'.repeat(100_001) }, 'malformed'],
  ['half a character in place of its sign', halfACharacter(), 'malformed'],
  ['a statement without an id', signing({ id: '' }), 'malformed'],
  ['a statement with a field more', signing({ note: 'n' }), 'malformed'],
  ['a role that nobody has', signing({ by: { ...statement.by, roles: ['owner'] } }), 'malformed'],
  ['a signer of another kind', signing({ by: { kind: 'anybody' } }), 'malformed'],
  ['a time without its zone', signing({ at: '2026-11-27T08:00:00.000' }), 'malformed'],
  [
    'a key that certified itself',
    signStatement(
      { privateKey: other.privateKey, certificate: certify(other.privateKey, other.publicKey, within) },
      statement,
    ),
    'unknown-signer',
  ],
  [
    'a certificate with another end',
    { ...proof, certificate: { ...proof.certificate, until: '2300-01-01T00:00:00.000Z' } },
    'unknown-signer',
  ],
  [
    'a certificate for another key',
    { ...proof, certificate: { ...proof.certificate, key: certify(testRoot, other.publicKey, within).key } },
    'unknown-signer',
  ],
  [
    "another signer's certificate",
    { ...proof, certificate: certify(testRoot, other.publicKey, within) },
    'signature',
  ],
  ['another person', { ...proof, signed: proof.signed.replace('M-601', 'M-602') }, 'signature'],
  ['another amount', { ...proof, signed: proof.signed.replace('"abc"', '"abd"') }, 'signature'],
  ['a blank more', { ...proof, signed: `${proof.signed} ` }, 'signature'],
  ["another statement's signature", { ...proof, signature: signing({ id: 'm-2' }).signature }, 'signature'],
  [
    'a time before the certificate',
    certifiedFor('2026-11-27T08:00:00.001Z', '2027-01-01T00:00:00.000Z'),
    'outside-certificate',
  ],
  [
    'a time at the end of the certificate',
    certifiedFor('2026-01-01T00:00:00.000Z', '2026-11-27T08:00:00.000Z'),
    'outside-certificate',
  ],
])('%s proves nothing, and gives the reason', (_, value, why) => {
  expect(checkProof(testRoots, value)).toEqual({ kind: 'unproven', why });
});

/** Signed by a key of ours, though it is no statement. */
function signedText(text: string): Proof {
  const canonical: unknown = text;
  return signStatement(testSigning, canonical as Statement); // oxlint-disable-line no-unsafe-type-assertion -- what only a broken signer would sign
}

/** Both texts have the same bytes in UTF-8. */
function halfACharacter(): Proof {
  const whole = signStatement(testSigning, { ...statement, fields: { of: '\ufffd' } });
  return { ...whole, signed: whole.signed.replace('\ufffd', '\ud800') };
}

test.each([
  ['a number that is not finite', { amount: Number.NaN }],
  ['half a character', { note: '\udc00' }],
])('%s is not signed', (_, fields) => {
  expect(() => signStatement(testSigning, { ...statement, fields })).toThrow();
});

test('without any root key nobody signed', () => {
  expect(checkProof([], proof)).toEqual({ kind: 'unproven', why: 'unknown-signer' });
});

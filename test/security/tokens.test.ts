import { createHmac, generateKeyPairSync } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { issueToken, readToken } from '../../security/tokens.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const now = new Date('2026-11-23T09:00:00Z');
const nobody = new Set<string>();
const issue = { staff: 'C-301', days: 30, now };
const after = (days: number): Date => new Date(now.getTime() + days * 86_400_000);

test('a token identifies a person until it expires or is revoked', async () => {
  const token = await issueToken(privateKey, issue);
  const reading = await readToken(publicKey, token, { revoked: nobody, now: after(29.9) });
  expect(reading).toEqual({ kind: 'valid', staff: 'C-301', jti: expect.any(String) });
  const jti = reading.kind === 'valid' ? reading.jti : '';
  expect(await readToken(publicKey, token, { revoked: nobody, now: after(30) })).toEqual({
    kind: 'denied',
    why: 'expired',
  });
  expect(await readToken(publicKey, token, { revoked: new Set([jti]), now })).toEqual({
    kind: 'denied',
    why: 'revoked',
  });
});

test('two tokens of one person are revoked apart', async () => {
  const readings = await Promise.all(
    [1, 2].map(async () =>
      readToken(publicKey, await issueToken(privateKey, issue), { revoked: nobody, now }),
    ),
  );
  expect(new Set(readings.map((reading) => (reading.kind === 'valid' ? reading.jti : ''))).size).toBe(2);
});

test('a token for the API does not open the codec server, nor the other way round', async () => {
  const [api, codec] = [
    await issueToken(privateKey, issue),
    await issueToken(privateKey, { ...issue, days: 0.5, audience: 'lipei-codec' }),
  ];
  const good = [
    await readToken(publicKey, api, { revoked: nobody, now }),
    await readToken(publicKey, codec, { revoked: nobody, now, audience: 'lipei-codec' }),
  ];
  const crossed = [
    await readToken(publicKey, api, { revoked: nobody, now, audience: 'lipei-codec' }),
    await readToken(publicKey, codec, { revoked: nobody, now }),
  ];
  expect(good.map(({ kind }) => kind)).toEqual(['valid', 'valid']);
  expect(crossed).toEqual([
    { kind: 'denied', why: 'other-audience' },
    { kind: 'denied', why: 'other-audience' },
  ]);
});

const claims = {
  iss: 'lipei',
  aud: 'lipei-api',
  sub: 'C-301',
  jti: 'j',
  iat: now.getTime() / 1000,
  exp: now.getTime() / 1000 + 60,
};
const header = { alg: 'EdDSA', typ: 'lipei-staff+jwt' };
const signed = (change: object, heading: object = {}): Promise<string> =>
  new SignJWT({ ...claims, ...change }).setProtectedHeader({ ...header, ...heading }).sign(privateKey);

/** A well-known attack: the public key used as a shared secret. */
function hmacWithThePublicKey(): string {
  const parts = [{ ...header, alg: 'HS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${parts}.${createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' }))
    .update(parts)
    .digest('base64url')}`;
}

test.each<[string, () => string | Promise<string>, string]>([
  ['nothing', () => '', 'malformed'],
  ['a word', () => 'letmein', 'malformed'],
  ['three words', () => 'a.b.c', 'malformed'],
  ['a token without a signature', () => new UnsecuredJWT(claims).encode(), 'malformed'],
  ['a token signed with the public key as a secret', hmacWithThePublicKey, 'malformed'],
  ["somebody else's signature", () => issueToken(other.privateKey, issue), 'signature'],
  ['another issuer', () => signed({ iss: 'elsewhere' }), 'malformed'],
  ['another type', () => signed({}, { typ: 'JWT' }), 'malformed'],
  ['no expiry', () => signed({ exp: undefined }), 'malformed'],
  ['no id', () => signed({ jti: undefined }), 'malformed'],
  ['no person', () => signed({ sub: '' }), 'malformed'],
  ['not yet valid', () => signed({ nbf: claims.exp }), 'malformed'],
])('%s opens nothing', async (_, token, why) => {
  expect(await readToken(publicKey, await token(), { revoked: nobody, now })).toEqual({
    kind: 'denied',
    why,
  });
});

test('each token of this table has one fault, the one of its row', async () => {
  expect((await readToken(publicKey, await signed({}), { revoked: nobody, now })).kind).toBe('valid');
});

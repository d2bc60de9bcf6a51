import { randomUUID, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

const issuer = 'lipei';
const audience = 'lipei-api';
const type = 'lipei-staff+jwt';
const algorithm = 'EdDSA';
const daySeconds = 86_400;

/** A bearer token for a member of staff, valid for `days` from `now`. */
export async function issueToken(privateKey: KeyObject, { staff, days, now }: { staff: string; days: number; now: Date }): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT().setProtectedHeader({ alg: algorithm, typ: type }).setIssuer(issuer).setAudience(audience).setSubject(staff).setJti(randomUUID())
    .setIssuedAt(issuedAt).setExpirationTime(issuedAt + days * daySeconds).sign(privateKey);
}

export type TokenRefusal = 'malformed' | 'signature' | 'expired' | 'revoked';

/** Checked without a database: the revoked ids come from whoever has them at hand. */
export async function readToken(publicKey: KeyObject, token: string, { revoked, now }: { revoked: ReadonlySet<string>; now: Date }): Promise<{ kind: 'valid'; staff: string; jti: string } | { kind: 'refused'; why: TokenRefusal }> {
  try {
    const { payload } = await jwtVerify(token, publicKey, { issuer, audience, typ: type, algorithms: [algorithm], currentDate: now });
    if (!payload.sub || !payload.jti) return { kind: 'refused', why: 'malformed' };
    return revoked.has(payload.jti) ? { kind: 'refused', why: 'revoked' } : { kind: 'valid', staff: payload.sub, jti: payload.jti };
  } catch (fault) {
    if (fault instanceof errors.JWTExpired) return { kind: 'refused', why: 'expired' };
    return { kind: 'refused', why: fault instanceof errors.JWSSignatureVerificationFailed ? 'signature' : 'malformed' };
  }
}

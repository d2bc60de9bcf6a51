import { randomUUID, type KeyObject } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

const issuer = 'lipei';
const type = 'lipei-staff+jwt';
const algorithm = 'EdDSA';
const daySeconds = 86_400;

/** A token is for the API, or for the codec server, which decrypts payloads. Neither takes the other's. */
export type TokenAudience = 'lipei-api' | 'lipei-codec';

/** A codec token opens what is encrypted, and a browser may keep it: so it is short. */
export const longestCodecHours = 24;

/** So the records need not know a revoked token for longer: it has ended by itself. */
export const longestStaffDays = 366;

export interface Issuing {
  /** Staff code. */
  staff: string;
  days: number;
  now: Date;
  audience?: TokenAudience;
}

/** A bearer token for a member of staff, valid for `days` from `now`. */
export async function issueToken(
  privateKey: KeyObject,
  { staff, days, now, audience = 'lipei-api' }: Issuing,
): Promise<string> {
  const issuedAt = Math.floor(now.getTime() / 1000);
  return new SignJWT()
    .setProtectedHeader({ alg: algorithm, typ: type })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(staff)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + Math.round(days * daySeconds))
    .sign(privateKey);
}

export type TokenFault = 'malformed' | 'signature' | 'other-audience' | 'expired' | 'too-long' | 'revoked';

export type TokenReading =
  { kind: 'valid'; staff: string; jti: string } | { kind: 'denied'; why: TokenFault };

/** Needs no database: the caller gives the revoked ids. Never throws on a bad token. */
export async function readToken(
  publicKey: KeyObject,
  token: string,
  {
    revoked,
    now,
    audience = 'lipei-api',
  }: { revoked: ReadonlySet<string>; now: Date; audience?: TokenAudience },
): Promise<TokenReading> {
  try {
    const { payload } = await jwtVerify(token, publicKey, {
      issuer,
      audience,
      typ: type,
      algorithms: [algorithm],
      currentDate: now,
      requiredClaims: ['exp', 'sub', 'jti'],
    });
    if (!isShort(payload, audience)) return { kind: 'denied', why: 'too-long' };
    if (!payload.sub || !payload.jti) return { kind: 'denied', why: 'malformed' };
    return revoked.has(payload.jti)
      ? { kind: 'denied', why: 'revoked' }
      : { kind: 'valid', staff: payload.sub, jti: payload.jti };
  } catch (fault) {
    return { kind: 'denied', why: faultOf(fault) };
  }
}

const longestSeconds: Record<TokenAudience, number> = {
  'lipei-api': longestStaffDays * daySeconds,
  'lipei-codec': longestCodecHours * 3_600,
};

const isShort = ({ iat, exp }: { iat?: number; exp?: number }, audience: TokenAudience): boolean =>
  iat !== undefined && exp !== undefined && exp - iat <= longestSeconds[audience];

function faultOf(fault: unknown): TokenFault {
  if (fault instanceof errors.JWTExpired) return 'expired';
  if (fault instanceof errors.JWSSignatureVerificationFailed) return 'signature';
  return fault instanceof errors.JWTClaimValidationFailed && fault.claim === 'aud'
    ? 'other-audience'
    : 'malformed';
}

import { X509Certificate } from 'node:crypto';
import type { Settings } from './settings.ts';
import { isLoopback, parsed } from './addresses.ts';

/** How fast the rules may run for real customers: a day takes a day. */
const pacesInProduction = ['ordinary'];

const shortestSecret = 32;
/** A random secret of this length has more different characters. */
const fewestDifferent = 8;

/** What no secret may be, in any writing. */
const defaults = ['password', 'postgres', 'lipei', 'secret', 'admin', 'changeme', 'test', 'example'];

/** A sentence for each setting that is too weak for real customers. None contains a secret. */
export function weaknessesIn(given: Settings): string[] {
  return [
    ...database(given.DATABASE_URL),
    ...(given.DATABASE_OWNER_URL === undefined
      ? []
      : [weak('DATABASE_OWNER_URL', 'no program may know the owner of the tables')]),
    ...temporal(given),
    ...mail(given.SMTP_URL),
    ...secret('TWILIO_AUTH_TOKEN', given.TWILIO_AUTH_TOKEN),
    ...secret('TWILIO_AUTH_TOKEN_PREVIOUS', given.TWILIO_AUTH_TOKEN_PREVIOUS),
    ...secret('BANK_SECRET', given.BANK_SECRET),
    ...provider('TWILIO_BASE_URL', given.TWILIO_BASE_URL),
    ...secret('POLICY_SOURCE_TOKEN', given.POLICY_SOURCE_TOKEN),
    ...provider('BANK_URL', given.BANK_URL),
    ...provider('POLICY_SOURCE_URL', given.POLICY_SOURCE_URL),
    ...ownAddress(given.PUBLIC_URL),
    ...certificate(given.TEMPORAL_TLS_CERT, new Date()),
    ...(pacesInProduction.includes(given.LIPEI_PACE)
      ? []
      : [weak('LIPEI_PACE', `real customers need the pace ${pacesInProduction.join(' or ')}`)]),
    ...(given.NODE_TLS_REJECT_UNAUTHORIZED === '0'
      ? [weak('NODE_TLS_REJECT_UNAUTHORIZED', 'without the check of certificates TLS protects nothing')]
      : []),
  ];
}

/** What will be wrong soon: a certificate that ends within 30 days. */
export function warningsIn({ TEMPORAL_TLS_CERT: pem }: Settings, now = new Date()): string[] {
  const until = pem === undefined ? undefined : endOf(pem);
  const isSoon = until !== undefined && until > now && until.getTime() - now.getTime() < soonMs;
  return isSoon ? [`The certificate in TEMPORAL_TLS_CERT ends at ${until.toISOString()}: renew it.`] : [];
}

const soonMs = 30 * 24 * 3_600_000;

const weak = (name: keyof Settings, why: string): string => `${name} is too weak for production: ${why}.`;

function database(text: string | undefined): string[] {
  const url = parsed(text ?? '');
  if (!url) return [];
  const mode = url.searchParams.get('sslmode');
  // Without a host, or with a path in its place, it is a socket of this machine.
  const host = url.searchParams.get('host') ?? decoded(url.hostname);
  const isHere = host === '' || host.startsWith('/') || isLoopback(host);
  return [
    ...(isHere || mode === 'verify-full'
      ? []
      : [weak('DATABASE_URL', 'another machine is reached with sslmode=verify-full')]),
    ...(isDefault(decoded(url.password), decoded(url.username))
      ? [weak('DATABASE_URL', 'its password is one that everybody tries')]
      : []),
  ];
}

/** A stray percent sign stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function temporal(given: Settings): string[] {
  const { TEMPORAL_ADDRESS: address, TEMPORAL_API_KEY: apiKey, TEMPORAL_TLS: tls } = given;
  if (address === undefined || isLoopback(address.replace(/:\d+$/, ''))) return [];
  const isEncrypted = tls ?? Boolean(apiKey ?? given.TEMPORAL_TLS_CA ?? given.TEMPORAL_TLS_CERT);
  if (!isEncrypted) return [weak('TEMPORAL_ADDRESS', 'another machine is reached with TEMPORAL_TLS=true')];
  return (apiKey ?? given.TEMPORAL_TLS_CERT) === undefined
    ? [weak('TEMPORAL_ADDRESS', 'TEMPORAL_API_KEY or TEMPORAL_TLS_CERT should prove who we are')]
    : [];
}

/** Another machine is always asked for TLS (providers/smtp), unless the address itself says otherwise. */
function mail(text: string | undefined): string[] {
  const url = parsed(text ?? '');
  if (!url || isLoopback(url.hostname)) return [];
  const isOff = [...url.searchParams].some(
    ([name, value]) =>
      (name === 'ignoreTLS' && value === 'true') ||
      (name === 'tls.rejectUnauthorized' && value === 'false') ||
      (name === 'requireTLS' && value === 'false'),
  );
  return isOff ? [weak('SMTP_URL', 'its parameters turn TLS off, or the check of the certificate')] : [];
}

function secret(name: keyof Settings, text: string | undefined): string[] {
  if (text === undefined) return [];
  if (text.length < shortestSecret)
    return [weak(name, `it should have at least ${shortestSecret} characters`)];
  return new Set(text).size < fewestDifferent || isDefault(text) ? [weak(name, 'it should be random')] : [];
}

/** The stand-ins of the local stack listen on this machine. */
const provider = (name: keyof Settings, text: string | undefined): string[] =>
  isLoopback(parsed(text ?? '')?.hostname ?? '')
    ? [weak(name, 'on this machine there is a stand-in, and no provider')]
    : [];

function ownAddress(text: string | undefined): string[] {
  const url = parsed(text ?? '');
  return url && (url.protocol !== 'https:' || isLoopback(url.hostname))
    ? [weak('PUBLIC_URL', 'providers and customers reach it at an https:// address')]
    : [];
}

function certificate(pem: string | undefined, now: Date): string[] {
  if (pem === undefined) return [];
  const until = endOf(pem);
  if (!until) return [weak('TEMPORAL_TLS_CERT', 'it is no certificate')];
  return until <= now ? [weak('TEMPORAL_TLS_CERT', `it ended at ${until.toISOString()}`)] : [];
}

function endOf(pem: string): Date | undefined {
  try {
    return new X509Certificate(pem).validToDate;
  } catch {
    return undefined;
  }
}

/** A password that is the name of its user is as well known. */
const isDefault = (text: string, user = ''): boolean =>
  text !== '' && [...defaults, user.toLowerCase()].includes(text.toLowerCase());

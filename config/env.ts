import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { z } from 'zod';
import { groups, neededInProduction, secrets, settings, type Settings } from './settings.ts';
import { openFile, openKeyFiles } from './open-files.ts';
import { warningsIn, weaknessesIn } from './weak-settings.ts';
import { present } from '../domain/present.ts';

type Source = Record<string, string | undefined>;

export type Env = ReturnType<typeof readEnv>;

export const projectRoot = join(import.meta.dirname, '..');

/**
 * All settings (`settings.ts`), checked and in groups; a group without settings is undefined. Throws one
 * Error that names every wrong variable with what is wrong and what would be right. It never contains a
 * secret.
 */
export function readEnv(source: Source = process.env) {
  const { text, mistakes } = withSecretsFromFiles(source);
  const result = settings.safeParse(text);
  if (!result.success) mistakes.push(...result.error.issues.map((issue) => sentenceOf(issue, text)));
  else mistakes.push(...incomplete(result.data), ...weakInProduction(result.data, source));
  if (!result.success || mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return grouped(result.data);
}

/** The directory in which the local stack makes keys, if LIPEI_KEYS names no other. */
export function localKeys(dataDirectory: string): string {
  return join(dataDirectory, 'keys');
}

/**
 * The directory of the holiday lists that were added to the installation. Read by itself, because every due
 * date needs it.
 */
export function calendarsFolder(source: Source = process.env): string {
  const { LIPEI_CALENDARS: named, LIPEI_DATA: data } = source;
  return named ? resolve(projectRoot, named) : join(resolve(projectRoot, data || '.lipei'), 'calendars');
}

/** The environment of a process that we start: our own with these additions. */
export function environmentWith(extra: Record<string, string>): NodeJS.ProcessEnv {
  return { ...process.env, ...extra };
}

function grouped(given: Settings) {
  const dataDirectory = resolve(projectRoot, given.LIPEI_DATA);
  return {
    production: isProduction(given),
    databaseUrl: given.DATABASE_URL,
    ownersUrl: given.DATABASE_OWNER_URL,
    booksUrl: given.BOOKS_DATABASE_URL,
    temporal: temporal(given),
    mail: mail(given),
    inboundMail:
      given.MAIL_BOUNCES && given.MAIL_INBOUND_PORT
        ? { bounces: given.MAIL_BOUNCES, port: given.MAIL_INBOUND_PORT }
        : undefined,
    twilio: twilio(given),
    bank:
      given.BANK_URL && given.BANK_SECRET ? { url: given.BANK_URL, secret: given.BANK_SECRET } : undefined,
    policySource: given.POLICY_SOURCE_URL
      ? { url: given.POLICY_SOURCE_URL, ...present({ token: given.POLICY_SOURCE_TOKEN }) }
      : undefined,
    api: {
      host: given.API_HOST,
      port: given.API_PORT,
      trustedProxies: given.API_TRUSTED_PROXIES,
      requestLimits: given.LIPEI_REQUEST_LIMITS && resolve(projectRoot, given.LIPEI_REQUEST_LIMITS),
      publicUrl: given.PUBLIC_URL ?? `http://127.0.0.1:${given.API_PORT}`,
    },
    codecPort: given.CODEC_PORT,
    dataDirectory,
    archives: given.LIPEI_ARCHIVES
      ? resolve(projectRoot, given.LIPEI_ARCHIVES)
      : join(dataDirectory, 'archives'),
    keys: {
      directory: given.LIPEI_KEYS ? resolve(projectRoot, given.LIPEI_KEYS) : localKeys(dataDirectory),
      keyring: given.LIPEI_KEYRING,
    },
    anchors: given.LIPEI_ANCHORS ? resolve(projectRoot, given.LIPEI_ANCHORS) : join(dataDirectory, 'anchors'),
    pace: given.LIPEI_PACE,
    runEvents: given.LIPEI_RUN_EVENTS,
    release: { build: given.LIPEI_BUILD, automatic: given.LIPEI_AUTO_VERSION ?? false },
    token: given.LIPEI_TOKEN,
    /** What will be wrong soon, a sentence each. */
    warnings: warningsIn(given),
  };
}

/** In the shape that `connect` of the Temporal client and worker takes. */
function temporal(given: Settings) {
  if (!given.TEMPORAL_ADDRESS) return undefined;
  return {
    address: given.TEMPORAL_ADDRESS,
    namespace: given.TEMPORAL_NAMESPACE ?? 'default',
    apiKey: given.TEMPORAL_API_KEY,
    tls: temporalTls(given),
  };
}

function temporalTls({ TEMPORAL_TLS: wanted, TEMPORAL_API_KEY: apiKey, ...given }: Settings) {
  const { TEMPORAL_TLS_CA: ca, TEMPORAL_TLS_CERT: crt, TEMPORAL_TLS_KEY: key } = given;
  if (!(wanted ?? Boolean(apiKey ?? ca ?? crt))) return false;
  return {
    serverRootCACertificate: ca ? Buffer.from(ca) : undefined,
    clientCertPair: crt && key ? { crt: Buffer.from(crt), key: Buffer.from(key) } : undefined,
  };
}

function mail({
  SMTP_URL: smtpUrl,
  MAIL_FROM: from,
  MAIL_BOUNCES: bounces,
  DKIM_DOMAIN: domainName,
  DKIM_SELECTOR: keySelector,
  DKIM_KEY: privateKey,
}: Settings) {
  if (!smtpUrl || !from) return undefined;
  return {
    smtpUrl,
    from,
    ...present({
      bounces,
      dkim: domainName && keySelector && privateKey ? { domainName, keySelector, privateKey } : undefined,
    }),
  };
}

function twilio(given: Settings) {
  const { TWILIO_ACCOUNT_SID: accountSid, TWILIO_AUTH_TOKEN: authToken, TWILIO_FROM: from } = given;
  if (!accountSid || !authToken || !from) return undefined;
  return {
    accountSid,
    authToken,
    previousAuthToken: given.TWILIO_AUTH_TOKEN_PREVIOUS,
    from,
    baseUrl: given.TWILIO_BASE_URL,
  };
}

function isProduction(given: Settings): boolean {
  return given.LIPEI_PRODUCTION ?? given.NODE_ENV === 'production';
}

function incomplete(given: Settings): string[] {
  const missing = groups.flatMap(({ given: any, needs }) => {
    const first = any.find((name) => given[name] !== undefined);
    return first
      ? needs
          .filter((name) => given[name] === undefined)
          .map((name) => `${name} is missing: ${first} needs it.`)
      : [];
  });
  return [...new Set([...missing, ...missingInProduction(given)])];
}

function missingInProduction(given: Settings): string[] {
  if (!isProduction(given)) return [];
  return neededInProduction
    .filter((name) => given[name] === undefined)
    .map((name) => `${name} is missing: production needs it.`);
}

/** Real customers are served by strong settings, and their keys are nobody else's. */
function weakInProduction(given: Settings, source: Source): string[] {
  if (!isProduction(given)) return [];
  const files = secrets.flatMap((name) => source[`${name}_FILE`] ?? []);
  return [
    ...weaknessesIn(given),
    ...(given.LIPEI_KEYS ? openKeyFiles(resolve(projectRoot, given.LIPEI_KEYS)) : []),
    ...files.flatMap((file) => openFile(resolve(projectRoot, file))),
  ];
}

function sentenceOf(issue: z.core.$ZodIssue, text: Source): string {
  const name = String(issue.path[0]);
  const shown = secrets.some((secret) => secret === name) ? '' : ` ("${text[name]}")`;
  return `${name}${shown} is wrong: it ${issue.message}.`;
}

/** An empty variable counts as absent. A secret may be in a file, named by NAME_FILE. */
function withSecretsFromFiles(source: Source): { text: Source; mistakes: string[] } {
  const text = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const mistakes = secrets.flatMap((name) => {
    const file = text[`${name}_FILE`];
    if (file === undefined) return [];
    if (text[name] !== undefined) return [`${name} and ${name}_FILE are both given: leave one out.`];
    text[name] = contentOf(file);
    return text[name]
      ? []
      : [`${name}_FILE ("${file}") is wrong: it should be the path of a readable file that isn't empty.`];
  });
  return { text, mistakes };
}

function contentOf(file: string): string | undefined {
  try {
    return readFileSync(resolve(projectRoot, file), 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

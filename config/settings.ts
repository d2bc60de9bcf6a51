import { isIP } from 'node:net';
import { z } from 'zod';
import { isLoopback, parsed } from './addresses.ts';

/**
 * Every setting, its purpose and its valid values. The message beside each is shown when the value is wrong.
 * A setting of the list `secrets` may be given as NAME_FILE instead: the path of a file with the value.
 */
export const settings = z.object({
  /** The records: PostgreSQL 18 or later. */
  DATABASE_URL: url(['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/database').optional(),

  /**
   * The same records as the owner of their tables, for `npm start` beside DATABASE_URL: it migrates, and
   * gives the role of DATABASE_URL the rights of the programs. No program uses it.
   */
  DATABASE_OWNER_URL: url(
    ['postgresql:', 'postgres:'],
    'postgresql://owner:password@host:5432/database',
  ).optional(),

  /**
   * The same records with the role that keeps the books of people and policies. Only the API has it; without
   * it nothing is imported.
   */
  BOOKS_DATABASE_URL: url(
    ['postgresql:', 'postgres:'],
    'postgresql://books:password@host:5432/database',
  ).optional(),

  /** The Temporal frontend. TEMPORAL_API_KEY turns on TLS. */
  TEMPORAL_ADDRESS: z
    .string()
    .regex(/^[^\s/:]+:\d{1,5}$/, 'should be host:port, such as temporal.example.com:7233')
    .optional(),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[\w.-]+$/, 'should be a name without spaces, such as claims')
    .optional(),
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: flag().optional(),
  /** For mutual TLS: PEM texts, usually given as TEMPORAL_TLS_CA_FILE and so on. */
  TEMPORAL_TLS_CA: pem().optional(),
  TEMPORAL_TLS_CERT: pem().optional(),
  TEMPORAL_TLS_KEY: pem().optional(),

  /** The mail server that sends our emails, and their sender. */
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@host:587 or smtps://…').optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>@\r\n,]+ <[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/,
      'should be one address, such as Claims <claims@example.com>',
    )
    .optional(),

  /**
   * The address to which undeliverable mail returns, and the port on which the API receives it from the
   * domain's mail exchanger.
   */
  MAIL_BOUNCES: z
    .string()
    .regex(
      /^[^\s<>@,+]+@[^\s<>@,]+$/,
      'should be an address without a plus, such as bounces@claims.example.com',
    )
    .optional(),
  MAIL_INBOUND_PORT: port().optional(),
  /** The signature of mail: domain and selector of the key in the DNS, and the private key in PEM. */
  DKIM_DOMAIN: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/, 'should be a domain, such as claims.example.com')
    .optional(),
  DKIM_SELECTOR: z
    .string()
    .regex(/^[A-Za-z0-9._-]+$/, 'should be a selector, such as lipei1')
    .optional(),
  DKIM_KEY: pem().optional(),

  /**
   * SMS. TWILIO_BASE_URL is needed only for another service than Twilio's own, and the previous token only
   * while the token is being changed.
   */
  TWILIO_ACCOUNT_SID: z
    .string()
    .regex(/^AC[0-9a-fA-F]{32}$/, 'should be AC followed by 32 hexadecimal digits')
    .optional(),
  TWILIO_AUTH_TOKEN: z.string().optional(),
  TWILIO_AUTH_TOKEN_PREVIOUS: z.string().optional(),
  TWILIO_FROM: z
    .string()
    .regex(
      /^(?:\+[1-9]\d{6,14}|MG[0-9a-fA-F]{32}|[A-Za-z0-9 ]{1,11})$/,
      'should be a number such as +15005550006, a messaging service (MG…) ' +
        'or a sender name of up to 11 letters',
    )
    .optional(),
  TWILIO_BASE_URL: safeUrl().optional(),

  /** The bank that takes payment orders (ISO 20022 pain.001), and the secret that signs its answers. */
  BANK_URL: safeUrl().optional(),
  BANK_SECRET: z.string().min(16, 'should have at least 16 characters').optional(),

  /** Where policies are asked for that the book does not have yet, and the bearer token. */
  POLICY_SOURCE_URL: safeUrl().optional(),
  POLICY_SOURCE_TOKEN: z.string().min(16, 'should have at least 16 characters').optional(),

  /** Where the API listens, and its address for providers and customers. */
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port().default(7400),
  PUBLIC_URL: safeUrl().optional(),
  /**
   * The proxies in front of the API, whose X-Forwarded-For says where a request comes from. Without them
   * requests are counted by the address of the connection.
   */
  API_TRUSTED_PROXIES: z
    .string()
    .transform((text) => text.split(',').map((each) => each.trim()))
    .refine(
      (all) => all.every(isNetwork),
      'should be addresses or networks separated by commas, such as 10.0.0.7,10.1.0.0/16',
    )
    .optional(),
  /** A file with the limits of requests, in place of `config/request-limits.json`. */
  LIPEI_REQUEST_LIMITS: z.string().optional(),
  /** The port of the codec server, which decrypts payloads for the Temporal Web UI. */
  CODEC_PORT: port().default(7403),

  /** The data directory, relative to the project: attachments, and on a local stack all data. */
  LIPEI_DATA: z.string().default('.lipei'),
  /** The directory of archives, which the API fills before it deletes claims; `archives` in LIPEI_DATA. */
  LIPEI_ARCHIVES: z.string().optional(),
  /**
   * The directory of key files. LIPEI_KEYRING may give the payload keys instead, as `id:base64` separated by
   * commas.
   */
  LIPEI_KEYS: z.string().optional(),
  LIPEI_KEYRING: z
    .string()
    .regex(
      /^[^\s:,]+:[^\s:,]+(?:,[^\s:,]+:[^\s:,]+)*$/,
      'should be keys as id:base64, separated by commas, the newest last',
    )
    .optional(),
  /**
   * The directory of the holiday lists that were added (`bin/lipei calendars add`), the same on each machine
   * of workers and API; `calendars` in the data directory if not given.
   */
  LIPEI_CALENDARS: z.string().optional(),
  /**
   * The directory of the signed files of heads (`bin/lipei anchors write`), on a machine of the auditors;
   * `anchors` in the data directory if not given.
   */
  LIPEI_ANCHORS: z.string().optional(),
  /** The pace of the rules for new claims: a scale of time (`rules/pace`). */
  LIPEI_PACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'should be the name of a pace, such as ordinary')
    .default('ordinary'),
  /**
   * For the command line with another API than the local stack's: the bearer token of the person who acts.
   */
  LIPEI_TOKEN: z.string().optional(),
  /**
   * The number of history events after which a claim continues in a new run: fewer than Temporal suggests,
   * more than a busy day makes.
   */
  LIPEI_RUN_EVENTS: z
    .string()
    .regex(/^[1-9]\d{1,4}$/, 'should be a whole number from 10 to 99999')
    .transform(Number)
    .default(4000),
  /**
   * The name of this version among the engine's worker deployments; without it a hash of the workflow code.
   */
  LIPEI_BUILD: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'should be a name of up to 100 letters, digits, dots and hyphens')
    .optional(),
  /**
   * Whether a worker makes its version the current one when it starts. Good for one machine; in production
   * `node workers/version.ts NAME` does it.
   */
  LIPEI_AUTO_VERSION: flag().optional(),
  /**
   * Whether this serves real customers. Then no program starts without the settings of `neededInProduction`,
   * or with one that is too weak (`weak-settings.ts`).
   */
  LIPEI_PRODUCTION: flag().optional(),
  NODE_ENV: z.string().optional(),
  /** Node's own: 0 turns off the check of certificates. */
  NODE_TLS_REJECT_UNAUTHORIZED: z.string().optional(),
});

export type Settings = z.infer<typeof settings>;

/** May be given in a file, and are never printed. */
export const secrets = [
  'DATABASE_URL',
  'DATABASE_OWNER_URL',
  'BOOKS_DATABASE_URL',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CA',
  'TEMPORAL_TLS_CERT',
  'TEMPORAL_TLS_KEY',
  'SMTP_URL',
  'DKIM_KEY',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_AUTH_TOKEN_PREVIOUS',
  'BANK_SECRET',
  'POLICY_SOURCE_TOKEN',
  'LIPEI_KEYRING',
  'LIPEI_TOKEN',
] as const;

/** Settings that belong together: with one of `given` all of `needs` are necessary. */
export const groups: readonly { given: readonly (keyof Settings)[]; needs: readonly (keyof Settings)[] }[] = [
  {
    given: [
      'TEMPORAL_NAMESPACE',
      'TEMPORAL_API_KEY',
      'TEMPORAL_TLS',
      'TEMPORAL_TLS_CA',
      'TEMPORAL_TLS_CERT',
      'TEMPORAL_TLS_KEY',
    ],
    needs: ['TEMPORAL_ADDRESS'],
  },
  { given: ['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY'], needs: ['TEMPORAL_TLS_CERT', 'TEMPORAL_TLS_KEY'] },
  { given: ['SMTP_URL', 'MAIL_FROM'], needs: ['SMTP_URL', 'MAIL_FROM'] },
  { given: ['MAIL_INBOUND_PORT'], needs: ['MAIL_BOUNCES'] },
  {
    given: ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY'],
    needs: ['DKIM_DOMAIN', 'DKIM_SELECTOR', 'DKIM_KEY'],
  },
  {
    given: [
      'TWILIO_ACCOUNT_SID',
      'TWILIO_AUTH_TOKEN',
      'TWILIO_AUTH_TOKEN_PREVIOUS',
      'TWILIO_FROM',
      'TWILIO_BASE_URL',
    ],
    needs: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM'],
  },
  { given: ['BANK_URL', 'BANK_SECRET'], needs: ['BANK_URL', 'BANK_SECRET'] },
  { given: ['POLICY_SOURCE_TOKEN'], needs: ['POLICY_SOURCE_URL'] },
];

/** Necessary in production; on one machine the local stack supplies each. */
export const neededInProduction: readonly (keyof Settings)[] = [
  'DATABASE_URL',
  'TEMPORAL_ADDRESS',
  'PUBLIC_URL',
  'LIPEI_KEYS',
];

function url(protocols: readonly string[], example: string) {
  return z
    .string()
    .refine((text) => protocols.includes(parsed(text)?.protocol ?? ''), `should look like ${example}`);
}

/** Customers' data cross it, so plain http is allowed on this machine only. */
function safeUrl() {
  return z
    .string()
    .refine((text) => {
      const { protocol, hostname } = parsed(text) ?? { protocol: '', hostname: '' };
      return protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname));
    }, 'should be an https:// address (http:// only on 127.0.0.1 or localhost)')
    .transform((text) => text.replace(/\/+$/, ''));
}

function port() {
  return z
    .string()
    .regex(/^\d{1,5}$/, 'should be a port number from 1 to 65535')
    .transform(Number)
    .refine((number) => number >= 1 && number <= 65_535, 'should be a port number from 1 to 65535');
}

function flag() {
  return z
    .enum(['true', 'false', '1', '0'], 'should be true or false')
    .transform((text) => text === 'true' || text === '1');
}

function pem() {
  return z.string().startsWith('-----BEGIN ', 'should be PEM text that starts with -----BEGIN');
}

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const longest = { 0: 0, 4: 32, 6: 128 }[isIP(address)] ?? 0;
  return more.length === 0 && longest > 0 && (bits === undefined || isBits(bits, longest));
}

/** `/0` would believe everybody. */
const isBits = (text: string, longest: number): boolean =>
  /^\d{1,3}$/.test(text) && Number(text) >= 1 && Number(text) <= longest;

import { z } from 'zod';

/**
 * Every setting, what it is for and what a right value looks like. The message beside each is what a person
 * reads when
 * the value is wrong. Those listed in `secrets` may be given as NAME_FILE instead, the path of a file that
 * holds them.
 */
export const settings = z.object({
  /** The records: PostgreSQL 18 or later. */
  DATABASE_URL: url(['postgresql:', 'postgres:'], 'postgresql://user:password@host:5432/database').optional(),

  /** The Temporal frontend; TEMPORAL_API_KEY turns TLS on by itself. */
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
  /** For mutual TLS: PEM texts, most easily given as TEMPORAL_TLS_CA_FILE and so on. */
  TEMPORAL_TLS_CA: pem().optional(),
  TEMPORAL_TLS_CERT: pem().optional(),
  TEMPORAL_TLS_KEY: pem().optional(),

  /** Where emails go out, and whom they are from. */
  SMTP_URL: url(['smtp:', 'smtps:'], 'smtp://user:password@host:587 or smtps://…').optional(),
  MAIL_FROM: z
    .string()
    .regex(
      /^(?:[^<>@\r\n,]+ <[^\s<>@,]+@[^\s<>@,]+>|[^\s<>@,]+@[^\s<>@,]+)$/,
      'should be one address, such as Claims <claims@example.com>',
    )
    .optional(),

  /**
   * Where mail that cannot be delivered comes back to, and the port on which the API takes it, behind the
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
  /** Signs mail: the domain and selector whose key is in the DNS, and the private key in PEM. */
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
   * Text messages. TWILIO_BASE_URL only where the service isn't Twilio's own; the previous token while one is
   * being changed.
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
      'should be a number such as +15005550006, a messaging service (MG…) or a sender name of up to 11 letters',
    )
    .optional(),
  TWILIO_BASE_URL: safeUrl().optional(),

  /**
   * The bank that takes payment instructions (ISO 20022 pain.001), and the secret that its answers are signed
   * with.
   */
  BANK_URL: safeUrl().optional(),
  BANK_SECRET: z.string().min(16, 'should have at least 16 characters').optional(),

  /** Where the API listens, and the address under which providers and customers reach it. */
  API_HOST: z.string().default('127.0.0.1'),
  API_PORT: port().default(7400),
  PUBLIC_URL: safeUrl().optional(),
  /** Where the codec server listens that decrypts payloads for the Temporal Web UI. */
  CODEC_PORT: port().default(7403),

  /** The data directory: attachments, and on a local stack everything else. Relative to the project. */
  LIPEI_DATA: z.string().default('.lipei'),
  /**
   * The directory of key files. The payload keys may be given beside it, as `id:base64` separated by commas.
   */
  LIPEI_KEYS: z.string().optional(),
  LIPEI_KEYRING: z
    .string()
    .regex(
      /^[^\s:,]+:[^\s:,]+(?:,[^\s:,]+:[^\s:,]+)*$/,
      'should be keys as id:base64, separated by commas, the newest last',
    )
    .optional(),
  /** The pace of the rules that new claims run under: a scale of time (`rules/pace`). */
  LIPEI_PACE: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*$/, 'should be the name of a pace, such as ordinary')
    .default('ordinary'),
  /** Who acts, where the command line asks an API that isn't the local stack's: a bearer token. */
  LIPEI_TOKEN: z.string().optional(),
  /**
   * From how many history events on a claim goes on in a new run: below what Temporal itself suggests, above
   * what a busy day makes.
   */
  LIPEI_RUN_EVENTS: z
    .string()
    .regex(/^[1-9]\d{1,4}$/, 'should be a whole number from 10 to 99999')
    .transform(Number)
    .default(4000),
  /**
   * What this release is called among the engine's worker deployments; without it a hash of the workflow
   * code.
   */
  LIPEI_BUILD: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'should be a name of up to 100 letters, digits, dots and hyphens')
    .optional(),
  /**
   * Whether a worker that starts makes its release the current one: right for one machine; in production
   * `node workers/release.ts` does.
   */
  LIPEI_AUTO_RELEASE: flag().optional(),
  /** Whether this serves real customers: then nothing may be left to a default that is only good at home. */
  LIPEI_PRODUCTION: flag().optional(),
  NODE_ENV: z.string().optional(),
});

export type Settings = z.infer<typeof settings>;

export const secrets = [
  'DATABASE_URL',
  'TEMPORAL_API_KEY',
  'TEMPORAL_TLS_CA',
  'TEMPORAL_TLS_CERT',
  'TEMPORAL_TLS_KEY',
  'SMTP_URL',
  'DKIM_KEY',
  'TWILIO_AUTH_TOKEN',
  'TWILIO_AUTH_TOKEN_PREVIOUS',
  'BANK_SECRET',
  'LIPEI_KEYRING',
  'LIPEI_TOKEN',
] as const;

/** What only makes sense together: whoever gives one of the first list must give all of the second. */
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
];

/** What production may not do without; locally the stack supplies each. */
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

/** Customers' data crosses it, so plain http is for this machine alone. */
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

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

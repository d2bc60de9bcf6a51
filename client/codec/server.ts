import rateLimit from '@fastify/rate-limit';
import type { Payload } from '@temporalio/common';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { KeyObject } from 'node:crypto';
import type { Keyring } from '../../security/keyring.ts';
import type { RequestLimits } from '../../config/request-limits.ts';
import { claimOfWorkflow, type ClaimNumber } from '../../domain/ids.ts';
import type { Person } from '../../domain/people/people.ts';
import { isConvertible, isEncrypted, payloadCodec, workflowBoundTo } from '../../security/payload-codec.ts';
import { inJson, payloadList } from './payloads.ts';

/** Who holds the token. */
export type Holder = Pick<Person, 'code' | 'roles' | 'branch'>;

export type Admission =
  { kind: 'admitted'; colleague: Holder } | { kind: 'denied' } | { kind: 'unavailable' };

export interface CodecServerOptions {
  port: number;
  host?: string;
  keyring: Keyring;
  /** The public root keys: a signed message is shown with its statement. */
  roots: readonly KeyObject[];
  /** The origins of the Web UI, such as `http://127.0.0.1:7402`: exactly the browser's Origin header. */
  uiOrigins: readonly string[];
  /** A path that nobody can guess, beginning with `/`. Optional where tokens are required. */
  path?: string;
  /** The address for browsers, where a proxy is in front of this server. */
  publicUrl?: string;
  /**
   * Identifies the holder of a bearer token. Without it everybody who knows the path may decrypt, so the
   * server only listens on this machine.
   */
  admit?: (token: string) => Promise<Admission>;
  /**
   * Records who is about to decrypt or encrypt how many payloads of which claims, never their content.
   * Rejects when it cannot: then nothing is decrypted. The answer is why this person may not, if so.
   */
  record?: (use: Use) => Promise<string | undefined>;
  limits?: Pick<RequestLimits, 'decoding' | 'failed'>;
}

export interface CodecServer {
  /** For `--ui-codec-endpoint`, TEMPORAL_CODEC_ENDPOINT and `temporal --codec-endpoint`. */
  endpoint: string;
  stop(): Promise<void>;
}

type CodecAct = 'decode' | 'encode';

export interface Use {
  by: Holder;
  act: CodecAct;
  claims: ClaimNumber[];
  payloads: number;
}

/** In bytes. Temporal takes 2 MB in one payload; a page of a history has several. */
const bodyLimit = 16 * 1024 * 1024;

/**
 * Shows decrypted payloads in the Temporal Web UI and CLI, and encrypts the input of the UI's forms.
 *
 * Because it decrypts, it only answers pages of the UI. Origin and Host must match exactly; Host, because
 * another site's name may point at our address. The path or a token must be known. It logs no content. A
 * request without an Origin, as programs send it, needs a token.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { port, host = '127.0.0.1', path = '', publicUrl, admit } = options;
  if (!admit && (host !== '127.0.0.1' || path.length < 22))
    throw new Error(
      'Without tokens the codec server only listens on 127.0.0.1, under a path that nobody can guess.',
    );
  const app = Fastify({ logger: false, bodyLimit, forceCloseConnections: true });
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler((_request, reply) => deny(reply, 404, 'There is nothing at this address.'));
  app.setErrorHandler((fault: { statusCode?: number }, _request, reply) =>
    deny(reply, fault.statusCode ?? 500, 'The payloads could not be read.'),
  );
  let ownHost: string | undefined;
  app.addHook('onRequest', async (request, reply) => admitOnlyTheUi(request, reply, ownHost, options));
  await app.register(rateLimit, { global: false });
  serve(app, path, options);
  const listening = await app.listen({ port, host });
  ownHost = new URL(publicUrl ?? listening).host;
  return { endpoint: `${publicUrl ?? listening}${path}`, stop: () => app.close() };
}

async function admitOnlyTheUi(
  { headers: { host, origin } }: FastifyRequest,
  reply: FastifyReply,
  ownHost: string | undefined,
  { uiOrigins, admit }: CodecServerOptions,
): Promise<FastifyReply | undefined> {
  reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', vary: 'Origin' });
  if (host !== ownHost) return deny(reply, 403, 'This is not the address of the codec server.');
  if (origin === undefined ? !admit : !uiOrigins.includes(origin))
    return deny(reply, 403, 'Only the Temporal Web UI may use the codec server.');
  if (origin !== undefined) reply.header('access-control-allow-origin', origin);
  return undefined;
}

function serve(app: FastifyInstance, path: string, options: CodecServerOptions): void {
  const { record } = options;
  const actOn = actsWith(options);
  const users = new WeakMap<FastifyRequest, Holder>();
  const authorize = tokenCheck(app, options, users);
  for (const act of ['decode', 'encode'] as const) {
    app.options(`${path}/${act}`, (_request, reply) =>
      reply
        .code(204)
        .headers(preflight(options.admit !== undefined))
        .send(),
    );
    app.post(`${path}/${act}`, { onRequest: authorize }, async (request, reply) => {
      const given = payloadList.safeParse(request.body);
      if (!given.success)
        return deny(reply, 400, 'The body should be {"payloads": […]} as Temporal sends it.');
      const by = users.get(request);
      const { payloads } = given.data;
      const use = by && { by, act, claims: claimsOf(payloads), payloads: payloads.length };
      const kept = use && (await keptBy(record, use));
      if (kept === 'down')
        return deny(reply, 503, 'The records cannot be reached, so nobody may look. Try again in a minute.');
      if (kept) return deny(reply, 403, kept.sentence);
      const done = await actOn[act](payloads);
      if (!done)
        return deny(reply, 400, 'Only JSON can be encrypted: choose json/plain, and write one JSON value.');
      return inJson(done);
    });
  }
}

/** Undefined where the use is recorded, or need not be. */
const keptBy = async (
  record: CodecServerOptions['record'],
  use: Use,
): Promise<'down' | { sentence: string } | undefined> =>
  record?.(use).then(
    (sentence) => (sentence === undefined ? undefined : { sentence }),
    () => 'down' as const,
  );

/** The claims that the payloads are bound to, by their metadata. */
const claimsOf = (payloads: readonly Payload[]): ClaimNumber[] =>
  payloads.flatMap((payload) => claimOfWorkflow(workflowBoundTo(payload) ?? '') ?? []);

/**
 * Answers 401, 429 or 503 unless the request's token is admitted, and keeps the holder in `users`. A person
 * is counted, and an address whose tokens are not ours.
 */
function tokenCheck(
  app: FastifyInstance,
  { admit, limits }: CodecServerOptions,
  users: WeakMap<FastifyRequest, Holder>,
) {
  const counterOf = (limit: keyof NonNullable<typeof limits>, by: (request: FastifyRequest) => string) =>
    limits &&
    app.createRateLimit({
      max: limits[limit].requests,
      timeWindow: limits[limit].seconds * 1_000,
      keyGenerator: by,
    });
  const uses = counterOf('decoding', (request) => users.get(request)?.code ?? '');
  const failures = counterOf('failed', ({ ip }) => ip);
  const tooMany = async (counter: typeof uses, request: FastifyRequest, reply: FastifyReply) => {
    const counted = await counter?.(request);
    if (!counted || counted.isAllowed || !counted.isExceeded) return undefined;
    reply.header('retry-after', String(counted.ttlInSeconds));
    return deny(reply, 429, `Too many requests came from here. Try again in ${counted.ttlInSeconds} s.`);
  };
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!admit) return undefined;
    const admission = await admit(bearer(request));
    if (admission.kind === 'unavailable')
      return deny(reply, 503, 'Tokens cannot be checked right now. Try again in a minute.');
    if (admission.kind === 'denied')
      return (
        (await tooMany(failures, request, reply)) ??
        deny(reply.header('www-authenticate', 'Bearer'), 401, 'A token for the codec server is needed.')
      );
    users.set(request, admission.colleague);
    return tooMany(uses, request, reply);
  };
}

type CodecActs = Record<CodecAct, (payloads: Payload[]) => Promise<Payload[] | undefined>>;

function actsWith({ keyring, roots }: CodecServerOptions): CodecActs {
  const codec = payloadCodec(keyring, { roots });
  return {
    // Plaintext is shown as it is: the SDK's own markers, or payloads that bypassed the codec. People look
    // here for exactly those.
    decode: (payloads) =>
      Promise.all(
        payloads.map(async (payload) =>
          isEncrypted(payload) ? ((await codec.decode([payload]))[0] ?? payload) : payload,
        ),
      ),
    encode: async (payloads) => (payloads.every(isConvertible) ? codec.encode(payloads) : undefined),
  };
}

/** The UI sends `Authorization-Extras` beside its access token. */
function preflight(withToken: boolean): Record<string, string> {
  const headers = [
    'content-type',
    'x-namespace',
    ...(withToken ? ['authorization', 'authorization-extras'] : []),
  ];
  return {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': headers.join(', '),
    'access-control-max-age': '600',
  };
}

function bearer({ headers: { authorization = '' } }: FastifyRequest): string {
  return /^Bearer ([\w.-]+)$/i.exec(authorization)?.[1] ?? '';
}

function deny(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

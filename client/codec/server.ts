import type { Payload } from '@temporalio/common';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { KeyObject } from 'node:crypto';
import type { Keyring } from '../../security/keyring.ts';
import { isConvertible, isEncrypted, payloadCodec } from '../../security/payload-codec.ts';
import { inJson, payloadList } from './payloads.ts';

export type Admission = { kind: 'admitted'; staff: string } | { kind: 'denied' } | { kind: 'unavailable' };

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
  /** Receives who decrypted or encrypted how many payloads, never their content. */
  onUse?: (use: { staff: string; act: CodecAct; payloads: number }) => void;
}

export interface CodecServer {
  /** For `--ui-codec-endpoint`, TEMPORAL_CODEC_ENDPOINT and `temporal --codec-endpoint`. */
  endpoint: string;
  stop(): Promise<void>;
}

type CodecAct = 'decode' | 'encode';

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
  const { admit, onUse } = options;
  const actOn = actsWith(options);
  const users = new WeakMap<FastifyRequest, string>();
  const authorize = tokenCheck(admit, users);
  for (const act of ['decode', 'encode'] as const) {
    app.options(`${path}/${act}`, (_request, reply) =>
      reply
        .code(204)
        .headers(preflight(admit !== undefined))
        .send(),
    );
    app.post(`${path}/${act}`, { onRequest: authorize }, async (request, reply) => {
      const given = payloadList.safeParse(request.body);
      if (!given.success)
        return deny(reply, 400, 'The body should be {"payloads": […]} as Temporal sends it.');
      const done = await actOn[act](given.data.payloads);
      if (!done)
        return deny(reply, 400, 'Only JSON can be encrypted: choose json/plain, and write one JSON value.');
      const staff = users.get(request);
      if (staff !== undefined) onUse?.({ staff, act, payloads: done.length });
      return inJson(done);
    });
  }
}

/** Answers 401 or 503 unless the request's token is admitted, and keeps the holder in `users`. */
function tokenCheck(admit: CodecServerOptions['admit'], users: WeakMap<FastifyRequest, string>) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    if (!admit) return undefined;
    const admission = await admit(bearer(request));
    if (admission.kind === 'unavailable')
      return deny(reply, 503, 'Tokens cannot be checked right now. Try again in a minute.');
    if (admission.kind === 'denied')
      return deny(reply.header('www-authenticate', 'Bearer'), 401, 'A token for the codec server is needed.');
    users.set(request, admission.staff);
    return undefined;
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

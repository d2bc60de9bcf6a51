import type { Payload } from '@temporalio/common';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Keyring } from '../../security/keyring.ts';
import { isConvertible, isEncrypted, payloadCodec } from '../../security/payload-codec.ts';
import { inJson, payloadList } from './payloads.ts';

export type Admission = { kind: 'admitted'; staff: string } | { kind: 'refused' } | { kind: 'unavailable' };

export interface CodecServerOptions {
  port: number;
  host?: string;
  keyring: Keyring;
  /**
   * Where the Web UI is opened from, such as `http://127.0.0.1:7402`: exactly what the browser says in
   * Origin.
   */
  uiOrigins: readonly string[];
  /** `/` and what nobody can guess; may be left out where tokens are asked for. */
  path?: string;
  /** The address that browsers use, where a proxy stands before this server. */
  publicUrl?: string;
  /**
   * Says whose a bearer token is. Without it whoever knows the path may decrypt, so we listen on this machine
   * alone.
   */
  admit?: (token: string) => Promise<Admission>;
  /** Told who had how many payloads decrypted or encrypted, never what they say. */
  onUse?: (use: { staff: string; act: Act; payloads: number }) => void;
}

export interface CodecServer {
  /** For `--ui-codec-endpoint`, TEMPORAL_CODEC_ENDPOINT and `temporal --codec-endpoint`. */
  endpoint: string;
  stop(): Promise<void>;
}

type Act = 'decode' | 'encode';

/** Temporal takes 2 MB in one payload; a page of a history holds several. */
const bodyLimit = 16 * 1024 * 1024;

/**
 * Lets the Temporal Web UI and CLI show what payloads say, and encrypts what people type into the UI's forms.
 * It decrypts, so it
 * answers only pages of the UI: Origin and Host must be exactly right (Host because another site's name may
 * be pointed at our
 * address), and the path or a token must be known. It logs nothing of what it reads. What programs send
 * without an Origin is
 * taken only with a token.
 */
export async function startCodecServer(options: CodecServerOptions): Promise<CodecServer> {
  const { port, host = '127.0.0.1', path = '', publicUrl, admit } = options;
  if (!admit && (host !== '127.0.0.1' || path.length < 22))
    throw new Error(
      'Without tokens the codec server listens on 127.0.0.1 alone, and under a path that nobody can guess.',
    );
  const app = Fastify({ logger: false, bodyLimit, forceCloseConnections: true });
  app.removeContentTypeParser('text/plain');
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'There is nothing here.'));
  app.setErrorHandler((fault: { statusCode?: number }, _request, reply) =>
    refuse(reply, fault.statusCode ?? 500, 'The payloads could not be read.'),
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
  if (host !== ownHost) return refuse(reply, 403, 'This is not the address of the codec server.');
  if (origin === undefined ? !admit : !uiOrigins.includes(origin))
    return refuse(reply, 403, 'Only the Temporal Web UI may ask.');
  if (origin !== undefined) reply.header('access-control-allow-origin', origin);
  return undefined;
}

function serve(app: FastifyInstance, path: string, { keyring, admit, onUse }: CodecServerOptions): void {
  const codec = payloadCodec(keyring);
  const acts: Record<Act, (payloads: Payload[]) => Promise<Payload[] | undefined>> = {
    // Plaintext (the SDK's own markers, or what somebody sent past the codec) is shown as it is: people look
    // here for what was sent.
    decode: (payloads) =>
      Promise.all(
        payloads.map(async (payload) =>
          isEncrypted(payload) ? ((await codec.decode([payload]))[0] ?? payload) : payload,
        ),
      ),
    encode: async (payloads) => (payloads.every(isConvertible) ? codec.encode(payloads) : undefined),
  };
  const users = new WeakMap<FastifyRequest, string>();

  const authorize = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> => {
    if (!admit) return undefined;
    const admission = await admit(bearer(request));
    if (admission.kind === 'unavailable')
      return refuse(reply, 503, 'Tokens cannot be checked right now. Try again in a minute.');
    if (admission.kind === 'refused')
      return refuse(
        reply.header('www-authenticate', 'Bearer'),
        401,
        'A token for the codec server is needed.',
      );
    users.set(request, admission.staff);
    return undefined;
  };

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
        return refuse(reply, 400, 'The body should be {"payloads": […]} as Temporal sends it.');
      const done = await acts[act](given.data.payloads);
      if (!done)
        return refuse(reply, 400, 'Only JSON can be encrypted: choose json/plain, and write one JSON value.');
      const staff = users.get(request);
      if (staff !== undefined) onUse?.({ staff, act, payloads: done.length });
      return inJson(done);
    });
  }
}

/** `Authorization-Extras` is what the UI sends beside its access token. */
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

function refuse(reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ message });
}

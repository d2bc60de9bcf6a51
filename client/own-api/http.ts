import { randomUUID } from 'node:crypto';
import { present } from '../../domain/present.ts';
import { notDone } from './failure.ts';

/** Where the API is, and whom it takes us for. */
export interface Connection {
  url: string;
  token?: string | undefined;
  /** What to try when nothing answers. */
  advice?: string;
}

export interface Request {
  method?: 'GET' | 'POST';
  path: string;
  /** An object goes as JSON; a form and a text go as they are. */
  body?: object | FormData | string | undefined;
  /** The same for the same message, which then counts once. */
  key?: string | undefined;
  headers?: Record<string, string>;
}

/** Carries one request to the API and its answer back, whatever the answer is. */
export type Send = (connection: Connection, request: Request) => Promise<Response>;

/** Longer than any answer takes: filing waits at most for the engine. */
const patienceMs = 30_000;

/**
 * One request over HTTP. A connection that breaks off may have carried the message: it is sent once more
 * under the same key, which counts once. Throws an ApiFailure when nothing answers.
 */
export const send: Send = async (connection, { method = 'GET', path, body, key = randomUUID(), headers }) => {
  const isJson = typeof body === 'object' && !(body instanceof FormData);
  const given = body === undefined ? {} : { body: isJson ? JSON.stringify(body) : body };
  const init = {
    ...given,
    method,
    headers: {
      accept: 'application/json',
      ...present({
        authorization: connection.token ? `Bearer ${connection.token}` : undefined,
        'content-type': isJson ? 'application/json' : undefined,
        'idempotency-key': method === 'GET' ? undefined : key,
      }),
      ...headers,
    },
  };
  const once = (): Promise<Response> =>
    fetch(`${connection.url}${path}`, { ...init, signal: AbortSignal.timeout(patienceMs) });
  try {
    return await once().catch((fault: unknown) => (brokeOff(fault) ? once() : Promise.reject(fault)));
  } catch (fault) {
    throw unreachable(connection, fault);
  }
};

/** An answer with everything that it says. */
export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** What the text is as JSON; undefined when it is none. */
  body: unknown;
}

export async function answerOf(response: Response): Promise<Answered> {
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    text,
    body: parsed(text),
  };
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unreachable({ url, advice = '' }: Connection, fault: unknown) {
  const why =
    fault instanceof Error && fault.name === 'TimeoutError'
      ? `gives no answer within ${patienceMs / 1_000} s`
      : `cannot be reached (${codeOf(fault) ?? 'no connection'})`;
  return notDone(`${url} ${why}. ${advice}`.trim());
}

const brokeOff = (fault: unknown): boolean =>
  ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(codeOf(fault) ?? '');

function codeOf(fault: unknown): string | undefined {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

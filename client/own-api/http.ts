import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { patience } from '../../config/request-limits.ts';
import { present } from '../../domain/present.ts';
import { notDone } from './failure.ts';

/** The address of the API, and our token. */
export interface Connection {
  url: string;
  token?: string | undefined;
  /** Advice for people when nothing answers. */
  advice?: string;
}

export interface Request {
  method?: 'GET' | 'POST';
  path: string;
  /** An object goes as JSON; a form and a text go as they are. */
  body?: object | FormData | string | undefined;
  /** Equal for repetitions of one message, which then counts once. */
  key?: string | undefined;
  headers?: Record<string, string>;
}

/** Sends one request to the API and returns its answer, also an error. */
export type Send = (connection: Connection, request: Request) => Promise<Response>;

/** Longer than any answer takes; filing waits for the engine at most. */
const patienceMs = 30_000;

/**
 * One request over HTTP. If the connection breaks, the message may have arrived: it is sent once more with
 * the same key, so it counts once. Throws an ApiFailure when nothing answers.
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
  const answered = (): Promise<Response> =>
    once().catch((fault: unknown) => (brokeOff(fault) ? once() : Promise.reject(fault)));
  try {
    return await withoutHaste(answered);
  } catch (fault) {
    throw unreachable(connection, fault);
  }
};

/**
 * After too many requests it waits as long as the API says, and sends again. If that takes longer than
 * `patience`, 429 is the answer.
 */
async function withoutHaste(ask: () => Promise<Response>): Promise<Response> {
  for (let left = patience; ;) {
    const answer = await ask();
    const seconds = Number(answer.headers.get('retry-after') ?? 1);
    if (answer.status !== 429 || !(seconds <= left)) return answer;
    left -= Math.max(seconds, 1);
    await answer.arrayBuffer();
    await pause(Math.max(seconds, 1) * 1_000);
  }
}

/** An answer that was read completely. */
export interface Answered {
  status: number;
  headers: Record<string, string>;
  text: string;
  /** The text as JSON; undefined if it is not JSON. */
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
      ? `did not answer within ${patienceMs / 1_000} s`
      : `cannot be reached (${codeOf(fault) ?? 'no connection'})`;
  return notDone(`${url} ${why}. ${advice}`.trim());
}

const brokeOff = (fault: unknown): boolean =>
  ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(codeOf(fault) ?? '');

function codeOf(fault: unknown): string | undefined {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { problem } from './answers.ts';
import { refusal, Stop } from './stop.ts';

/** Where the API is, and whom it takes us for. */
export interface Connection {
  url: string;
  token?: string;
  /** What to try when nothing answers. */
  advice: string;
}

export interface Asked<T> {
  method?: 'GET' | 'POST' | 'PUT';
  path: string;
  body?: object | FormData;
  /** The same for the same message, which then counts once. */
  key?: string;
  answer: z.ZodType<T>;
}

/** Longer than any answer takes: filing waits at most for the engine. */
const patienceMs = 30_000;

/**
 * One request and its answer. Throws a Stop with the API's own sentence, or one that says that nothing
 * answers.
 */
export async function ask<T>(connection: Connection, asked: Asked<T>): Promise<T> {
  return (await askWithLink(connection, asked)).value;
}

/** The beginning of a list, and whether it goes on. */
export interface Beginning<T> {
  all: T[];
  isCut: boolean;
}

/** At most so many of a list: follows the Link header until there are as many. */
export async function askUpTo<T>(
  limit: number,
  connection: Connection,
  asked: Asked<T[]>,
): Promise<Beginning<T>> {
  const all: T[] = [];
  let path: string | undefined = asked.path;
  while (path && all.length < limit) {
    const { value, next }: { value: T[]; next: string | undefined } = await askWithLink(connection, {
      ...asked,
      path,
    });
    all.push(...value);
    path = next;
  }
  return { all: all.slice(0, limit), isCut: path !== undefined || all.length > limit };
}

/** A list from its first page to its last. */
export const askAll = async <T>(connection: Connection, asked: Asked<T[]>): Promise<T[]> =>
  (await askUpTo(Number.POSITIVE_INFINITY, connection, asked)).all;

/** What is no JSON: an attachment's bytes. */
export async function askBytes(connection: Connection, path: string): Promise<Uint8Array> {
  const response = await sent(connection, { path });
  if (!response.ok) throw refused(connection, response, await response.text());
  return response.bytes();
}

async function askWithLink<T>(
  connection: Connection,
  asked: Asked<T>,
): Promise<{ value: T; next: string | undefined }> {
  const response = await sent(connection, asked);
  const text = await response.text();
  if (!response.ok) throw refused(connection, response, text);
  const { data, error } = asked.answer.safeParse(parsed(text));
  if (data === undefined)
    throw strange(
      connection,
      `${asked.path} ${error ? z.prettifyError(error).split('\n').join(' ') : ''}`.trim(),
    );
  return { value: data, next: nextPage(response.headers.get('link'), connection.url) };
}

/**
 * A connection that breaks off may have carried the message: it is sent once more under the same key, which
 * counts once.
 */
async function sent(
  connection: Connection,
  { method = 'GET', path, body, key = randomUUID() }: Omit<Asked<unknown>, 'answer'>,
): Promise<Response> {
  const given = body instanceof FormData ? { body } : body ? { body: JSON.stringify(body) } : {};
  const headers = {
    accept: 'application/json',
    ...(connection.token && { authorization: `Bearer ${connection.token}` }),
    ...(body && !(body instanceof FormData) && { 'content-type': 'application/json' }),
    ...(method !== 'GET' && { 'idempotency-key': key }),
  };
  const send = (): Promise<Response> =>
    fetch(`${connection.url}${path}`, { method, headers, ...given, signal: AbortSignal.timeout(patienceMs) });
  try {
    return await send().catch((fault: unknown) => (brokeOff(fault) ? send() : Promise.reject(fault)));
  } catch (fault) {
    throw unreachable(connection, fault);
  }
}

/** What is malformed is a mistake of whoever wrote it; the rest is refused as things stand. */
function refused(connection: Connection, response: Response, text: string): Stop {
  const { data } = problem.safeParse(parsed(text));
  if (!data) return strange(connection, `${response.status} ${response.statusText}`.trim());
  return new Stop(response.status === 400 ? 2 : 1, data);
}

const strange = ({ url }: Connection, what: string): Stop =>
  refusal(`${url} does not answer as Lipei's API of this version does (${what}).`);

function unreachable({ url, advice }: Connection, fault: unknown): Stop {
  const why =
    fault instanceof Error && fault.name === 'TimeoutError'
      ? `gives no answer within ${patienceMs / 1_000} s`
      : `cannot be reached (${codeOf(fault) ?? 'no connection'})`;
  return refusal(`${url} ${why}. ${advice}`);
}

const brokeOff = (fault: unknown): boolean =>
  ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'].includes(codeOf(fault) ?? '');

function codeOf(fault: unknown): string | undefined {
  const cause = fault instanceof Error ? fault.cause : undefined;
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** Only the path is taken: the token never goes to another address than the one that was named. */
function nextPage(link: string | null, base: string): string | undefined {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (!target) return undefined;
  const { pathname, search } = new URL(target, base);
  const prefix = new URL(base).pathname.replace(/\/$/, '');
  return `${pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname}${search}`;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ApiFailure, notDone } from './failure.ts';
import {
  answerOf,
  send as sendOverHttp,
  type Answered,
  type Connection,
  type Request,
  type Send,
} from './http.ts';
import { problemSchema } from './schemas/problems.ts';

/** A request, and the schema that its answer is read with. */
export interface Asked<T> extends Request {
  answer: z.ZodType<T>;
}

/** The beginning of a list. `isCut`: there is more. */
export interface Beginning<T> {
  all: T[];
  isCut: boolean;
}

/**
 * Requests to one API. Each throws an ApiFailure with one sentence: the API's own, or one about the
 * connection.
 */
export interface Asking {
  one<T>(asked: Asked<T>): Promise<T>;
  /** At most `limit` of a list; follows the Link header. */
  upTo<T>(limit: number, asked: Asked<T[]>): Promise<Beginning<T>>;
  /** A list from its first page to its last. */
  all<T>(asked: Asked<T[]>): Promise<T[]>;
  /** The same, page by page. */
  pages<T>(asked: Asked<T[]>): AsyncGenerator<T[]>;
  /** An answer that is not JSON, such as an attachment. */
  bytes(path: string, method?: Request['method']): Promise<Uint8Array>;
}

/** Opens the connection only for a request, so that a wrong argument is found without a stack. */
export function asking(connectionOf: () => Connection, send: Send = sendOverHttp): Asking {
  const page = async <T>(asked: Asked<T>): Promise<{ value: T; next: string | undefined }> => {
    const connection = connectionOf();
    // Made here, so that a repeated request has the same key.
    const answer = await answerOf(await send(connection, { key: randomUUID(), ...asked }));
    if (!isGood(answer)) throw denied(connection, answer);
    const { data, error } = asked.answer.safeParse(answer.body);
    if (error) throw strange(connection, `${asked.path} ${z.prettifyError(error).split('\n').join(' ')}`);
    return { value: data, next: nextPage(answer.headers['link'], connection.url) };
  };

  const upTo = async <T>(limit: number, asked: Asked<T[]>): Promise<Beginning<T>> => {
    const all: T[] = [];
    let path: string | undefined = asked.path;
    while (path && all.length < limit) {
      const { value, next }: { value: T[]; next: string | undefined } = await page({ ...asked, path });
      all.push(...value);
      path = next;
    }
    return { all: all.slice(0, limit), isCut: path !== undefined || all.length > limit };
  };

  async function* pages<T>(asked: Asked<T[]>): AsyncGenerator<T[]> {
    for (let path: string | undefined = asked.path; path;) {
      const { value, next }: { value: T[]; next: string | undefined } = await page({ ...asked, path });
      yield value;
      path = next;
    }
  }

  return {
    one: async (asked) => (await page(asked)).value,
    upTo,
    all: async (asked) => (await upTo(Number.POSITIVE_INFINITY, asked)).all,
    pages,
    async bytes(path, method = 'GET') {
      const connection = connectionOf();
      const response = await send(connection, { path, method, key: randomUUID() });
      if (!response.ok) throw denied(connection, await answerOf(response));
      return response.bytes();
    },
  };
}

const isGood = ({ status }: Answered): boolean => status >= 200 && status < 300;

function denied(connection: Connection, { status, body }: Answered): ApiFailure {
  const { data } = problemSchema.safeParse(body);
  return data ? new ApiFailure(data) : strange(connection, String(status));
}

const strange = ({ url }: Connection, what: string): ApiFailure =>
  notDone(`${url} does not answer like Lipei's API of this version (${what}).`);

/** Takes only the path, so that the token never goes to another address. */
function nextPage(link: string | undefined, base: string): string | undefined {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link ?? '')?.[1];
  if (!target) return undefined;
  const { pathname, search } = new URL(target, base);
  const prefix = new URL(base).pathname.replace(/\/$/, '');
  return `${pathname.startsWith(prefix) ? pathname.slice(prefix.length) : pathname}${search}`;
}

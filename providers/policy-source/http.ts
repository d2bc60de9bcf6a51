import { z } from 'zod';
import type { PolicySource, PolicySourceAnswer } from '../ports.ts';
import { providerUrl } from '../provider-url.ts';

export interface PolicySourceAccount {
  /** `GET <url>/policies/<number>?at=<moment>` answers one row of an import of policies, or 404. */
  url: string;
  token?: string;
  timeoutMs?: number;
}

/** A row of a policy is small. */
const mostBytes = 1_000_000;

/**
 * The company's own system of policies over HTTP.
 *
 * | It answers | It means |
 * | --- | --- |
 * | 200 with a row, or a list of rows | found |
 * | 404 | it has no such policy |
 * | anything else, no JSON, nothing in time | it is away: asked again later |
 *
 * Throws at once when the address is neither https nor on this machine.
 */
export function httpPolicySource({ url, token, timeoutMs = 5_000 }: PolicySourceAccount): PolicySource {
  providerUrl(url);
  return {
    async ask(number, at) {
      const address = new URL(`${url.replace(/\/$/, '')}/policies/${encodeURIComponent(number)}`);
      if (at !== undefined) address.searchParams.set('at', at);
      try {
        const response = await fetch(address, {
          headers: {
            accept: 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          redirect: 'error',
          signal: AbortSignal.timeout(timeoutMs),
        });
        if (response.status === 200) return rowsIn(await response.text());
        await response.body?.cancel();
        return response.status === 404
          ? { kind: 'unknown' }
          : { kind: 'away', code: `http-${response.status}` };
      } catch {
        return { kind: 'away', code: 'no-answer' };
      }
    },
  };
}

const rows = z.union([z.array(z.unknown()).min(1).max(100), z.looseObject({}).transform((one) => [one])]);

function rowsIn(text: string): PolicySourceAnswer {
  const read = text.length > mostBytes ? undefined : rows.safeParse(parsed(text));
  return read?.success ? { kind: 'found', rows: read.data } : { kind: 'away', code: 'unreadable' };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

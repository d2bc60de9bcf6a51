import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const limit = z.strictObject({ requests: z.int().positive(), seconds: z.int().positive().max(3600) });

/**
 * How many requests one caller may send in a time, to one process. A caller is a person where there is a
 * token, and an address elsewhere. All of them together are data: `request-limits.json`.
 */
const requestLimits = z.strictObject({
  /** With a token: everything without a limit of its own below. */
  person: limit,
  /** Filing notices of loss: an import files thousands. */
  filing: limit,
  /** Sending rows of policies and staff, many in one request. */
  importing: limit,
  /** Reading personal data. */
  personal: limit,
  /** Without a token: front page, health, descriptions, unsubscribing, addresses where nothing is. */
  open: limit,
  /** Reports of providers. Generous: a report that is denied may be lost. */
  webhook: limit,
  /** Tokens and signatures that are not ours. Good ones are still taken: people share an address. */
  failed: limit,
  /** Requests of one person to the codec server. */
  decoding: limit,
});

export type RequestLimits = z.infer<typeof requestLimits>;
export type LimitName = keyof RequestLimits;

/** The file of limits; without a name our own. Throws a sentence that names what is wrong in it. */
export function readRequestLimits(file = join(import.meta.dirname, 'request-limits.json')): RequestLimits {
  const { data, error } = requestLimits.safeParse(contentOf(file));
  if (data) return data;
  throw new Error(
    `The limits of requests in ${file} are wrong: ${z.prettifyError(error).split('\n').join(' ')}`,
  );
}

function contentOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (fault) {
    throw new Error(`The limits of requests cannot be read: ${String(fault)}`, { cause: fault });
  }
}

/** In seconds, all waits together: our own programs wait so long when they sent too many requests. */
export const patience = 120;

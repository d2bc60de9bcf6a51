import { ownersUrlBeside } from '../../local/servers/postgres-cluster.ts';
import { readTokens } from '../../local/tokens-file.ts';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { apiAt, type Api } from '../../client/own-api/api.ts';
import { answerOf, send, type Answered, type Connection, type Request } from '../../client/own-api/http.ts';
import type { Shown } from '../../client/own-api/schemas/claims.ts';
import { projectRoot } from '../../config/env.ts';
import { freePortBase, isFree, portsFrom } from '../../local/processes/ports.ts';
import { sampleActs } from '../../local/sample-acts.ts';
import { lipei, valueOf, type Ended } from './lipei.ts';

/** Exactly what the line of `up --json` holds. */
const readyLine = z.strictObject({
  ready: z.literal(true),
  api: z.url(),
  temporalUi: z.url(),
  temporalAddress: z.string(),
  mail: z.url(),
  sms: z.url(),
  databaseUrl: z.url(),
});

export interface Stopped extends Ended {
  tookMs: number;
}

export interface Called extends Answered {
  /** Of the content. */
  type: string;
}

/** A local stack as `npm start` runs it, and its command line. */
export interface LocalStack {
  dataDir: string;
  portBase: number;
  addresses: z.infer<typeof readyLine>;
  /** The records as the owner of their tables; no program of the stack knows it. */
  ownersUrl: string;
  /** bin/lipei on this stack, as a person types it. */
  types(...words: string[]): Promise<Ended>;
  /** The JSON value of a command that must succeed. */
  asks(...words: string[]): Promise<unknown>;
  /** The API as a member of staff uses it. */
  as(staff: string): Api;
  /** Any request to the API with the token of a member of staff, or with none, and whatever it answers. */
  calls(
    staff: string | undefined,
    method: 'GET' | 'POST',
    path: string,
    body?: object | string,
  ): Promise<Called>;
  tokenOf(staff: string): string;
  /** Resolves when it ends, whatever the reason. */
  ended: Promise<Ended>;
  /** Ctrl-C's cousin; resolves when everything has stopped. */
  stop(): Promise<Stopped>;
}

/** Starts `bin/lipei up`; rejects with what it said if it ends before it is ready. */
export async function startLocalStack({
  dataDir,
  portBase,
  options = [],
}: {
  dataDir: string;
  portBase?: number;
  options?: string[];
}): Promise<LocalStack> {
  const base = portBase ?? (await freePortBase());
  const child = spawn(
    join(projectRoot, 'bin', 'lipei'),
    ['up', '--data', dataDir, '--port-base', String(base), '--json', ...options],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const output = { out: '', err: '' };
  child.stdout.on('data', (piece: Buffer) => {
    output.out += piece.toString();
  });
  child.stderr.on('data', (piece: Buffer) => {
    output.err += piece.toString();
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (exitCode) => resolve({ exitCode, ...output })),
  );
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(({ err }) => reject(new Error(`The stack ended before it was ready: ${err}`)));
  });
  const addresses = readyLine.parse(JSON.parse(line));
  const tokenOf = (staff: string): string => readTokens(dataDir).tokens[staff] ?? '';
  const types = (...words: string[]): Promise<Ended> => lipei([...words, '--data', dataDir]);
  return {
    dataDir,
    portBase: base,
    addresses,
    ownersUrl: ownersUrlBeside(addresses.databaseUrl, dataDir),
    types,
    tokenOf,
    ended,
    async asks(...words) {
      const answer = await types(...words, '--json');
      if (answer.exitCode !== 0) throw new Error(`lipei ${words.join(' ')}: ${answer.err}`);
      return valueOf(answer);
    },
    as: (staff) => apiAt(() => ({ url: addresses.api, token: tokenOf(staff) })),
    async calls(staff, method, path, body) {
      const token = staff === undefined ? undefined : tokenOf(staff);
      return callTo({ url: addresses.api, token }, { method, path, body });
    },
    async stop() {
      const since = Date.now();
      child.kill('SIGTERM');
      return { ...(await ended), tookMs: Date.now() - since };
    },
  };
}

/** Any request to the API: a text goes as what claims to be JSON. */
export async function callTo(connection: Connection, asked: Request): Promise<Called> {
  const headers: Record<string, string> =
    typeof asked.body === 'string' ? { 'content-type': 'application/json' } : {};
  const answer = await answerOf(await send(connection, { ...asked, headers }));
  return { ...answer, type: answer.headers['content-type'] ?? '' };
}

/** Waits until the sample claims stand where `samples/acts.json` takes them. */
export async function samplesStand({ dataDir }: Pick<LocalStack, 'dataDir'>): Promise<void> {
  const file = join(dataDir, 'samples-acted.json');
  const wanted = Object.entries(sampleActs()).filter(([, acts]) => acts.length > 0);
  const counts = async () =>
    existsSync(file) ? z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  await eventually(
    'the samples at their steps',
    counts,
    (seen) => wanted.every(([name, acts]) => seen[name] === acts.length),
    60_000,
  );
}

/** Nothing listens any more where it was. */
export const allFree = async ({ portBase }: Pick<LocalStack, 'portBase'>): Promise<boolean> =>
  (await Promise.all(Object.values(portsFrom(portBase)).map(isFree))).every(Boolean);

/** Looks until something holds, and gives what was seen. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T>,
  holds: (seen: T) => boolean,
  withinMs = 20_000,
): Promise<T> {
  for (const until = Date.now() + withinMs; ; await new Promise((wake) => setTimeout(wake, 200))) {
    const seen = await look();
    if (holds(seen)) return seen;
    if (Date.now() > until)
      throw new Error(
        `Not within ${withinMs / 1_000} s: ${what}; it is ${JSON.stringify(seen)?.slice(0, 2_000)}`,
      );
  }
}

/**
 * Waits until everything that was said to people has arrived and is written down; after that nothing happens
 * by itself for days. Gives the claim.
 */
export async function atRest({ as }: LocalStack, no: string): Promise<Shown> {
  const auditor = as('A-991');
  const look = async () => ({ claim: await auditor.claim(no), journal: await auditor.journal(no) });
  const { claim } = await eventually(`${no} at rest`, look, ({ claim: { notifications }, journal }) => {
    const count = (kind: string): number => journal.filter((entry) => entry.kind === kind).length;
    return (
      notifications.length > 0 &&
      notifications.every(({ channel, state }) => state === (channel === 'sms' ? 'delivered' : 'accepted')) &&
      count('notification-planned') === notifications.length &&
      count('notification-ended') === notifications.length
    );
  });
  return claim;
}

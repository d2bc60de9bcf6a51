import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { environmentWith, projectRoot } from '../../config/env.ts';

/**
 * A request that is made until it is answered: whoever is told 503, or nothing, sends the same again under
 * the same key.
 */
export interface Asked {
  as: string;
  method: 'GET' | 'POST';
  path: string;
  body?: object | (() => FormData);
}

export interface Answered {
  status: number;
  body: unknown;
}

/** Lipei as `bin/lipei up` runs it, and its API as the people who work with it use it. */
export interface Office {
  api: string;
  /** Until there is an answer that is not 503; gives up when `patience` is aborted. */
  ask(asked: Asked, patience: AbortSignal): Promise<Answered>;
  /** Once; undefined when nobody answers. */
  askOnce(asked: Asked): Promise<Answered | undefined>;
  /** How often something had to be sent again. */
  repeated(): number;
  stop(): Promise<void>;
}

const tokensFile = z.object({ tokens: z.record(z.string(), z.string()) });

/** On parts that run already. Rejects with what it said if it ends before it is ready. */
export async function startOffice({
  dataDir,
  portBase,
  settings,
}: {
  dataDir: string;
  portBase: number;
  settings: Record<string, string>;
}): Promise<Office> {
  const child = spawn(
    join(projectRoot, 'bin', 'lipei'),
    ['up', '--data', dataDir, '--port-base', String(portBase), '--pace', 'demo', '--no-samples', '--json'],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environmentWith(settings) },
  );
  const said: string[] = [];
  child.stderr.on('data', (piece: Buffer) => said.push(piece.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error(`Lipei ended: ${said.join('')}`)));
  });
  const { api } = z.looseObject({ api: z.url() }).parse(JSON.parse(line));
  const { tokens } = tokensFile.parse(JSON.parse(readFileSync(join(dataDir, 'tokens.json'), 'utf8')));
  let repeated = 0;

  async function send({ as, method, path, body }: Asked, key: string): Promise<Answered | undefined> {
    const content =
      typeof body === 'function' ? { body: body() } : body ? { body: JSON.stringify(body) } : {};
    const headers = {
      authorization: `Bearer ${tokens[as]}`,
      ...(method === 'POST' && { 'idempotency-key': key }),
      ...(body && typeof body !== 'function' && { 'content-type': 'application/json' }),
    };
    try {
      const response = await fetch(`${api}${path}`, {
        method,
        headers,
        ...content,
        signal: AbortSignal.timeout(30_000),
      });
      return { status: response.status, body: await response.json() };
    } catch {
      return undefined;
    }
  }

  return {
    api,
    askOnce: (asked) => send(asked, randomUUID()),
    async ask(asked, patience) {
      for (const key = randomUUID(); ; repeated += 1) {
        const answer = await send(asked, key);
        if (answer && answer.status !== 503) return answer;
        if (patience.aborted)
          throw new Error(
            `${asked.method} ${asked.path} is not answered: ${answer?.status} ${JSON.stringify(answer?.body)}`,
          );
        await pause(1_500);
      }
    },
    repeated: () => repeated,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

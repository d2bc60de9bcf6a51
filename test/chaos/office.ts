import { readTokens } from '../../local/tokens-file.ts';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { apiAt, type Api } from '../../client/own-api/api.ts';
import { send, type Send } from '../../client/own-api/http.ts';
import { environmentWith, projectRoot } from '../../config/env.ts';

/** Lipei as `bin/lipei up` runs it, and its API as the people who work with it use it. */
export interface Office {
  api: string;
  /**
   * Each request is made until it is answered: who gets 503, or no answer, sends the same again under the
   * same key; gives up when `patience` is aborted.
   */
  as(code: string, patience: AbortSignal): Api;
  /** Each request is made once. */
  once(code: string): Api;
  /** How often something had to be sent again. */
  repeated(): number;
  stop(): Promise<void>;
}

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
  const output: string[] = [];
  child.stderr.on('data', (piece: Buffer) => output.push(piece.toString()));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(() => reject(new Error(`Lipei ended: ${output.join('')}`)));
  });
  const { api } = z.looseObject({ api: z.url() }).parse(JSON.parse(line));
  const { tokens } = readTokens(dataDir);
  let repeated = 0;

  const untilAnswered =
    (patience: AbortSignal): Send =>
    async (connection, request) => {
      for (; ; repeated += 1) {
        const answer = await send(connection, request).catch(() => undefined);
        if (answer && answer.status !== 503) return answer;
        if (patience.aborted)
          throw new Error(`${request.method ?? 'GET'} ${request.path} is not answered: ${answer?.status}`);
        await pause(1_500);
      }
    };
  const connectionOf = (code: string) => () => ({ url: api, token: tokens[code] });

  return {
    api,
    as: (code, patience) => apiAt(connectionOf(code), untilAnswered(patience)),
    once: (code) => apiAt(connectionOf(code)),
    repeated: () => repeated,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

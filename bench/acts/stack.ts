import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { apiAt, type Api } from '../../client/own-api/api.ts';
import { projectRoot } from '../../config/env.ts';
import { stopping } from '../../local/processes/passing-stack.ts';
import { freePortBase } from '../../local/processes/ports.ts';
import { readTokens } from '../../local/tokens-file.ts';

/** The stack of `npm start` with its own data directory and free ports, without the sample claims. */
export interface WholeStack {
  /** The API as a member of staff uses it. */
  as(code: string): Api;
  /** The code of the person who files. */
  hotline: string;
  temporalAddress: string;
  dataDir: string;
  /** Of the programs. */
  databaseUrl: string;
  stop(): Promise<void>;
}

const readyLine = z.looseObject({
  ready: z.literal(true),
  api: z.url(),
  temporalAddress: z.string(),
  databaseUrl: z.url(),
});

/** Messages go at any hour, so that figures do not depend on the time of day. Throws a sentence. */
export async function startWholeStack(): Promise<WholeStack> {
  const data = mkdtempSync(join(tmpdir(), 'lipei-bench-acts-'));
  const port = String(await freePortBase());
  const up = spawn(
    join(projectRoot, 'bin', 'lipei'),
    ['up', '--data', data, '--port-base', port, '--pace', 'any-hour', '--no-samples', '--json'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const stop = stopping(up, data);
  try {
    const { api: url, temporalAddress, databaseUrl } = await addressOf(up);
    const { default: hotline, tokens } = readTokens(data);
    return {
      as: (code) => apiAt(() => ({ url, token: tokens[code] ?? '' })),
      hotline,
      temporalAddress,
      dataDir: data,
      databaseUrl,
      stop,
    };
  } catch (fault) {
    await stop();
    throw fault;
  }
}

/** The addresses that the stack prints when it is ready. */
function addressOf(up: ChildProcess): Promise<z.infer<typeof readyLine>> {
  return new Promise((resolve, reject) => {
    up.once('exit', () => reject(new Error('Lipei did not start. The reason is above.')));
    if (up.stdout)
      createInterface({ input: up.stdout }).once('line', (line) => {
        const { data, error } = readyLine.safeParse(JSON.parse(line));
        if (data) resolve(data);
        else reject(error);
      });
  });
}

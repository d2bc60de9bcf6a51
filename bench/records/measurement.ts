import { join } from 'node:path';
import { answerOf, send, type Connection } from '../../client/own-api/http.ts';
import { localKeys } from '../../config/env.ts';
import { startNode, type Child } from '../../local/processes/child.ts';
import { freePort } from '../../local/processes/ports.ts';
import { loadKeys } from '../../security/key-folder.ts';
import { sealCursor } from '../../security/cursor.ts';
import type { Keyring } from '../../security/keyring.ts';
import { issueToken } from '../../security/tokens.ts';
import { quantile } from '../quantile.ts';
import type { Question } from './questions.ts';

/** The answers to one question: the rows of the last one, and the time in milliseconds. */
export interface Measured {
  name: string;
  rows: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}

/** Not measured: the first answers are slower. */
const warmUps = 2;

/**
 * Asks one question after another, as one person does, each so many `times`. The API is a process of its own,
 * as in production; there is no engine. Throws when an answer is not 200.
 */
export async function overHttp(
  databaseUrl: string,
  dataDir: string,
  questions: Question[],
  times: number,
): Promise<Measured[]> {
  const { keyring, token: pair } = loadKeys({ directory: localKeys(dataDir) });
  const { privateKey } = pair;
  if (!privateKey) throw new Error('There is no key that signs tokens.');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const api = await startApi(databaseUrl, dataDir, port);
  try {
    const measured: Measured[] = [];
    for (const question of questions) {
      const token = await issueToken(privateKey, { staff: question.as, days: 1, now: new Date() });
      measured.push(await measure({ url, token }, keyring, question, times));
    }
    return measured;
  } finally {
    await api.stop();
  }
}

/** The API as a process of its own; nothing answers as its engine. */
export async function startApi(databaseUrl: string, dataDir: string, port: number): Promise<Child> {
  return startNode({
    name: 'The API',
    script: 'client/api/main.ts',
    settings: {
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: `127.0.0.1:${await freePort()}`,
      LIPEI_DATA: dataDir,
      API_PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      LIPEI_REQUEST_LIMITS: join(import.meta.dirname, 'request-limits.json'),
    },
    nodeFlags: ['--max-old-space-size=256'],
    logFile: join(dataDir, 'logs', 'api.log'),
    recordFile: join(dataDir, 'run', 'api.json'),
  });
}

async function measure(
  connection: Connection,
  keyring: Keyring,
  { name, path, after }: Question,
  times: number,
): Promise<Measured> {
  const ms: number[] = [];
  let rows = 0;
  for (let time = -warmUps; time < times; time += 1) {
    const address = path();
    const place = after ? `&after=${sealCursor(keyring, address, after())}` : '';
    const since = performance.now();
    const { status, body } = await answerOf(await send(connection, { path: `${address}${place}` }));
    if (time >= 0) ms.push(performance.now() - since);
    if (status !== 200 && name !== 'journal')
      throw new Error(`${address} is answered with ${status} ${JSON.stringify(body)}`);
    rows = Array.isArray(body) ? body.length : 1;
  }
  return { name, rows, p50Ms: quantile(ms, 0.5), p95Ms: quantile(ms, 0.95), maxMs: Math.max(...ms) };
}

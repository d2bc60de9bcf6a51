import { join } from 'node:path';
import { startNode } from './processes/child.ts';
import type { Setting } from './setting.ts';
import type { Stack } from './stack.ts';

/**
 * Without a limit glibc keeps memory for each of the engine's threads: half as much again with a thousand
 * open claims.
 */
const fewArenas = { MALLOC_ARENA_MAX: '2' };

/** It keeps no people and no policies. */
export function startWorker(stack: Stack, setting: Setting) {
  const { settings, ...process } = processOf(setting, 'worker');
  return stack.add(
    'lipei',
    'Worker',
    startNode({
      ...process,
      settings: { ...settings, ...fewArenas, LIPEI_AUTO_VERSION: 'true', BOOKS_DATABASE_URL: '' },
      name: 'The worker',
      script: 'workers/main.ts',
      nodeFlags: ['--max-old-space-size=512'],
    }),
  );
}

export function startApi(stack: Stack, setting: Setting, booksUrl: string) {
  const { settings, ...process } = processOf(setting, 'api');
  return stack.add(
    'lipei',
    `API on port ${setting.ports.api}`,
    startNode({
      ...process,
      settings: { ...settings, BOOKS_DATABASE_URL: booksUrl },
      name: 'The API',
      script: 'client/api/main.ts',
      nodeFlags: ['--max-old-space-size=256'],
    }),
  );
}

function processOf({ dataDir, settings }: Setting, name: string) {
  return {
    settings,
    logFile: join(dataDir, 'logs', `${name}.log`),
    recordFile: join(dataDir, 'run', `${name}.json`),
    stopWithinMs: 7_000,
  };
}

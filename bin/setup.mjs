// `npm ci` runs this last. It makes the database client from the schema and fetches Temporal's programs. It
// runs under npm's own Node, version 20 or later. TypeScript runs under the Node that npm has just installed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const node = join(root, 'node_modules', '.bin', 'node');

generateDatabaseClient();
fetchTemporal();

/**
 * Prisma downloads an engine unless an executable is named. Any one will do: only migrations need the engine,
 * and ours use another.
 */
function generateDatabaseClient() {
  if (!existsSync(join(root, 'prisma', 'schema.prisma'))) return;
  const env = {
    ...process.env,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    CHECKPOINT_DISABLE: '1',
  };
  const prisma = join(root, 'node_modules', 'prisma', 'build', 'index.js');
  const made = spawnSync(node, [prisma, 'generate', '--no-hints'], { cwd: root, env, encoding: 'utf8' });
  if (made.status === 0) return;
  const output = `${made.stdout ?? ''}${made.stderr ?? made.error}`;
  console.error(`The database client could not be made from prisma/schema.prisma:\n${output}`);
  process.exitCode = 1;
}

/** `npm start` and `npm test` try again, so an installation without a network is no failure. */
function fetchTemporal() {
  const fetched = spawnSync(
    node,
    ['--disable-warning=ExperimentalWarning', join(root, 'local', 'fetch-tools.ts')],
    { cwd: root, stdio: 'inherit' },
  );
  if (fetched.status !== 0)
    console.error('Temporal’s programs are not here yet; `npm start` and `npm test` will try again.');
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as glue from '@prisma/schema-engine-wasm/schema_engine_bg';
import { EngineAdapter } from './engine-adapter.ts';
import { grantProgramRights } from './program-rights.ts';

const ourMigrations = join(import.meta.dirname, 'migrations');
const ourSchema = join(import.meta.dirname, 'schema.prisma');

const filters = { externalTables: [], externalEnums: [] };

/**
 * Applies the migrations that the database lacks, in order. A second caller waits for the first. Throws the
 * database's own message when a migration fails, and a sentence of ours when other migrations made the
 * database.
 */
export async function migrate(
  databaseUrl: string,
  directory = ourMigrations,
): Promise<{ applied: string[] }> {
  const migrationsList = migrationList(directory);
  const { appliedMigrationNames } = await withEngine(databaseUrl, async (engine) => {
    const others = await madeByOthers(engine, migrationsList);
    if (others.length > 0)
      throw new Error(
        `Other migrations made these records (${others.join(', ')}). ` +
          'They cannot be migrated: start with an empty database.',
      );
    return engine.applyMigrations({ migrationsList, filters });
  });
  return { applied: appliedMigrationNames };
}

/**
 * Applies the migrations as the owner of the tables, and gives a role exactly the rights of the programs, and
 * another one, if any, those of the books. Throws as `migrate`, and a sentence when a role is missing or too
 * strong.
 */
export async function migrateFor(
  ownersUrl: string,
  programs: string,
  books?: string,
): Promise<{ applied: string[] }> {
  const migrated = await migrate(ownersUrl);
  await grantProgramRights(ownersUrl, programs);
  if (books !== undefined) await grantProgramRights(ownersUrl, books, 'books');
  return migrated;
}

/** Migrations that the database has, but that are changed or missing here. */
async function madeByOthers(
  engine: glue.SchemaEngine,
  migrationsList: ReturnType<typeof migrationList>,
): Promise<string[]> {
  const { editedMigrationNames, history } = await engine.diagnoseMigrationHistory({
    migrationsList,
    optInToShadowDatabase: false,
    filters,
  });
  const isKnown = history === null || history.diagnostic === 'databaseIsBehind';
  return [...editedMigrationNames, ...(isKnown ? [] : history.unpersistedMigrationNames)];
}

/**
 * The SQL from the end of the migrations to the schema: the next migration, for a developer to review. The
 * migrations are tried out in the given database, which must be empty.
 */
export async function nextMigration(
  emptyDatabaseUrl: string,
  directory = ourMigrations,
  schema = ourSchema,
): Promise<string> {
  const from = { tag: 'migrations' as const, ...migrationList(directory) };
  const to = {
    tag: 'schemaDatamodel' as const,
    files: [{ path: schema, content: readFileSync(schema, 'utf8') }],
  };
  const { stdout } = await withEngine(emptyDatabaseUrl, (engine) =>
    engine.diff({ from, to, script: true, exitCode: null, filters }),
  );
  return stdout ?? '';
}

/**
 * Prisma's own engine in its WebAssembly build. The ordinary one is downloaded from its vendor at install
 * time, which fails where only package registries are reachable. The engine locks the database until its
 * connections are closed.
 */
async function withEngine<Result>(
  databaseUrl: string,
  work: (engine: glue.SchemaEngine) => Promise<Result>,
): Promise<Result> {
  await (loading ??= load());
  const adapter = new EngineAdapter(databaseUrl);
  const engine = await glue.SchemaEngine.new(
    { datamodels: undefined },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await adapter.pool.end();
  }
}

let loading: Promise<void> | undefined;

/** Loads the engine like the package's own loader, which only works in a bundler. */
async function load(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve('@prisma/schema-engine-wasm/schema_engine_bg')
    .replace(/\.js$/, '.wasm');
  const { instance } = await WebAssembly.instantiate(readFileSync(file), {
    './schema_engine_bg.js': imports(),
  });
  call({ ...glue }, '__wbg_set_wasm', instance.exports);
  call(instance.exports, '__wbindgen_start');
}

/**
 * The engine has a timer of ten seconds for its lock, and never stops it. The timer must not keep a finished
 * process alive.
 */
function imports(): Record<string, unknown> {
  const name = Object.keys(glue).find((each) => each.startsWith('__wbg_setTimeout_')) ?? '';
  return { ...glue, [name]: (act: () => void, ms: number) => setTimeout(act, ms).unref() };
}

function call(exported: Record<string, unknown>, name: string, ...args: readonly unknown[]): void {
  const found = exported[name];
  if (typeof found !== 'function')
    throw new Error(
      `@prisma/schema-engine-wasm has no ${name}: this code was written for another version of it.`,
    );
  found(...args);
}

function migrationList(directory: string) {
  return {
    baseDir: directory,
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    shadowDbInitScript: '',
    migrationDirectories: namesIn(directory).map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok' as const, value: readFileSync(join(directory, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

function namesIn(directory: string): string[] {
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'migration.sql')))
    .toSorted();
}

/**
 * `node prisma/migrate.ts OWNERS-URL ROLE [BOOKS-ROLE]`: migrates, and gives the roles the rights of the
 * programs and of the books.
 */
async function command(ownersUrl?: string, role?: string, books?: string): Promise<void> {
  if (!ownersUrl || !role)
    throw new Error(
      'Usage: node prisma/migrate.ts postgresql://… ROLE [BOOKS-ROLE]. The address is that of the owner of ' +
        'the tables; the roles are those of the programs, and of the API that keeps people and policies.',
    );
  const { applied } = await migrateFor(ownersUrl, role, books);
  console.log(applied.length > 0 ? `Applied ${applied.join(', ')}.` : 'There was nothing to apply.');
  console.log(`The role ${role} has the rights of the programs, and no others.`);
  if (books) console.log(`The role ${books} also keeps people and policies.`);
}

if (process.argv[1] === import.meta.filename) {
  command(...process.argv.slice(2)).catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

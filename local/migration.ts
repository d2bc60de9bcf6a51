import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { wholeMigration, wholeMigrationFile } from '../prisma/whole-migration.ts';
import { withEmptyDatabase } from './empty-database.ts';

/** `npm run migration` writes the one migration again, from the schema and the functions. */
const sql = await withEmptyDatabase(wholeMigration);
mkdirSync(dirname(wholeMigrationFile), { recursive: true });
writeFileSync(wholeMigrationFile, sql);

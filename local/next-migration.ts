import { nextMigration } from '../prisma/migrate.ts';
import { withEmptyDatabase } from './empty-database.ts';

/**
 * `npm run next-migration` prints the SQL that leads from the migrations to the schema, tried out in a
 * database that is thrown away.
 */
console.log(await withEmptyDatabase((url) => nextMigration(url)));

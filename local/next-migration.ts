import { nextMigration } from '../prisma/migrate.ts';
import { withEmptyDatabase } from './empty-database.ts';

/**
 * `npm run next-migration` prints the SQL from the migrations to the schema. It first applies the migrations
 * to an empty database, which it removes.
 */
console.log(await withEmptyDatabase((url) => nextMigration(url)));

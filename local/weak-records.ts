import { connectDatabase } from '../records/database.ts';
import { weakRecords } from '../records/production.ts';

/** What production would refuse in the records at this address, a sentence each; also that they are away. */
export async function weakRecordsAt(databaseUrl: string): Promise<string[]> {
  const database = connectDatabase(databaseUrl);
  try {
    return await weakRecords(database);
  } catch {
    return ['The records at DATABASE_URL cannot be read.'];
  } finally {
    await database.$disconnect();
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { projectRoot } from '../../config/env.ts';

/** A role of its own for the programs, as the runbook makes it. Gives the address with which they connect. */
export async function programRole(ownersUrl: string): Promise<string> {
  const url = new URL(ownersUrl);
  const name = `program_${process.pid}_${Date.now()}`;
  const rights = readFileSync(join(projectRoot, 'prisma', 'program-role.sql'), 'utf8');
  const client = new Client({ connectionString: ownersUrl });
  await client.connect();
  await client.query(`CREATE ROLE ${name} LOGIN PASSWORD 'of the program'`);
  await client.query(rights.replaceAll(':"role"', name));
  await client.end();
  [url.username, url.password] = [name, 'of the program'];
  return url.href;
}

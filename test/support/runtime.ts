import { readFileSync } from 'node:fs';
import { Client } from 'pg';

/** What the whole run of tests shares: started once by `global-setup.ts`. */
export interface Runtime {
  /** Of the owner of the tables, who makes a database for each test. */
  databaseUrl: string;
  programsUrl: string;
  booksUrl: string;
  bundle: string;
}

/** jest hands its environment on to its workers, so that two runs beside each other keep apart. */
export const runtimeVariable = 'LIPEI_TEST_RUNTIME';

export const runtime = (): Runtime => JSON.parse(readFileSync(process.env[runtimeVariable] ?? '', 'utf8'));

let clones = 0;

/**
 * A database of its own, migrated: cloned from a template, so it costs a tenth of a second. Gives the address
 * of the owner of the tables.
 */
export async function ownDatabase(): Promise<string> {
  clones += 1;
  const name = `test_${process.pid}_${Date.now()}_${clones}`;
  const url = new URL(runtime().databaseUrl);
  const template = url.pathname.slice(1);
  url.pathname = '/postgres';
  const client = new Client({ connectionString: url.href });
  await client.connect();
  await client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`);
  await client.end();
  url.pathname = `/${name}`;
  return url.href;
}

/** The same database as the programs connect to it: with their role. */
export const asProgram = (ownersUrl: string): string => as(runtime().programsUrl, ownersUrl);

/** The same database as the API connects to it for the books of people and policies. */
export const asBooks = (ownersUrl: string): string => as(runtime().booksUrl, ownersUrl);

function as(role: string, ownersUrl: string): string {
  const [url, { username, password }] = [new URL(ownersUrl), new URL(role)];
  [url.username, url.password] = [username, password];
  return url.href;
}

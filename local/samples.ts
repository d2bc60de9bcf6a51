import { readTokens, tokensPath } from './tokens-file.ts';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { connectDatabase } from '../records/database.ts';
import { apiAt } from '../client/own-api/api.ts';
import { localKeys } from '../config/env.ts';
import type { NoticeOfLoss } from '../domain/claim/notice.ts';
import { loadKeys } from '../security/key-folder.ts';
import { issueToken } from '../security/tokens.ts';
import { importSamples } from './sample-books.ts';
import { samplePeople } from './sample-company.ts';

const samplesFolder = join(import.meta.dirname, '..', 'samples');

/** The age of a sample's loss at filing. A fixed date in the file would soon be too long ago. */
const lossAgoMs = 3 * 3_600_000;

/** Each start issues new tokens, and nobody runs a local stack for longer than this. */
const tokenDays = 90;

/**
 * Imports the sample company into the books, by the role that keeps them, and issues a token for each person.
 * Runs before the API starts. Throws a sentence when a file is wrong.
 */
export async function prepareSamples({
  booksUrl,
  dataDir,
  keysDirectory = localKeys(dataDir),
}: {
  booksUrl: string;
  dataDir: string;
  keysDirectory?: string;
}): Promise<void> {
  const books = connectDatabase(booksUrl);
  try {
    await importSamples(books, loadKeys({ directory: keysDirectory }).keyring);
  } finally {
    await books.$disconnect();
  }
  await issueTokens(dataDir, keysDirectory);
}

/**
 * Files the sample notices of loss with the API, once for a data directory. Returns the numbers of the claims
 * by notice.
 */
export async function fileSampleClaims({
  dataDir,
  api,
}: {
  dataDir: string;
  api: string;
}): Promise<Record<string, string>> {
  const filed = join(dataDir, 'samples-filed.json');
  if (existsSync(filed)) return claimNumbers.parse(JSON.parse(readFileSync(filed, 'utf8')));
  const { default: code, tokens } = readTokens(dataDir);
  const claims: Record<string, string> = {};
  for (const name of sampleNames()) claims[name] = await fileOne({ api, token: tokens[code] ?? '' }, name);
  write(filed, claims);
  return claims;
}

const claimNumbers = z.record(z.string(), z.string());

/** `busy-customer`, `large-loss` … */
export const sampleNames = (): string[] =>
  readdirSync(join(samplesFolder, 'notices'))
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .toSorted();

/** A sample's notice of loss, with a loss shortly before `now`. */
export function sampleNotice(name: string, now: Date): NoticeOfLoss {
  const notice: NoticeOfLoss = JSON.parse(
    readFileSync(join(samplesFolder, 'notices', `${name}.json`), 'utf8'),
  );
  return { ...notice, lossAt: new Date(now.getTime() - lossAgoMs).toISOString() };
}

/** The same notice is the same claim, so the next start completes an interrupted one. */
async function fileOne({ api, token }: { api: string; token: string }, name: string): Promise<string> {
  try {
    return (await apiAt(() => ({ url: api, token })).file(sampleNotice(name, new Date()))).claim;
  } catch (fault) {
    const why = fault instanceof Error ? fault.message : String(fault);
    throw new Error(`The sample ${name} was not filed: ${why}`, { cause: fault });
  }
}

/**
 * `tokens.json` of a data directory: the default person, and everybody's token. Readable only by its owner.
 */
async function issueTokens(dataDir: string, keysDirectory: string, now = new Date()): Promise<void> {
  const { privateKey } = loadKeys({ directory: keysDirectory }).token;
  if (!privateKey)
    throw new Error(
      `There is no token.private.pem in ${keysDirectory}: ` +
        'people of the local stack get their tokens from it.',
    );
  const people = samplePeople();
  const tokens = await Promise.all(
    people.map(
      async ({ code }) =>
        [code, await issueToken(privateKey, { staff: code, days: tokenDays, now })] as const,
    ),
  );
  const hotline = people.find(({ roles }) => roles.includes('hotline'));
  if (!hotline)
    throw new Error('samples/staff.jsonl has nobody with the role hotline, who is the default person.');
  write(tokensPath(dataDir), {
    default: hotline.code,
    tokens: Object.fromEntries(tokens),
    people: people.map(({ code, name, roles, unit }) => ({ code, name, roles, branch: unit })),
  });
}

/** Writes the whole file or none of it: others may read it at any time. */
function write(file: string, content: object): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

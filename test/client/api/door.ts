import { newContactKey } from '../../../security/contact-hash.ts';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApi } from '../../../client/api/server.ts';
import { openStaffCache } from '../../../client/api/staff-cache.ts';
import { answerOf, send } from '../../../client/own-api/http.ts';
import { connectClaims } from '../../../client/engine/claims.ts';
import type { RequestLimits } from '../../../config/request-limits.ts';
import { present } from '../../../domain/present.ts';
import { readRetention } from '../../../config/retention.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { folderAttachments } from '../../../providers/attachments/folder.ts';
import { connectDatabase, type Database } from '../../../records/database.ts';
import { readStaff } from '../../../records/staff/staff.ts';
import type { SigningKey } from '../../../security/signing.ts';
import { issueToken } from '../../../security/tokens.ts';
import { noLimits } from '../../support/no-limits.ts';
import { keepRecords } from '../../support/records.ts';
import { asBooks, asProgram, ownDatabase } from '../../support/runtime.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testArchiveKey, testKeyring, testRoots, testSigning } from '../../support/test-keyring.ts';
import type { Answered } from './office.ts';

export interface Door {
  /** The API's address. */
  url: string;
  /** One JSON line for each thing that the API has logged. */
  logs: string[];
  token(staff: string): Promise<string>;
  close(): Promise<void>;
}

/**
 * The API with the engine down, for what it decides at its own door; the records are down too, unless they are
 * given with the keys that sign.
 */
export async function openDoor(
  change: {
    limits?: Partial<RequestLimits>;
    trustedProxies?: string[];
    records?: { database: Database; books?: Database; roots: readonly KeyObject[]; signing: SigningKey };
    dataDir?: string;
  } = {},
): Promise<Door> {
  const dataDir = change.dataDir ?? temporaryDirectory();
  const attachmentsFolder = join(dataDir, 'attachments');
  mkdirSync(attachmentsFolder);
  const token = generateKeyPairSync('ed25519');
  const nowhere = connectDatabase(`postgresql://lipei:none@127.0.0.1:${await freePort()}/lipei`);
  const database = change.records?.database ?? nowhere;
  const claims = connectClaims({
    connection: { address: `127.0.0.1:${await freePort()}` },
    namespace: 'default',
    actWithinMs: 500,
    lookWithinMs: 500,
  });
  const people = ['C-301', 'U-901'].map((code) => ({
    code,
    roles: ['handler' as const],
    branch: 'longkou',
    active: true,
  }));
  const staff = await openStaffCache(join(dataDir, 'people-cache.json'), async () => ({
    ...(change.records ? await readStaff(database) : { people, revoked: [] }),
    contactKey: newContactKey(testKeyring()),
  }));
  const logs: string[] = [];
  const api = await createApi({
    claims,
    database,
    books: change.records?.books,
    staff,
    attachmentsFolder,
    attachments: folderAttachments(attachmentsFolder),
    archivesFolder: join(dataDir, 'archives'),
    retention: readRetention(),
    keyring: testKeyring(),
    roots: change.records?.roots ?? testRoots,
    signing: change.records?.signing ?? testSigning,
    archiveKey: () => testArchiveKey(),
    tokenKey: token.publicKey,
    pace: 'ordinary',
    publicUrl: 'https://lipei.example',
    places: () => ({ option: '', hasSamples: false }),
    version: '0.0.0',
    twilioTokens: ['the token that signs callbacks'],
    bankSecret: 'a secret that the bank has too',
    limits: { ...noLimits, ...change.limits },
    ...present({ trustedProxies: change.trustedProxies }),
    log: pino({ base: null }, { write: (line: string) => void logs.push(line) }),
  });
  return {
    url: await api.listen({ host: '127.0.0.1', port: 0 }),
    logs,
    token: (code) => issueToken(token.privateKey, { staff: code, days: 1, now: new Date() }),
    async close() {
      staff.stop();
      await api.close();
      await Promise.all([claims.close(), nowhere.$disconnect()]);
    },
  };
}

/** The records of a company, as their owner, the programs and the role of the books reach them. */
export async function recordsWithBooks(): Promise<{
  owner: Database;
  database: Database;
  books: Database;
  close(): Promise<void>;
}> {
  const url = await ownDatabase();
  const [owner, database, books] = [
    connectDatabase(url),
    connectDatabase(asProgram(url)),
    connectDatabase(asBooks(url)),
  ];
  await keepRecords(owner);
  return {
    owner,
    database,
    books,
    close: async () => void (await Promise.all([owner, database, books].map((each) => each.$disconnect()))),
  };
}

/** A request in the name of a member of staff. */
export async function askAt(
  door: Door,
  by: string,
  asked: { method: 'GET' | 'POST'; path: string; body?: object | undefined },
): Promise<Answered> {
  const headers = { authorization: `Bearer ${await door.token(by)}` };
  return answerOf(await send({ url: door.url }, { ...asked, headers }));
}

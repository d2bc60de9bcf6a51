import type { KeyObject } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../records/database.ts';
import type { AttachmentStore } from '../../providers/attachments/folder.ts';
import { isDatabaseUnreachable } from '../../records/database-errors.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { Retention } from '../../config/retention.ts';
import type { RequestLimits } from '../../config/request-limits.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { isClaimNumber } from '../../domain/ids.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { ArchiveKey } from '../../security/archive-key.ts';
import type { Keyring } from '../../security/keyring.ts';
import type { SigningKey } from '../../security/signing.ts';
import type { Claims } from '../engine/claims.ts';
import { storedClaim } from '../../records/claims/stored-claim.ts';
import {
  engineDown,
  problem,
  recordsDown,
  unknownClaim,
  unknownClaimNumber,
  type ApiProblem,
} from './problem.ts';
import type { Places } from './front-page.ts';
import type { AskedSource } from '../../records/policies/from-source.ts';
import type { StaffCache } from './staff-cache.ts';

/** The parts that the API works with. */
export interface ApiContext {
  claims: Claims;
  database: Database;
  /** The records with the role that keeps people and policies; without it nothing is imported. */
  books: Database | undefined;
  /** Policies that the book does not have yet; undefined without a source of them, or without the books. */
  policies?: AskedSource;
  attachments: AttachmentStore;
  /** The folder of attachments, for the check that it is writable. */
  attachmentsFolder: string;
  /** The folder where a claim's archive is put before the claim is deleted. */
  archivesFolder: string;
  /** How long records are kept. */
  retention: Retention;
  keyring: Keyring;
  /** The public root keys: they say who may sign messages to claims. */
  roots: readonly KeyObject[];
  /** Signs messages to claims; without it they are impossible. */
  signing: SigningKey | undefined;
  /** Keys of erased people are set aside for it; without it only what no law wants kept can be erased. */
  archiveKey: () => ArchiveKey | undefined;
  /** Checks bearer tokens. */
  tokenKey: KeyObject;
  staff: StaffCache;
  /** The pace of the rules of new claims. */
  pace: string;
  /** The address under which providers reach us, and which they sign. */
  publicUrl: string;
  /** The addresses of the local stack that people can open in a browser. */
  places: () => Places;
  /** Lipei's version, from package.json. */
  version: string;
  /** The newest first; the previous one is valid while the token is being changed. */
  twilioTokens: string[];
  bankSecret: string | undefined;
  /** The address and the port for mail that comes back undelivered. */
  inboundMail?: { bounces: string; port: number };
  /** How many requests a caller may send. */
  limits: RequestLimits;
  /** The proxies whose X-Forwarded-For is believed; without them nobody's is. */
  trustedProxies?: string[];
  log: FastifyBaseLogger;
}

export interface Found {
  kind: 'found';
  claim: Claim;
  pack: RulePack;
}

/** A claim from the records. From its workflow if it was filed a moment ago, or if the records are down. */
export async function findClaim(
  { database, claims }: Pick<ApiContext, 'database' | 'claims'>,
  number: string,
): Promise<Found | ApiProblem> {
  if (!isClaimNumber(number)) return unknownClaimNumber(number);
  const stored = await whenUp(storedClaim(database, number));
  if (stored && stored !== 'down') return found(stored);
  return fromWorkflow(claims, number, stored === 'down');
}

/** The answer of the records, or `down`. */
export const whenUp = <T>(answer: Promise<T>): Promise<T | 'down'> =>
  answer.catch((fault: unknown) => (isDatabaseUnreachable(fault) ? 'down' : Promise.reject(fault)));

async function fromWorkflow(
  claims: Claims,
  number: string,
  recordsAreDown: boolean,
): Promise<Found | ApiProblem> {
  const answer = await claims.state(number);
  switch (answer.kind) {
    case 'found':
      return found(answer.claim);
    case 'opening':
      return problem(503, `Claim ${number} has been filed and is being opened; look again in a moment.`);
    case 'not-opened':
      return problem(
        404,
        `There is no claim ${number}: its notice of loss was not taken. ${answer.sentence}`,
      );
    // Only the records have claims that closed long ago.
    case 'unknown':
      return recordsAreDown ? recordsDown() : unknownClaim(number);
    default:
      return engineDown();
  }
}

const found = (claim: Claim): Found => ({ kind: 'found', claim, pack: packOf(claim) });

/** The rules that the claim recorded. */
export const packOf = ({ rules }: Pick<Claim, 'rules'>): RulePack => houseRules.recorded(rules);

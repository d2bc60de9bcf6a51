import type { KeyObject } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../records/database.ts';
import type { AttachmentStore } from '../../providers/attachments/folder.ts';
import { isDatabaseUnreachable } from '../../records/database-errors.ts';
import { houseRules } from '../../config/rules/load.ts';
import type { Claim } from '../../domain/claim/claim.ts';
import { isClaimNumber } from '../../domain/ids.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import type { Keyring } from '../../security/keyring.ts';
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
import type { StaffCache } from './staff-cache.ts';

/** Everything that the API works with. */
export interface ApiContext {
  claims: Claims;
  database: Database;
  attachments: AttachmentStore;
  /** Where attachments lie, to see whether they can be written. */
  attachmentsFolder: string;
  keyring: Keyring;
  /** Signs decisions; without it nobody can decide. */
  proofKey: KeyObject | undefined;
  /** Checks bearer tokens. */
  tokenKey: KeyObject;
  staff: StaffCache;
  /** The pace of the rules that new claims run under. */
  pace: string;
  /** The address under which providers reach us: what they sign. */
  publicUrl: string;
  /** What of the local stack can be opened beside the API. */
  places: () => Places;
  /** Of Lipei, as package.json names it. */
  version: string;
  /** The newest first; an earlier one while it is being changed. */
  twilioTokens: string[];
  bankSecret: string | undefined;
  /** Where mail that could not be delivered comes back to. */
  inboundMail?: { bounces: string; port: number };
  log: FastifyBaseLogger;
}

export interface Found {
  kind: 'found';
  claim: Claim;
  pack: RulePack;
}

/**
 * A claim as the records have it, or as its workflow has it when they don't: just filed, or the records are
 * down.
 */
export async function findClaim(
  { database, claims }: Pick<ApiContext, 'database' | 'claims'>,
  number: string,
): Promise<Found | ApiProblem> {
  if (!isClaimNumber(number)) return unknownClaimNumber(number);
  const stored = await whenUp(storedClaim(database, number));
  if (stored && stored !== 'down') return found(stored);
  return fromWorkflow(claims, number, stored === 'down');
}

/** What the records answer, or `down`. */
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
    // Only the records know a claim that was closed long ago.
    case 'unknown':
      return recordsAreDown ? recordsDown() : unknownClaim(number);
    default:
      return engineDown();
  }
}

const found = (claim: Claim): Found => ({ kind: 'found', claim, pack: packOf(claim) });

/** The rules that the claim recorded. */
export const packOf = ({ rules }: Pick<Claim, 'rules'>): RulePack => houseRules.recorded(rules);

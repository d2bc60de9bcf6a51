import type { FastifyBaseLogger } from 'fastify';
import { policySourceSettings } from '../../config/policy-source.ts';
import type { Database } from '../../records/database.ts';
import { keepForClaim } from '../../records/inbox/inbox.ts';
import {
  claimsAwaitingPolicies,
  takeFromSource,
  type Awaiting,
  type FromSource,
} from '../../records/policies/from-source.ts';
import { policyOf } from '../../records/policies/policies.ts';
import type { Postman } from './webhooks/postman.ts';

/** Asks the source again for policies that open claims wait for. */
export interface PolicyAsking {
  round(): Promise<void>;
  stop(): Promise<void>;
}

interface Parts {
  database: Database;
  /** Undefined without a source: then claims wait for an import. */
  policies: FromSource | undefined;
  log: FastifyBaseLogger;
}

/**
 * What was found is taken into the book, which informs its claims; what the source does not have is reported
 * to them. Rounds may run on several machines: a claim takes each report once.
 */
export function policyAsking(parts: Parts, post: Postman): PolicyAsking {
  let work: Promise<void> = Promise.resolve();
  const round = async (): Promise<void> => {
    try {
      await askForAll(parts, post);
    } catch (fault) {
      parts.log.warn(
        { fault: fault instanceof Error ? fault.name : 'unknown' },
        'policies that claims wait for could not be asked for; it is tried again',
      );
    }
  };
  const next = (): Promise<void> => (work = work.then(round));
  const timer = setInterval(() => void next(), policySourceSettings.askEverySeconds * 1_000).unref();
  return {
    round: next,
    async stop() {
      clearInterval(timer);
      await work;
    },
  };
}

async function askForAll(parts: Parts, post: Postman): Promise<void> {
  const waiting = await claimsAwaitingPolicies(parts.database, policySourceSettings.policiesAtOnce);
  const answers = new Map<string, 'found' | 'unknown' | 'away'>();
  for (const each of waiting) {
    const answer = answers.get(each.policy) ?? (await answerFor(parts, each));
    answers.set(each.policy, answer);
    if (answer !== 'away') await inform(parts, post, each, answer);
    else if (parts.policies) break;
  }
}

async function answerFor(
  { database, policies }: Parts,
  { policy, lossAt }: Awaiting,
): Promise<'found' | 'unknown' | 'away'> {
  if (await policyOf(database, policy, lossAt)) return 'found';
  return policies ? takeFromSource(policies, policy, lossAt) : 'away';
}

async function inform(
  { database }: Parts,
  post: Postman,
  { claim, policy }: Awaiting,
  answer: 'found' | 'unknown',
): Promise<void> {
  const found = answer === 'found' ? 'yes' : 'no';
  const id = `policy:${claim}:${policy}:${found}`;
  await keepForClaim(database, { id, claim, name: 'policy-changed', fields: { policy, found } }, 'policy');
  await post.forward(id);
}

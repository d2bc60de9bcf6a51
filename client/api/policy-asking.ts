import type { FastifyBaseLogger } from 'fastify';
import { policySourceSettings } from '../../config/policy-source.ts';
import type { Database } from '../../records/database.ts';
import { keepForClaim } from '../../records/inbox/inbox.ts';
import {
  claimsAwaitingPolicies,
  takeFromSource,
  type Awaiting,
  type AskedSource,
  type TakenFromSource,
} from '../../records/policies/from-source.ts';
import { policyOf } from '../../records/policies/policies.ts';
import { inRounds, type Rounds } from './rounds.ts';
import type { Postman } from './webhooks/postman.ts';

interface Parts {
  database: Database;
  /** Undefined without a source: then claims wait for an import. */
  policies: AskedSource | undefined;
  log: FastifyBaseLogger;
}

/**
 * Asks the source again and again for policies that open claims wait for. What was found is taken into the
 * book, which informs its claims; what the source does not have is reported to them. Rounds may run on
 * several machines: a claim takes each report once.
 */
export function askForPolicies(parts: Parts, post: Postman): Rounds {
  return inRounds(() => askForAll(parts, post), {
    everyMs: parts.policies?.everyMs ?? usualMs,
    log: parts.log,
    failed: 'policies that claims wait for could not be asked for',
  });
}

const usualMs = policySourceSettings.askEverySeconds * 1_000;

async function askForAll(parts: Parts, post: Postman): Promise<void> {
  const waiting = await claimsAwaitingPolicies(parts.database, policySourceSettings.policiesAtOnce);
  const answers = new Map<string, TakenFromSource>();
  for (const each of waiting) {
    const answer = answers.get(each.policy) ?? (await answerFor(parts, each));
    answers.set(each.policy, answer);
    if (answer.kind !== 'away') await inform(parts, post, each, answer);
    else if (answer.isSilent) return;
  }
}

async function answerFor(
  { database, policies }: Parts,
  { policy, lossAt }: Awaiting,
): Promise<TakenFromSource> {
  if (await policyOf(database, policy, lossAt)) return { kind: 'found' };
  return policies ? takeFromSource(policies, policy, lossAt) : { kind: 'away', isSilent: false };
}

async function inform(
  { database }: Parts,
  post: Postman,
  { claim, policy }: Awaiting,
  answer: TakenFromSource,
): Promise<void> {
  const found = answer.kind === 'found' ? 'yes' : 'no';
  // An import informs the claims that it finds, under the same id.
  const of = answer.kind === 'found' ? answer.import : undefined;
  const id = `policy:${claim}:${of ?? `${policy}:${found}`}`;
  await keepForClaim(database, { id, claim, name: 'policy-changed', fields: { policy, found } }, 'policy');
  await post.forward(id);
}

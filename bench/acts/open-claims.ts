import { setTimeout as pause } from 'node:timers/promises';
import { ApiFailure } from '../../client/own-api/failure.ts';
import type { Shown } from '../../client/own-api/schemas/claims.ts';
import { copyPolicy, policyCopy, withOwnParties } from '../../local/policy-copies.ts';
import { sampleNotice } from '../../local/samples.ts';
import { ownersUrlBeside } from '../../local/servers/postgres-cluster.ts';
import { closedLoop } from '../load.ts';
import type { OpenClaim } from './kinds.ts';
import type { WholeStack } from './stack.ts';

const atOnce = 10;

/** Files so many claims of different customers; gives them when they wait for people. Throws a sentence. */
export async function openClaims(
  { as, hotline, databaseUrl, dataDir }: WholeStack,
  count: number,
): Promise<OpenClaim[]> {
  const api = as(hotline);
  await copyPolicy(ownersUrlBeside(databaseUrl, dataDir), sample().policy, filed + count);
  const numbers: string[] = [];
  await closedLoop(count, atOnce, async () => {
    numbers.push((await api.file(notice())).claim);
  });
  const claims: OpenClaim[] = [];
  const left = [...numbers];
  await closedLoop(count, atOnce, async () => {
    const number = left.shift() ?? '';
    const { handler } = await untilAtRest(number, () => api.claim(number));
    claims.push({ number, handler, licence: 'owed' });
  });
  return claims;
}

let filed = 0;

const sample = () => sampleNotice('large-loss', new Date());

/** Related to no other one: claims of one policy, account or vehicle are counted together. */
function notice() {
  filed += 1;
  const apart = withOwnParties(sample(), filed);
  return {
    ...apart,
    policy: policyCopy(apart.policy, filed),
    source: 'bench',
    reference: `acts-${process.pid}-${filed}`,
  };
}

/** Until its first messages have gone and it waits for people. */
async function untilAtRest(number: string, look: () => Promise<Shown>): Promise<Shown> {
  for (const until = Date.now() + 120_000; ; await pause(500)) {
    const shown = await look().catch(whileOpening);
    if (shown && shown.waitingOn.length > 0 && shown.unsent.length === 0) return shown;
    if (Date.now() > until) throw new Error(`${number} does not come to rest.`);
  }
}

const whileOpening = (fault: unknown): undefined => {
  if (fault instanceof ApiFailure && fault.problem.status === 503) return undefined;
  throw fault;
};

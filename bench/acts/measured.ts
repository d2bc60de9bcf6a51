import { openAsBlob } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { projectRoot } from '../../config/env.ts';
import type { Acted } from './acted.ts';
import { acting, kinds, type Kind, type OpenClaim } from './kinds.ts';
import { openClaims } from './open-claims.ts';
import { startWholeStack, type WholeStack } from './stack.ts';

export interface ActLoad {
  /** Claims that are open during all this. */
  claims: number;
  seconds: number;
}

const actsASecond = 10;
const warmUpSeconds = 5;
const lookAgainMs = 10;
const patienceMs = 10_000;

/**
 * Acts of clerks on random open claims, ten a second, each sent when it is due even if earlier ones are not
 * answered. The first seconds are not measured. Throws the sentence of an act that fails or is not shown.
 */
export async function measuredActs({ claims: count, seconds }: ActLoad): Promise<Acted[]> {
  const stack = await startWholeStack();
  try {
    const claims = await openClaims(stack, count);
    const licence = await openAsBlob(join(projectRoot, 'samples', 'attachments', 'licence.jpg'));
    const since = performance.now();
    const sent: Promise<Acted>[] = [];
    for (let turn = 0; turn < (warmUpSeconds + seconds) * actsASecond; turn += 1) {
      await pause(Math.max(0, since + (turn * 1000) / actsASecond - performance.now()));
      const one = oneAct(stack, claims, kinds[turn % kinds.length] ?? 'add-note', licence);
      one.catch(() => undefined); // Promise.all below throws it
      sent.push(one);
    }
    return (await Promise.all(sent)).slice(warmUpSeconds * actsASecond);
  } finally {
    await stack.stop();
  }
}

async function oneAct({ as }: WholeStack, claims: OpenClaim[], wanted: Kind, licence: Blob): Promise<Acted> {
  const { kind: act, claim } = chosen(claims, wanted);
  const since = performance.now();
  const isShown = await acting[act](as(claim.handler), claim, licence);
  const answeredMs = performance.now() - since;
  while (!(await isShown())) {
    if (performance.now() - since > patienceMs)
      throw new Error(`${claim.number} does not show the ${act} that it has recorded.`);
    await pause(lookAgainMs);
  }
  if (act === 'add-document') claim.licence = 'received';
  return { act, answeredMs, shownMs: performance.now() - since };
}

/** A random claim on which the act is possible; a note on any claim when there is none. */
function chosen(claims: OpenClaim[], wanted: Kind): { kind: Kind; claim: OpenClaim } {
  const needed = { 'add-document': 'owed', 'accept-document': 'received' } as const;
  const state = wanted === 'add-document' || wanted === 'accept-document' ? needed[wanted] : undefined;
  const possible = state ? claims.filter(({ licence }) => licence === state) : claims;
  const claim = oneOf(possible);
  if (!claim) {
    const other = oneOf(claims);
    if (!other) throw new Error('There is no open claim to act on.');
    return { kind: 'add-note', claim: other };
  }
  if (state) claim.licence = 'taken';
  return { kind: wanted, claim };
}

const oneOf = <T>(all: T[]): T | undefined => all[Math.floor(Math.random() * all.length)];

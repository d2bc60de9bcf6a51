import { createHash, randomUUID } from 'node:crypto';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { setTimeout as pause } from 'node:timers/promises';
import { taskQueue } from '../config/task-queue.ts';
import type { ActName } from '../domain/claim/acts.ts';
import { reports, type ReportName } from '../domain/claim/reports.ts';
import type { Proof, Signer } from '../domain/signed-payload.ts';
import type { Claim } from '../domain/claim/claim.ts';
import { claimNumber, paymentId, workflowIdOf, type ClaimNumber } from '../domain/ids.ts';
import { payableHash } from '../domain/money/payable.ts';
import { filingFields } from '../domain/claim/filing.ts';
import { policyCopy, withOwnParties } from '../local/policy-copies.ts';
import { sampleNotice } from '../local/samples.ts';
import { sampleSigner } from './people.ts';
import { signStatement, type SigningKey } from '../security/signing.ts';
import { workflowType, type ActAnswer } from '../workflows/contract.ts';
import { policyCopies, type Ground } from './ground.ts';
import type { Side } from './sides.ts';
import { present } from '../domain/present.ts';

/** How long the engine took for each request, in milliseconds. */
export interface Latencies {
  start: number[];
  signal: number[];
  update: number[];
}

export const noLatencies = (): Latencies => ({ start: [], signal: [], update: [] });

let count = 0;

/**
 * Takes a loss of 380,000 yuan from its notice to its payment, without any trouble: eight acts of people,
 * four reports, one query.
 */
export async function payLargeLoss(
  ground: Ground,
  side: Side,
  latencies: Latencies,
): Promise<{ claim: ClaimNumber; handle: WorkflowHandle }> {
  const { talk, claim, handle } = await file(ground, side, latencies);
  await survey(talk);
  for (const [document, item] of papers) {
    await talk.reports('document-arrived', { document, attachment: sha256(document), ...present({ item }) });
    await talk.does('C-301', 'accept-document', { document, ...present({ item }) });
  }
  await talk.does('C-301', 'assess', { item: 'item-1', amountMinor: 38_000_000 });
  await talk.does('V-401', 'verify', { item: 'item-1', version: 1 });
  const of = await talk.payable();
  await talk.does('R-502', 'approve', { item: 'item-1', of });
  await talk.does('M-601', 'approve', { item: 'item-1', of });
  await talk.reports('bank-confirmed', {
    payment: paymentId(claim, 'item-1', 1),
    reference: `BANK-${claim}`,
  });
  await handle.result();
  return { claim, handle };
}

const papers: [string, string?][] = [
  ['driving-licence'],
  ['accident-certificate'],
  ['repair-invoice', 'item-1'],
];

const findings = { note: 'findings', sha256: 'c'.repeat(64) };

const survey = (talk: Talk): Promise<void> =>
  talk.does('S-201', 'report-survey', { onScene: true, findings });

/** Files the sample notice as a new claim. */
export async function file(
  { client, signing, mark }: Pick<Ground, 'client' | 'signing' | 'mark'>,
  side: Side,
  latencies: Latencies,
): Promise<{ talk: Talk; claim: ClaimNumber; handle: WorkflowHandle }> {
  count += 1;
  const sample = sampleNotice('large-loss', new Date());
  const notice = {
    ...withOwnParties(sample, count),
    policy: policyCopy(sample.policy, 1 + (count % policyCopies)),
    reference: `bench-${process.pid}-${count}`,
  };
  const claim = claimNumber(notice.source, notice.reference);
  const beside = { notice, salt: randomUUID() };
  const fields = filingFields(beside, mark);
  const proof = signed(signing, { claim, act: 'file', by: sampleSigner('H-101'), fields });
  const start = (): Promise<WorkflowHandle> =>
    client.workflow.start(side === 'bare' ? 'bareClaim' : workflowType, {
      workflowId: workflowIdOf(claim),
      taskQueue,
      args: [{ ...proof, beside }],
    });
  const handle = await timed(latencies.start, start);
  return { talk: talkTo({ client, handle, claim, side, latencies, signing }), claim, handle };
}

/** The messages of people and the bank to one claim. A bare one gets the same messages of the same size. */
export interface Talk {
  does(person: string, act: ActName, fields: Record<string, unknown>): Promise<void>;
  reports(fact: ReportName, fields: Record<string, unknown>): Promise<void>;
  /** The hash that an approval must give (`of`). */
  payable(): Promise<string>;
}

function talkTo({
  handle,
  claim,
  side,
  latencies,
  signing,
}: {
  client: Client;
  handle: WorkflowHandle;
  claim: ClaimNumber;
  side: Side;
  latencies: Latencies;
  signing: SigningKey;
}): Talk {
  return {
    async does(person, act, fields) {
      for (const until = Date.now() + 60_000; ; await pause(20)) {
        const proof = signed(signing, { claim, act, by: sampleSigner(person), fields });
        const answer = await timed(latencies.update, () =>
          handle.executeUpdate<ActAnswer, [Proof]>(act, { args: [proof] }),
        );
        if (side === 'bare' || answer.kind === 'recorded') return;
        if (answer.reason !== 'not-now' || Date.now() > until)
          throw new Error(`${claim} denies ${act} of ${person}: ${answer.sentence}`);
      }
    },
    reports: (fact, fields) => {
      const proof = signed(signing, { claim, act: fact, by: reporterOf(fact), fields });
      return timed(latencies.signal, () => handle.signal(fact, proof));
    },
    async payable() {
      const state = await handle.query<Claim>('claim');
      const item = typeof state === 'object' ? state.items[0] : undefined;
      return (item && payableHash(state, item)) ?? sha256('nothing');
    },
  };
}

const signed = (
  key: SigningKey,
  statement: { claim: ClaimNumber; act: string; by: Signer; fields: object },
): Proof => signStatement(key, { ...statement, id: randomUUID(), at: new Date().toISOString() });

function reporterOf(fact: ReportName): Signer {
  const [name] = reports[fact].from;
  return name === undefined || name === 'system' ? { kind: 'system' } : { kind: 'provider', name };
}

/** Adds the milliseconds of the call to `into`. */
export async function timed<T>(into: number[], call: () => Promise<T>): Promise<T> {
  const since = performance.now();
  const value = await call();
  into.push(performance.now() - since);
  return value;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

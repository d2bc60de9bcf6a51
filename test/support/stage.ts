import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { Client, type WorkflowHandle } from '@temporalio/client';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Duration } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { Runtime, DefaultLogger } from '@temporalio/worker';
import { connectDatabase, type Database } from '../../activities/database.ts';
import { noticeOfWorkflow } from '../../activities/outside/notice-of-workflow.ts';
import type { Claim } from '../../domain/claim.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import type { NoticeOfLoss } from '../../domain/notice.ts';
import { payableHash } from '../../domain/payable.ts';
import { searchAttributes } from '../../config/search-attributes.ts';
import { timeSkippingServer } from '../../local/tools.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { keyringOf } from '../../security/keyring.ts';
import { signProof } from '../../security/proof.ts';
import { createClaimsWorker } from '../../workers/claims-worker.ts';
import { claimQuery, factSignal, humanUpdate, type Answer, type ClaimResult, type FactMessageName, type HumanMessageName } from '../../workflows/messages.ts';
import { recordingBank, recordingEmail, recordingSms, type RecordingBank, type RecordingEmail, type RecordingSms } from './recording.ts';
import { keepRecords } from './records.ts';
import { ownDatabase, runtime } from './runtime.ts';

const plainRenderer = { render: (m: { kind: string; facts: unknown }) => ({ template: m.kind, subject: m.kind, text: JSON.stringify(m.facts), html: '' }) };
const quiet = new DefaultLogger('WARN', (e) => process.stderr.write(`${e.level} ${e.message} ${JSON.stringify(e.meta ?? {}).slice(0, 1500)}\n`));

/** The real workflow code and the real activities on the time-skipping server and a real PostgreSQL; only providers are recording fakes. */
export interface Stage {
  env: TestWorkflowEnvironment;
  client: Client;
  database: Database;
  sms: RecordingSms;
  email: RecordingEmail;
  bank: RecordingBank;
  files(notice: NoticeOfLoss): Promise<ClaimOnStage>;
  /** Lets business time pass: every timer that is due in it fires. */
  passes(time: Duration): Promise<void>;
  close(): Promise<void>;
}

export interface ClaimOnStage {
  number: string;
  handle: WorkflowHandle;
  does(person: string, act: HumanMessageName, fields?: Record<string, unknown>): Promise<Answer>;
  approves(person: string, item: string): Promise<Answer>;
  learns(fact: FactMessageName, fields: Record<string, unknown>): Promise<void>;
  state(): Promise<Claim>;
  /** Waits, in real time, until the claim is as the test needs it; business time stands still meanwhile. */
  until(what: string, holds: (claim: Claim) => boolean): Promise<Claim>;
  journal(): Promise<JournalEntry[]>;
  /** `kind/channel → recipient`, in the order in which they were handed over. */
  told(): Promise<string[]>;
  result(): Promise<ClaimResult>;
  histories(): Promise<History[]>;
}

export async function openStage({ runEvents = 30 } = {}): Promise<Stage> {
  installQuietly();
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const keyring = keyringOf([{ id: 'test', secret: randomBytes(32) }]);
  const converter = dataConverter(keyring);
  const env = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path: await timeSkippingServer() } } });
  await env.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: indexedTypes() });
  const client = new Client({ connection: env.connection, dataConverter: converter });
  const database = connectDatabase(await ownDatabase());
  await keepRecords(database);
  const [sms, email, bank] = [recordingSms(), recordingEmail(), recordingBank()];
  const worker = await createClaimsWorker(
    { connection: env.nativeConnection, namespace: 'default', dataConverter: converter, workflowBundle: { codePath: runtime().bundle } },
    { database, keyring, proofKey: publicKey, noticeOf: noticeOfWorkflow(client), renderer: plainRenderer, sms, email, bank, settings: { pack: 'ordinary', runEvents } },
  );
  const running = worker.run();

  const sign = async (claim: string, action: string, by: string, content: object): Promise<{ id: string; proof: unknown }> => {
    const id = randomUUID();
    return { id, proof: signProof(privateKey, { claim, action, by, id, content, issuedAt: new Date(await env.currentTimeMs()).toISOString() }) };
  };

  return {
    env, client, database, sms, email, bank,
    async files(notice) {
      const number = claimNumber(notice.source, notice.reference);
      const handle = await client.workflow.start('claim', { workflowId: workflowIdOf(number), taskQueue: 'claims', args: [notice] });
      const claim = onStage({ number, handle: client.workflow.getHandle(handle.workflowId), client, database, sign });
      await claim.until('opened', ({ acknowledged }) => acknowledged);
      return claim;
    },
    async passes(time) {
      await env.sleep(time);
      await pause(150); // what was due is being done: in real time, business time stands still
    },
    async close() {
      worker.shutdown();
      await running;
      await database.$disconnect();
      await env.teardown();
    },
  };
}

interface Backstage {
  number: string;
  handle: WorkflowHandle;
  client: Client;
  database: Database;
  sign(claim: string, action: string, by: string, content: object): Promise<{ id: string; proof: unknown }>;
}

function onStage({ number, handle, client, database, sign }: Backstage): ClaimOnStage {
  const state = async (): Promise<Claim> => {
    const claim = await handle.query(claimQuery);
    if (!claim) throw new Error(`Claim ${number} is not open`);
    return claim;
  };
  const does: ClaimOnStage['does'] = async (person, act, fields = {}) => handle.executeUpdate(humanUpdate(act), { args: [{ ...fields, ...(await sign(number, act, person, fields)) }] });
  return {
    number, handle, state, does,
    approves: async (person, item) => {
      const claim = await state();
      const found = claim.items.find(({ id }) => id === item);
      return does(person, 'approve', { item, of: (found && payableHash(claim, found)) ?? '' });
    },
    learns: async (fact, fields) => handle.signal(factSignal(fact), { id: randomUUID(), ...fields }),
    async until(what, holds) {
      const limit = Date.now() + 8_000;
      for (;;) {
        const claim = await state().catch(() => undefined);
        if (claim && holds(claim)) return claim;
        if (Date.now() > limit) throw new Error(`Claim ${number} is not ${what}: ${claim ? JSON.stringify({ stage: claim.stage, expectations: claim.expectations.map(({ id }) => id), outbox: claim.outbox.length, undelivered: claim.undelivered, problems: claim.problems }) : 'not open'}`);
        await pause(50);
      }
    },
    journal: async () => (await database.journalEntry.findMany({ where: { claim: number }, orderBy: { seq: 'asc' } })).map(({ entry }): JournalEntry => JSON.parse(entry)),
    told: async () => (await database.notification.findMany({ where: { claim: number }, orderBy: [{ plannedAt: 'asc' }, { kind: 'asc' }, { channel: 'asc' }] })).map(({ kind, channel, recipient }) => `${kind}/${channel} → ${recipient}`),
    result: async () => handle.result(),
    async histories() {
      const runs: History[] = [];
      for await (const { runId, workflowId } of executionsOf(client, handle.workflowId)) runs.push(await client.workflow.getHandle(workflowId, runId).fetchHistory());
      return runs;
    },
  };
}

/** The runs of one claim, first to last: the time-skipping server has no list, so each is found by the one before. */
async function* executionsOf(client: Client, workflowId: string): AsyncGenerator<{ workflowId: string; runId: string }> {
  const latest = await client.workflow.getHandle(workflowId).describe();
  const { history } = await client.workflowService.getWorkflowExecutionHistory({ namespace: 'default', execution: { workflowId, runId: latest.runId }, maximumPageSize: 1 });
  let runId: string | null | undefined = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId;
  while (runId) {
    yield { workflowId, runId };
    const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
}

/** As the server's own enum has them; the time-skipping server cannot list what it knows. */
const indexedTypes = (): Record<string, number> => {
  const numbers: Record<string, number> = { Text: 1, Keyword: 2, Int: 3, Double: 4, Bool: 5, Datetime: 6, KeywordList: 7 };
  return Object.fromEntries(Object.entries(searchAttributes).map(([name, type]) => [name, numbers[type] ?? 0]));
};

let installed = false;

function installQuietly(): void {
  if (!installed) Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'ERROR' } } });
  installed = true;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

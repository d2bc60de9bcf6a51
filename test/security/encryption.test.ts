import { createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, type WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure, defaultPayloadConverter, type Payload } from '@temporalio/common';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { freePort } from '../../local/processes/ports.ts';
import { startTemporal, type LocalTemporal } from '../../local/servers/temporal.ts';
import { dataConverter, failureConverterPath } from '../../security/data-converter.ts';
import { keyringOf, type Key } from '../../security/keyring.ts';
import { payloadCodec } from '../../security/payload-codec.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import {
  ask,
  end,
  receivedQuery,
  stumble,
  notify,
  type Errands,
  type Received,
  type ScratchActivities,
} from './scratch-workflows.ts';
import { certify, signStatement } from '../../security/signing.ts';
import { testRoot, testRoots, testSigning } from '../support/test-keyring.ts';

const { History: HistoryMessage } = proto.temporal.api.history.v1;
const taskQueue = 'scratch';
const canary = '王小明 13812345678';
const visible = 'ids-stay-readable';
const key = { id: 'test', secret: randomBytes(32) };
const converter = dataConverter(keyringOf([key]), { roots: testRoots });
const codec = payloadCodec(keyringOf([key]), { roots: testRoots });

const dataDir = temporaryDirectory();
let temporal: LocalTemporal,
  connection: Connection,
  native: NativeConnection,
  worker: Worker,
  running: Promise<void>;
let workflowBundle: WorkflowBundleWithSourceMap;
/** One client of ours, and one without the codec, such as `temporal workflow signal`. */
let client: Client, stranger: Client;

const activities: ScratchActivities = {
  echo: async (value) => value,
  forget: async () => {},
  refuse: async (value) => {
    throw ApplicationFailure.create({
      message: value,
      type: 'Refused',
      details: [value],
      cause: new Error(`because of ${value}`),
    });
  },
};

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => {}),
    telemetryOptions: { logging: { filter: 'ERROR' } },
  });
  temporal = await startTemporal({ dataDir, port: await freePort(), uiPort: 0, headless: true });
  connection = await Connection.connect({ address: temporal.address });
  native = await NativeConnection.connect({ address: temporal.address });
  client = new Client({ connection, dataConverter: converter });
  stranger = new Client({ connection });
  workflowBundle = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, 'scratch-workflows.ts'),
    failureConverterPath,
    logger: new DefaultLogger('ERROR'),
  });
  worker = await Worker.create({
    connection: native,
    taskQueue,
    dataConverter: converter,
    workflowBundle,
    activities,
    maxCachedWorkflows: 2,
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await native.close();
  await connection.close();
  await temporal.stop();
});

test('everything that a claim does is read back by us, and nobody else can read it in Temporal', async () => {
  const workflowId = `claim-${visible}`;
  const first = await client.workflow.start<(start: Errands) => Promise<Received[]>>('scratch', {
    workflowId,
    taskQueue,
    args: [{ secret: `start ${canary}`, runs: 1 }],
    staticSummary: `summary ${canary}`,
    staticDetails: `details ${canary}`,
    memo: { note: `memo ${canary}` },
  });
  const handle = client.workflow.getHandle(workflowId);
  await until(async () => (await handle.query(receivedQuery)).length >= 8);
  await handle.signal(notify, { messages: `signal ${canary}` });
  expect(await handle.executeUpdate(ask, { args: [`update ${canary}`] })).toEqual({
    answer: `update ${canary}`,
  });
  await handle.signal(end);

  expect(await handle.result()).toEqual([
    { by: 'start', value: `start ${canary}` },
    { by: 'activity', value: `far start ${canary}` },
    { by: 'activity' },
    { by: 'local-activity', value: `near start ${canary}` },
    { by: 'child', value: `${workflowId}-child has child's start ${canary}` },
    {
      by: 'failure',
      value: ['Activity task failed', `refused start ${canary}`, `because of refused start ${canary}`],
    },
    { by: 'failure', value: [`refused start ${canary}`, `because of refused start ${canary}`] },
    { by: 'start', value: `start ${canary}` },
    { by: 'signal', value: { messages: `signal ${canary}` } },
    { by: 'update', value: `update ${canary}` },
  ]);
  const description = await client.workflow.getHandle(workflowId, first.firstExecutionRunId).describe();
  expect([await description.staticSummary(), await description.staticDetails(), description.memo]).toEqual([
    `summary ${canary}`,
    `details ${canary}`,
    { note: `memo ${canary}` },
  ]);

  const histories = [
    ...(await historiesOf(handle, first.firstExecutionRunId)),
    await client.workflow.getHandle(`${workflowId}-child`).fetchHistory(),
  ];
  expect(histories).toHaveLength(3);
  const raw = Buffer.concat(histories.map((history) => HistoryMessage.encode(history).finish()));
  expect([raw.includes(visible), raw.includes(canary), raw.includes('13812345678')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('the message of a fault that fails a workflow task is not readable either', async () => {
  const handle = await begin('stumbles');
  await client
    .withDeadline(Date.now() + 2_000, () =>
      handle.executeUpdate(stumble, { args: [`stumbled over ${canary}`] }),
    )
    .catch(() => undefined);
  const { events } = await handle.fetchHistory();
  await handle.terminate();
  const failed = events?.find(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes)
    ?.workflowTaskFailedEventAttributes?.failure;
  expect(failed?.message).toBe('Encoded failure');
  expect(failed && (await opened(failed.encodedAttributes))).toMatchObject({
    message: `stumbled over ${canary}`,
  });
  expect(Buffer.from(JSON.stringify(events)).includes(canary)).toBe(false);
});

test('a payload past the codec reaches the handlers as a marker, and the workflow continues', async () => {
  const handle = await begin('plaintext-messages');
  const plain = stranger.workflow.getHandle(handle.workflowId);
  await plain.signal(notify, 'approved');
  // The answer is encrypted, so a stranger cannot read it.
  await plain.executeUpdate(ask, { args: ['approved'] }).catch(() => undefined);
  await handle.signal(notify, 'readable');
  expect((await finish(handle)).slice(1)).toEqual([
    { by: 'signal', value: 'plaintext' },
    { by: 'update', value: 'plaintext' },
    { by: 'signal', value: 'readable' },
  ]);
});

test('a workflow that is started with plaintext knows it', async () => {
  await stranger.workflow.start('scratch', {
    workflowId: 'plaintext-start',
    taskQueue,
    args: [{ secret: 'none', runs: 0 }],
  });
  expect(await finish(client.workflow.getHandle('plaintext-start'))).toEqual([
    { by: 'start', value: 'plaintext' },
  ]);
});

test('a copied, changed or foreign payload is a marker; one from the codec server is not', async () => {
  const [handle, other] = [await begin('copied-to'), await begin('copied-from')];
  const started =
    (await other.fetchHistory()).events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0] ??
    {};
  const ours = (await codec.encode([defaultPayloadConverter.toPayload('typed')]))[0] ?? {};
  const foreign =
    (
      await payloadCodec(keyringOf([{ id: 'foreign', secret: randomBytes(32) }]), { roots: [] }).encode([
        defaultPayloadConverter.toPayload('x'),
      ])
    )[0] ?? {};
  const cut = { ...ours, data: (ours.data ?? new Uint8Array()).slice(0, 30) };
  for (const payload of [started, cut, foreign, ours]) await signalRaw(handle.workflowId, payload);

  expect((await finish(handle)).slice(1).map(({ value }) => value)).toEqual([
    'bound-elsewhere',
    'tampered',
    'unknown-key',
    'typed',
  ]);
  await finish(other);
});

test('a claim whose key is missing is visibly blocked until the key is back; others continue', async () => {
  const [old, young] = [
    { id: 'old', secret: randomBytes(32) },
    { id: 'young', secret: randomBytes(32) },
  ];
  const begun = async (workflowId: string, ...keys: Key[]): Promise<WorkflowHandle> => {
    await new Client({ connection, dataConverter: under(...keys) }).workflow.start('scratch', {
      workflowId,
      taskQueue: 'keys',
      args: [{ secret: canary, runs: 0 }],
    });
    return new Client({ connection, dataConverter: under(old, young) }).workflow.getHandle(workflowId);
  };
  const stopYoung = await working(young);
  const [locked, free] = [await begun('locked', old), await begun('free', young)];
  await until(async () => taskFailures(await locked.fetchHistory()).length > 0);
  expect(await finish(free)).toEqual([{ by: 'start', value: canary }]);
  await stopYoung();

  const stopBoth = await working(old, young);
  expect(await finish(locked)).toEqual([{ by: 'start', value: canary }]);
  await stopBoth();
});

test('a claim that is reset reads what it had before', async () => {
  const handle = await begin('reset', 1);
  const [firstRun] = await waitForRuns(handle, 2);
  await client.workflowService.resetWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId: handle.workflowId, runId: firstRun?.runId ?? '' },
    workflowTaskFinishEventId: afterFirstActivity(firstRun?.history),
    reason: 'test',
    requestId: 'reset-1',
  });
  const again = client.workflow.getHandle(handle.workflowId);
  await until(async () => (await again.query(receivedQuery)).length === 8);
  const received = await finish(again);
  expect(received.map(({ by }) => by)).toEqual([
    'start',
    'activity',
    'activity',
    'local-activity',
    'child',
    'failure',
    'failure',
    'start',
  ]);
  expect(received[1]?.value).toBe(`far ${canary}`);
});

test('a schedule starts workflows that can read its input', async () => {
  const schedule = await client.schedule.create({
    scheduleId: 'weekly',
    spec: {},
    action: {
      type: 'startWorkflow',
      workflowType: 'scheduled',
      workflowId: 'weekly-run',
      taskQueue,
      args: [{ secret: canary }],
    },
  });
  await schedule.trigger();
  let started: string | undefined;
  await until(async () => {
    const { info } = await schedule.describe();
    const action = info.recentActions[0]?.action;
    started = action?.type === 'startWorkflow' ? action.workflow.workflowId : undefined;
    return started !== undefined;
  });
  expect(started).toMatch(/^weekly-run-\d{4}-/);
  expect(await client.workflow.getHandle(started ?? '').result()).toBe(canary);
  await schedule.delete();
});

test("a recorded history is replayed under its workflow's id, and under no other", async () => {
  const handle = await begin('replayed', 1);
  const runs = await waitForRuns(handle, 2);
  await finish(handle);
  const recorded = [
    ...runs.map(({ history }) => history),
    await client.workflow.getHandle('replayed-child').fetchHistory(),
  ].map((history) => historyFromJSON(JSON.parse(historyToJSON(history))));
  const options = { workflowBundle, dataConverter: converter };

  for (const [index, workflowId] of ['replayed', 'replayed', 'replayed-child'].entries())
    await Worker.runReplayHistory(options, recorded[index], workflowId);
  await expect(Worker.runReplayHistory(options, recorded[0])).rejects.toThrow(/Nondeterminism/i);
});

test('who signed what is the same in a replay with a root more and after the certificate; a root that is missing would change it', async () => {
  const { privateKey } = testSigning;
  const [begun, at, ended] = [3, 2, 1].map((hours) => new Date(Date.now() - hours * 3_600_000));
  const certificate = certify(testRoot, createPublicKey(privateKey), {
    from: begun ?? new Date(),
    until: ended ?? new Date(),
  });
  const proof = signStatement(
    { privateKey, certificate },
    {
      claim: 'L7K3M-9Q2X4',
      act: 'ask',
      id: 'signed-1',
      at: (at ?? new Date()).toISOString(),
      by: { kind: 'system' },
      fields: {},
    },
  );
  await client.workflow.start('witness', { workflowId: 'witnessed', taskQueue });
  const handle = client.workflow.getHandle('witnessed');
  expect(await handle.executeUpdate(ask, { args: [proof] })).toBe('signed-1');
  expect(
    await handle.executeUpdate(ask, { args: [{ ...proof, signed: proof.signed.replace('-1', '-2') }] }),
  ).toBeUndefined();
  await handle.signal(end);
  await handle.result();
  const history = await handle.fetchHistory();

  const replay = (roots: readonly KeyObject[]): Promise<void> =>
    Worker.runReplayHistory(
      { workflowBundle, dataConverter: dataConverter(keyringOf([key]), { roots }) },
      history,
      'witnessed',
    );
  const young = generateKeyPairSync('ed25519').publicKey;
  await replay(testRoots);
  await replay([young, ...testRoots]);
  await expect(replay([young])).rejects.toThrow(/Nondeterminism/i);
});

test("no file of Temporal's has any content of claims", async () => {
  const files = readdirSync(dataDir)
    .filter((name) => name.startsWith('temporal.sqlite'))
    .map((name) => readFileSync(join(dataDir, name)));
  const holds = (text: string): boolean => files.some((bytes) => bytes.includes(text));
  expect([holds(visible), holds(canary), holds('13812345678')]).toEqual([true, false, false]);
});

/** The records of this test need whatever key a payload names. */
const under = (...keys: Key[]) =>
  dataConverter(keyringOf(keys), { roots: testRoots, needsKey: async () => true });
const taskFailures = ({ events }: History) =>
  (events ?? []).filter(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes);

/** A worker with these keys; the answer stops it. */
async function working(...keys: Key[]): Promise<() => Promise<void>> {
  const one = await Worker.create({
    connection: native,
    taskQueue: 'keys',
    dataConverter: under(...keys),
    workflowBundle,
    activities,
  });
  const done = one.run();
  return () => {
    one.shutdown();
    return done;
  };
}

/** Returns when the workflow has started its work. An earlier message would be handled before the start. */
async function begin(workflowId: string, runs = 0): Promise<WorkflowHandle> {
  await client.workflow.start('scratch', { workflowId, taskQueue, args: [{ secret: canary, runs }] });
  const handle = client.workflow.getHandle(workflowId);
  await until(async () => (await handle.query(receivedQuery)).length > 0);
  return handle;
}

async function finish(handle: WorkflowHandle): Promise<Received[]> {
  await handle.signal(end);
  return handle.result();
}

const opened = async (payload: Payload | null | undefined): Promise<unknown> =>
  payload && defaultPayloadConverter.fromPayload((await codec.decode([payload]))[0] ?? {});

const signalRaw = (workflowId: string, payload: Payload): Promise<unknown> =>
  connection.workflowService.signalWorkflowExecution({
    namespace: 'default',
    workflowExecution: { workflowId },
    signalName: 'tell',
    input: { payloads: [payload] },
  });

/** A workflow's runs, first to last. */
async function runsOf(workflowId: string, firstRun: string): Promise<{ runId: string; history: History }[]> {
  const runs: { runId: string; history: History }[] = [];
  for (let runId: string | null | undefined = firstRun; runId;) {
    const history: History = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    runs.push({ runId, history });
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return runs;
}

const historiesOf = async ({ workflowId }: WorkflowHandle, firstRun: string): Promise<History[]> =>
  (await runsOf(workflowId, firstRun)).map(({ history }) => history);

async function waitForRuns(
  { workflowId }: WorkflowHandle,
  count: number,
): Promise<{ runId: string; history: History }[]> {
  const { history } = await client.workflowService.getWorkflowExecutionHistory({
    namespace: 'default',
    execution: { workflowId },
    maximumPageSize: 1,
  });
  const firstRun = history?.events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? '';
  let runs: { runId: string; history: History }[] = [];
  await until(async () => {
    runs = await runsOf(workflowId, firstRun);
    return runs.length === count;
  });
  return runs;
}

/** The first workflow task that completed after an activity completed. */
function afterFirstActivity(history: History | undefined) {
  const events = history?.events ?? [];
  const done = events.findIndex(
    ({ activityTaskCompletedEventAttributes }) => activityTaskCompletedEventAttributes,
  );
  return events
    .slice(done)
    .find(({ workflowTaskCompletedEventAttributes }) => workflowTaskCompletedEventAttributes)?.eventId;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const limit = Date.now() + 15_000;
  while (!(await holds())) {
    if (Date.now() > limit) throw new Error('It did not come to that');
    await new Promise((wake) => setTimeout(wake, 50));
  }
}

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyFromJSON, historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { timeSkippingServer } from '../../local/tools.ts';
import { dataConverter } from '../../security/data-converter.ts';
import { workflowBundle } from '../../workers/workflow-bundle.ts';
import { startReplayer } from '../support/replay.ts';
import { testKeyring, testRoots } from '../support/test-keyring.ts';
import { remindingInto } from './activities.ts';

/**
 * How a workflow is changed while runs of it are open (docs/changing-a-workflow.md), on one that is small
 * enough to read. The history is of its first version: `npx jest --globals '{"recordHistories":true}'
 * test/changing-a-workflow` records it anew.
 */
const recorded = join(import.meta.dirname, 'history.json');
const workflowId = 'reminder-1';
/** Written into the history instead of the machine's name. */
const identity = 'test';

type Version = 'reminder' | 'reminder-patched' | 'reminder-unpatched';

const bundles = new Map<Version, Promise<string>>();

function codeOf(version: Version): Promise<string> {
  const known = bundles.get(version) ?? workflowBundle(join(import.meta.dirname, `${version}.ts`));
  bundles.set(version, known);
  return known;
}

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

/** Runs this version to its end, with a week of it skipped; what it sent, and its history. */
async function runs(version: Version): Promise<{ sent: string[]; history: History }> {
  const converter = dataConverter(testKeyring(), { roots: testRoots });
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    client: { dataConverter: converter, identity },
    server: { executable: { type: 'existing-path', path: await timeSkippingServer() } },
  });
  try {
    const { workflow } = env.client;
    const sent: string[] = [];
    const worker = await Worker.create({
      connection: env.nativeConnection,
      taskQueue: 'reminders',
      identity,
      dataConverter: converter,
      workflowBundle: { code: await codeOf(version) },
      activities: remindingInto(sent),
    });
    const options = { workflowId, taskQueue: worker.options.taskQueue, args: ['party-1'] };
    await worker.runUntil(() => workflow.execute('reminder', options));
    return { sent, history: await workflow.getHandle(workflowId).fetchHistory() };
  } finally {
    await env.teardown();
  }
}

/** Undefined where the history replays on this version, else the sentence that says why not. */
async function replays(version: Version, history: History): Promise<string | undefined> {
  const replayer = startReplayer({ code: await codeOf(version) });
  try {
    await replayer.replay(history, workflowId);
    return undefined;
  } catch (fault) {
    return String(fault);
  } finally {
    await replayer.stop();
  }
}

const recordedHistory = (): History => historyFromJSON(JSON.parse(readFileSync(recorded, 'utf8')));

if (Reflect.get(globalThis, 'recordHistories') === true)
  test('records the history of the first version', async () => {
    const { sent, history } = await runs('reminder');
    expect(sent).toEqual(['letter to party-1', 'letter to party-1']);
    writeFileSync(recorded, `${JSON.stringify(JSON.parse(historyToJSON(history)), null, 2)}\n`);
  });

test('the recorded history replays on the version that it was recorded with', async () => {
  expect(await replays('reminder', recordedHistory())).toBeUndefined();
});

test('a change made by `patched` leaves a run that began before on its path', async () => {
  expect(await replays('reminder-patched', recordedHistory())).toBeUndefined();
});

test('the same change without `patched` fails the replay, which names the step', async () => {
  const words = await replays('reminder-unpatched', recordedHistory());
  expect(words).toContain('At the step timer 1 (wait for an answer), event 11 of the history: ');
  expect(words).toContain('Nondeterminism error');
});

test('a run that begins on the changed version takes the new way, and replays on it alone', async () => {
  const { sent, history } = await runs('reminder-patched');
  expect(sent).toEqual(['letter to party-1', 'text to party-1', 'letter to party-1']);
  expect(await replays('reminder-patched', history)).toBeUndefined();
  expect(await replays('reminder', history)).toContain('text-with-the-first-letter');
});

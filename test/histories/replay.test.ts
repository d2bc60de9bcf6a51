import { Worker } from '@temporalio/worker';
import { dataConverter } from '../../security/data-converter.ts';
import { recordedHistories } from '../support/histories.ts';
import { runtime } from '../support/runtime.ts';
import { testKeyring } from '../support/test-keyring.ts';

const histories = recordedHistories();
const options = () => ({ workflowBundle: { codePath: runtime().bundle }, dataConverter: dataConverter(testKeyring()) });

test('the four stories have been recorded since the first release', () => {
  const names = histories.map(({ name }) => name);
  for (const story of ['busy-customer', 'large-loss', 'silent-surveyor', 'third-party-invoice']) expect(names).toContain(`0.1.0/${story}.1`);
});

test.each(histories.map(({ name, workflowId, history }) => [name, workflowId, history] as const))('%s replays on this release', async (_, workflowId, history) => {
  await Worker.runReplayHistory(options(), history, workflowId);
});

test('a history that this code would not write is refused', async () => {
  const [first] = histories;
  if (!first) throw new Error('Nothing is recorded');
  const events = first.history.events?.filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name !== 'takeNotice') ?? [];
  await expect(Worker.runReplayHistory(options(), { events }, first.workflowId)).rejects.toThrow();
});

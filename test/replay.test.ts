import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { temporal } from '@temporalio/proto';
import { historiesFolder, recordedHistories } from './support/histories.ts';
import { startReplayer, type Replayer } from './support/replay.ts';

const histories = recordedHistories();

let replayer: Replayer;
beforeAll(() => {
  // Of each history a worker says that it is one.
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  replayer = startReplayer();
});
afterAll(() => replayer.stop());

test('every path of the flow tests is recorded once, and all of them together stay small', () => {
  const paths = histories.map(({ name }) => name.slice(-8));
  expect(new Set(paths).size).toBe(paths.length);
  expect(paths.length).toBeGreaterThan(100);
  const sizes = readdirSync(historiesFolder).map((file) => statSync(join(historiesFolder, file)).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(6_000_000);
});

test.each(histories.map(({ name, workflowId, history }) => [name, workflowId, history] as const))(
  '%s replays on this code',
  async (_, workflowId, history) => {
    await replayer.replay(history, workflowId);
  },
);

type Event = temporal.api.history.v1.IHistoryEvent;

const isOpening = ({ activityTaskScheduledEventAttributes: activity }: Event): boolean =>
  activity?.activityType?.name === 'openFrom';

const anotherActivity = {
  activityType: { name: 'askTheNeighbours' },
  activityId: '99',
  taskQueue: { name: 'claims' },
};

test.each<[string, Partial<Event>, string]>([
  [
    'an activity',
    { eventType: 10, activityTaskScheduledEventAttributes: anotherActivity },
    'activity askTheNeighbours (keep the notice of loss and acknowledge it)',
  ],
  [
    'a timer',
    { eventType: 17, timerStartedEventAttributes: { timerId: '99' } },
    'timer 99 (keep the notice of loss and acknowledge it)',
  ],
])(
  'a history that holds more than this code would do is refused with the name of the step: %s',
  async (_, step, named) => {
    const first = histories.find(({ history }) => (history.events ?? []).some(isOpening));
    const events = first?.history.events ?? [];
    const at = events.findIndex(isOpening);
    const { activityTaskScheduledEventAttributes: _activity, ...taken } = events[at] ?? {};
    const more = { ...taken, ...step, eventId: events[at + 1]?.eventId ?? null };
    const fault: unknown = await replayer
      .replay({ events: [...events.slice(0, at + 1), more] }, first?.workflowId ?? '')
      .catch((thrown: unknown) => thrown);
    expect(String(fault)).toContain(`At the step ${named}, event ${at + 2} of the history: `);
  },
);

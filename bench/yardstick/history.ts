import type { History } from '@temporalio/common/lib/proto-utils.js';
import { eventsIn, histogramOf, type Histogram } from '../fairness.ts';

/** The yardstick's two workflows as recorded. */
export interface YardstickHistories {
  parent: History;
  child: History;
}

const tasks = (count: number): Histogram => ({
  'workflow-task-scheduled': count,
  'workflow-task-started': count,
  'workflow-task-completed': count,
});

const activities = (count: number): Histogram => ({
  'activity-task-scheduled': count,
  'activity-task-started': count,
  'activity-task-completed': count,
});

/** The counts are fixed, so that figures of different versions can be compared. */
const fixed: Record<keyof YardstickHistories, { events: number; counts: Histogram }> = {
  parent: {
    events: 84,
    counts: {
      'workflow-execution-started': 1,
      ...tasks(14),
      ...activities(9),
      'timer-started': 2,
      'timer-fired': 1,
      'timer-canceled': 1,
      'upsert-workflow-search-attributes': 5,
      'workflow-execution-signaled': 1,
      'start-child-workflow-execution-initiated': 1,
      'child-workflow-execution-started': 1,
      'child-workflow-execution-completed': 1,
      'workflow-execution-completed': 1,
    },
  },
  child: {
    events: 20,
    counts: {
      'workflow-execution-started': 1,
      ...tasks(3),
      ...activities(3),
      'workflow-execution-completed': 1,
    },
  },
};

/** How recorded histories differ from the fixed counts, in words; empty if they do not. */
export const differencesFromFixed = (recorded: YardstickHistories): string[] => [
  ...differences('parent', recorded.parent),
  ...differences('child', recorded.child),
];

function differences(which: keyof YardstickHistories, history: History): string[] {
  const { events, counts } = fixed[which];
  const found = histogramOf(history);
  const types = [...new Set([...Object.keys(counts), ...Object.keys(found)])].toSorted();
  return [
    ...(eventsIn(found) === events
      ? []
      : [`the ${which} has ${eventsIn(found)} events instead of ${events}`]),
    ...types
      .filter((type) => (found[type] ?? 0) !== (counts[type] ?? 0))
      .map((type) => `${type} of the ${which}: ${found[type] ?? 0} instead of ${counts[type] ?? 0}`),
  ];
}

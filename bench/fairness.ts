import proto from '@temporalio/proto';
import type { History } from '@temporalio/common/lib/proto-utils.js';

const { EventType } = proto.temporal.api.enums.v1;

/** How often each type of event occurs. */
export type Histogram = Record<string, number>;

export function histogramOf({ events }: History): Histogram {
  return counted(
    (events ?? []).map(({ eventType }) =>
      String(EventType[eventType ?? 0])
        .replace('EVENT_TYPE_', '')
        .toLowerCase()
        .replaceAll('_', '-'),
    ),
  );
}

/** How often each activity was scheduled. */
export const activitiesOf = ({ events }: History): Histogram =>
  counted(
    (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    ),
  );

function counted(names: string[]): Histogram {
  const counts: Histogram = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

export const eventsIn = (counts: Histogram): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

const isOfTask = (type: string): boolean => type.startsWith('workflow-task-');

/**
 * Why two histories cannot be compared, in words; none if they can. Workflow tasks may differ by one, because
 * they depend on the moment at which answers come.
 */
export function unfairness(real: Histogram, bare: Histogram): string[] {
  const types = [...new Set([...Object.keys(real), ...Object.keys(bare)])].toSorted();
  return types
    .filter((type) => Math.abs((real[type] ?? 0) - (bare[type] ?? 0)) > (isOfTask(type) ? 1 : 0))
    .map((type) => `${type}: ${real[type] ?? 0} of the claim, ${bare[type] ?? 0} of the bare one`);
}

import type { Task } from '../../own-api/schemas/work.ts';
import { counted, table } from '../table.ts';
import { dueTime, since } from '../input/times.ts';

export function workPage(tasks: Task[]): string {
  if (tasks.length === 0) return 'Nothing waits for you.';
  const rows = tasks.map((task) => [
    task.claim,
    task.followUp ? `${task.what}\n(closed: ${task.followUp})` : task.what,
    task.item ?? '',
    since(task.since),
    dueTime(task.due),
  ]);
  return [
    table(['claim', 'what', 'item', 'waiting', 'due'], rows),
    '',
    `${counted(tasks.length, 'thing')} to do.`,
  ].join('\n');
}

import type { Task } from '../../own-api/schemas/work.ts';
import { counted, table } from '../table.ts';
import { dueTime, since, zoneLine } from '../input/times.ts';
import { nextCommand, whatWaits, type Looked } from './next-command.ts';

/** Who asks, as far as the list can say it. */
export interface Worker {
  code: string;
  roles: readonly string[];
}

export interface Line {
  task: Task;
  looked: Looked;
}

/** What waits, the oldest first, and under each line what can be typed next. */
export function workPage(lines: Line[], worker: Worker): string {
  if (lines.length === 0) return nothing(worker);
  const rows = lines.map(({ task, looked }) => [
    task.claim,
    whatWaits(task, looked, worker.code),
    task.item ?? '',
    since(task.since),
    dueTime(task.due),
  ]);
  const [head = '', ...rest] = table(['claim', 'what', 'item', 'waiting', 'due'], rows).split('\n');
  const under = lines.map(({ task, looked }) => [
    ...(looked.wrote === undefined ? [] : [`  “${looked.wrote}”`]),
    `  → bin/lipei ${nextCommand(task, looked, worker.code)} --as ${worker.code}`,
  ]);
  return [
    head,
    ...rest.flatMap((line, index) => [line, ...(under[index] ?? [])]),
    '',
    `${counted(lines.length, 'thing')} to do for ${worker.code}. ${zoneLine()}`,
  ].join('\n');
}

/** An empty list says what would come there, so that nobody waits for what never comes. */
function nothing({ code, roles }: Worker): string {
  const comes = roles.flatMap((role) => whatComes[role] ?? []);
  return [`Nothing waits for ${code}.`, ...comes].join(' ');
}

const whatComes: Record<string, string> = {
  hotline: 'The hotline files claims and brings in documents; nothing is put on its list.',
  surveyor: 'A new claim of the branch waits for its surveyor.',
  handler: 'Papers to check, losses to assess and people to call come to the handler of the claim.',
  verifier: 'Assessments to verify come here.',
  reviewer: 'Payments to review come here.',
  finance: 'Payments go to the bank by themselves; nothing is put on the list of finance.',
  supervisor: 'What has stood still for too long comes to the supervisor.',
  manager: 'What has stood still in spite of the supervisor, or is overdue by law, comes to the manager.',
  executive: 'Reviews that nobody has made for days come to the executive.',
  auditor: 'Auditors look at everything and do nothing: claims list --all, claims journal.',
  operations: 'Letters to post, and what is broken, come to operations.',
};

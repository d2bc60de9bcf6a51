import type { Task } from '../../own-api/schemas/work.ts';
import { counted, table } from '../table.ts';
import { dueTime, since, zoneLine } from '../input/times.ts';
import { nextCommand, whatWaits, type Looked } from './next-command.ts';

/** The person whose list it is. */
export interface Worker {
  code: string;
  roles: readonly string[];
}

export interface Line {
  task: Task;
  looked: Looked;
}

/** The tasks, the oldest first, and under each the command to type next. */
export function workPage(lines: Line[], worker: Worker): string {
  if (lines.length === 0) return nothing(worker);
  const rows = lines.map(({ task, looked }) => [
    task.claim,
    whatWaits(task, looked),
    task.item ?? '',
    since(task.since),
    dueTime(task.due),
  ]);
  const [head = '', ...rest] = table(['claim', 'task', 'item', 'waiting', 'due'], rows).split('\n');
  const under = lines.map(({ task, looked }) => [
    ...(looked.wrote === undefined ? [] : [`  “${looked.wrote}”`]),
    ...inPlace(task),
    ...alsoFor(task),
    `${arrow}bin/lipei ${nextCommand(task, looked)} --as ${worker.code}`,
  ]);
  return [
    head,
    ...rest.flatMap((line, index) => [line, ...(under[index] ?? [])]),
    '',
    `${counted(lines.length, 'task')} to do for ${worker.code}. ${zoneLine()}`,
  ].join('\n');
}

/** Begins the line with the command to type. */
export const arrow = '  → ';

const inPlace = ({ inPlaceOf }: Task): string[] =>
  inPlaceOf === undefined ? [] : [`  you stand in for ${inPlaceOf}`];

const namedAtMost = 4;

/** Who else may take it, those who are absent with the last day of it. */
function alsoFor({ others }: Task): string[] {
  if (others.length === 0) return [];
  const named = others.slice(0, namedAtMost).map(({ code, absent }) => `${code}${absentInWords(absent)}`);
  const more = others.length - named.length;
  return [`  also for ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}`];
}

function absentInWords(absent: Task['others'][number]['absent']): string {
  if (!absent) return '';
  return absent.until === null ? ' (absent)' : ` (absent until ${absent.until})`;
}

/** An empty list names the tasks that will come to it. Some roles never get tasks. */
function nothing({ code, roles }: Worker): string {
  const comes = roles.flatMap((role) => whatComes[role] ?? []);
  return [`Nothing waits for ${code}.`, ...comes].join(' ');
}

const whatComes: Record<string, string> = {
  hotline: 'The hotline files claims and adds documents; it gets no tasks.',
  surveyor: 'You get the surveys of new claims of your branch.',
  handler: 'You get documents to check, losses to assess and people to call.',
  verifier: 'You get assessments to verify.',
  reviewer: 'You get payments to review that are within your limit.',
  finance: 'Payments go to the bank automatically; finance gets no tasks.',
  supervisor:
    'You get appeals, documents that came after closing, and tasks that others have not done for too long.',
  manager:
    'You get reviews above the limits of reviewers, tasks that stay undone after the supervisor, ' +
    'and decisions that the law makes overdue.',
  executive: 'You get reviews above the limits of managers, and those that nobody has done for days.',
  auditor: 'Auditors read every claim and change none: claims list --all, claims journal.',
  operations: 'You get letters to post, problems, and follow-ups of closed claims.',
};

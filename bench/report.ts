import { present } from '../domain/present.ts';
import { actFiguresOf, actsInWords } from './acts/report.ts';
import type { Acted } from './acts/acted.ts';
import { isMet, loadOf, type Compared, type Load, type Summary } from './comparison.ts';
import { eventsIn, type Histogram } from './fairness.ts';
import type { Run } from './load.ts';
import { table } from './markdown.ts';
import type { Memory } from './memory.ts';
import { median } from './quantile.ts';
import type { ReplayRate } from './replay.ts';
import type { Side } from './sides.ts';
import { budget } from './targets.ts';

export interface Histories {
  claim: Histogram;
  bare: Histogram;
  /** How often each of the claim's activities ran, by name. */
  activities: Histogram;
}

export interface Findings {
  /** Absent when no part needs them. */
  histories?: Histories;
  /** In rounds; each round has every side once. */
  runs: Run[][];
  /** The same on a full server with PostgreSQL, where one was given. */
  runsOnFullServer: Run[][];
  memory: Memory[];
  replay: ReplayRate[];
  /** The acts of clerks on the whole stack. */
  acted: Acted[];
}

const perClaim = ({ open, bytesBefore, bytesAfter }: Memory): number => (bytesAfter - bytesBefore) / open;

const rateOf = (replay: ReplayRate[], side: Side): number =>
  median(replay.filter((rate) => rate.side === side).map(({ perSecond }) => perSecond));

const eventsOf = ({ claim, bare, activities }: Histories) => ({
  claim: eventsIn(claim),
  bare: eventsIn(bare),
  workflowTasks: claim['workflow-task-completed'] ?? 0,
  budget,
  histogram: claim,
  activities,
});

/** For programs. Of every ratio but those of CPU and memory, more is better. */
export function figuresOf({ histories, runs, runsOnFullServer, memory, replay, acted }: Findings) {
  const [bareMemory, realMemory] = memory.map(perClaim);
  return present({
    events: histories && eventsOf(histories),
    load: runs.length > 0 ? loadOf(runs) : undefined,
    loadOnFullServer: runsOnFullServer.length > 0 ? loadOf(runsOnFullServer) : undefined,
    memory:
      bareMemory !== undefined && realMemory !== undefined
        ? {
            sides: memory,
            bytesPerClaim: realMemory,
            bytesPerBareClaim: bareMemory,
            memoryRatio: realMemory / bareMemory,
          }
        : undefined,
    replay:
      replay.length > 0
        ? {
            claimsPerSecond: rateOf(replay, 'no effects'),
            bareClaimsPerSecond: rateOf(replay, 'bare'),
            ratio: rateOf(replay, 'no effects') / rateOf(replay, 'bare'),
          }
        : undefined,
    acts: acted.length > 0 ? actFiguresOf(acted) : undefined,
  });
}

/** A sentence when the claim takes more than its budget. */
export function overBudget(histories: Histories): string | undefined {
  const { claim, workflowTasks } = eventsOf(histories);
  if (claim <= budget.events && workflowTasks <= budget.workflowTasks) return undefined;
  return (
    `The claim has ${claim} events in ${workflowTasks} workflow tasks; ` +
    `its budget is ${budget.events} in ${budget.workflowTasks}.`
  );
}

/** For people, as Markdown. */
export function inWords(findings: Findings): string {
  const { load, loadOnFullServer, memory, replay, acts } = figuresOf(findings);
  return [
    ...(findings.histories ? historiesInWords(findings.histories) : []),
    ...(load ? loadInWords('On the development server', load) : []),
    ...(loadOnFullServer ? loadInWords('On a full server with PostgreSQL', loadOnFullServer) : []),
    memory && memoryInWords(memory),
    replay && replayInWords(replay),
    ...(acts ? actsInWords(acts) : []),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

function historiesInWords(histories: Histories): string[] {
  const { claim, bare } = histories;
  const events = eventsOf(histories);
  return [
    `A claim of a large payment: ${events.claim} events (budget ${budget.events}), ` +
      `${events.workflowTasks} workflow tasks (budget ${budget.workflowTasks}); ` +
      `the bare workflow: ${events.bare} events.`,
    table(
      ['Event', 'claim', 'bare'],
      Object.keys({ ...claim, ...bare })
        .toSorted()
        .map((type) => [type, String(claim[type] ?? 0), String(bare[type] ?? 0)]),
    ),
    `Its activities: ${Object.entries(events.activities)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')}.`,
  ];
}

const loadInWords = (where: string, { sides: each, comparisons }: Load): string[] => [
  `${where}:`,
  table(
    ['', 'claims/s', 'CPU ms a claim: server', 'worker', 'start p50/p99 ms', 'signal', 'update'],
    each.map(({ side, claimsPerSecond, serverCpuMs, workerCpuMs, start, signal, update }) => [
      side,
      claimsPerSecond.toFixed(2),
      serverCpuMs.toFixed(0),
      workerCpuMs.toFixed(0),
      ...[start, signal, update].map((spread) =>
        spread ? `${spread.p50Ms.toFixed(0)}/${spread.p99Ms.toFixed(0)}` : '',
      ),
    ]),
  ),
  table(
    ['', 'beside', 'ratio of claims/s', 'of all rounds', 'target', 'ratio of CPU a claim'],
    comparisons.map((one) => [
      one.side,
      one.beside,
      one.ratio.toFixed(2),
      `${one.lowestRatio.toFixed(2)} to ${one.highestRatio.toFixed(2)}`,
      targetInWords(one),
      one.cpuRatio.toFixed(2),
    ]),
  ),
  chart(each),
];

const targetInWords = (each: Compared): string =>
  each.atLeast === undefined ? '' : `at least ${each.atLeast}, ${isMet(each) ? 'met' : 'missed'}`;

type Figures = ReturnType<typeof figuresOf>;

const memoryInWords = ({ sides: each, bytesPerClaim, bytesPerBareClaim }: NonNullable<Figures['memory']>) =>
  `Memory with ${each[0]?.open} open claims in the cache: ${kilobytes(bytesPerClaim)} a claim, ` +
  `${kilobytes(bytesPerBareClaim)} a bare one; the worker has ${kilobytes(each[1]?.bytesAfter ?? 0)}.`;

const replayInWords = ({ claimsPerSecond, bareClaimsPerSecond, ratio }: NonNullable<Figures['replay']>) =>
  `Replay: ${claimsPerSecond.toFixed(1)} claims/s, bare ${bareClaimsPerSecond.toFixed(1)}, ` +
  `ratio ${ratio.toFixed(2)}.`;

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;

/** A Mermaid chart: claims a second of each side, a bar for the median. */
function chart(each: Summary[]): string {
  const bars = each.map(({ claimsPerSecond }) => claimsPerSecond);
  return [
    '```mermaid',
    'xychart-beta',
    '  title "Claims per second"',
    `  x-axis [${each.map(({ side }) => `"${side}"`).join(', ')}]`,
    `  y-axis "claims/s" 0 --> ${Math.ceil(Math.max(...bars))}`,
    `  bar [${bars.map((bar) => bar.toFixed(2)).join(', ')}]`,
    '```',
  ].join('\n');
}

import { eventsIn, type Histogram } from './fairness.ts';
import type { Run } from './load.ts';
import type { Memory } from './memory.ts';
import type { ReplayRate } from './replay.ts';
import { sides, type Side } from './sides.ts';
import { present } from '../domain/present.ts';

export interface Findings {
  claim: Histogram;
  bare: Histogram;
  /** How often each of the claim's activities ran, by name. */
  activities: Histogram;
  /** In rounds; each round has every side once. */
  runs: Run[][];
  /** The same on a full server with PostgreSQL, where one was given. */
  runsOnFullServer: Run[][];
  memory: Memory[];
  replay: ReplayRate[];
}

/** At q = 0.5 the median; of an even number of values the lower one of the two in the middle. */
export const quantile = (values: number[], q: number): number =>
  values.toSorted((a, b) => a - b)[
    Math.min(values.length - 1, Math.floor(q * (values.length - (q === 0.5 ? 1 : 0))))
  ] ?? Number.NaN;

const median = (values: number[]): number => quantile(values, 0.5);

interface Compared {
  ratio: number;
  lowestRatio: number;
  highestRatio: number;
}

const rateIn = (round: Run[], side: Side): number =>
  round.find((run) => run.side === side)?.claimsPerSecond ?? Number.NaN;

/** The side's rate over that of `bare`, within each round. */
function compared(runs: Run[][], side: Side): Compared {
  const ratios = runs.map((round) => rateIn(round, side) / rateIn(round, 'bare'));
  return { ratio: median(ratios), lowestRatio: Math.min(...ratios), highestRatio: Math.max(...ratios) };
}

const perClaim = ({ open, bytesBefore, bytesAfter }: Memory): number => (bytesAfter - bytesBefore) / open;

const rateOf = (replay: ReplayRate[], side: Side): number =>
  median(replay.filter((rate) => rate.side === side).map(({ perSecond }) => perSecond));

function summaryOf(runs: Run[][], side: Side) {
  const own = runs.flat().filter((run) => run.side === side);
  const latencies = (of: keyof Run['latencies']) => {
    const all = own.flatMap((run) => run.latencies[of]);
    return { p50Ms: quantile(all, 0.5), p99Ms: quantile(all, 0.99) };
  };
  return {
    side,
    claimsPerSecond: median(own.map(({ claimsPerSecond }) => claimsPerSecond)),
    serverCpuMs: median(own.map(({ cpuMs }) => cpuMs.server)),
    workerCpuMs: median(own.map(({ cpuMs }) => cpuMs.worker)),
    start: latencies('start'),
    signal: latencies('signal'),
    update: latencies('update'),
  };
}

const loadOf = (runs: Run[][]) => ({
  sides: sides.map((side) => summaryOf(runs, side)),
  noEffects: compared(runs, 'no effects'),
  realEffects: compared(runs, 'real effects'),
});

/** For programs. Every ratio is real over bare; more is better, except for memory. */
export function figuresOf({ claim, bare, activities, runs, runsOnFullServer, memory, replay }: Findings) {
  const [bareMemory, realMemory] = memory.map(perClaim);
  return {
    events: {
      claim: eventsIn(claim),
      bare: eventsIn(bare),
      workflowTasks: claim['workflow-task-completed'] ?? 0,
      histogram: claim,
      activities,
    },
    ...present({
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
    }),
  };
}

/** For people, as Markdown. */
export function inWords(findings: Findings): string {
  const { events, load, loadOnFullServer, memory, replay } = figuresOf(findings);
  return [
    `A claim of a large payment: ${events.claim} events, ${events.workflowTasks} workflow tasks; ` +
      `the bare workflow: ${events.bare} events.`,
    table(
      ['Event', 'claim', 'bare'],
      Object.keys({ ...findings.claim, ...findings.bare })
        .toSorted()
        .map((type) => [type, String(findings.claim[type] ?? 0), String(findings.bare[type] ?? 0)]),
    ),
    `Its activities: ${Object.entries(events.activities)
      .map(([name, times]) => `${name} ${times}`)
      .join(', ')}.`,
    ...(load ? inWordsOf('On the development server', load) : []),
    ...(loadOnFullServer ? inWordsOf('On a full server with PostgreSQL', loadOnFullServer) : []),
    memory && memoryInWords(memory),
    replay && replayInWords(replay),
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

const inWordsOf = (
  where: string,
  { sides: each, noEffects, realEffects }: ReturnType<typeof loadOf>,
): string[] => [
  `${where}:`,
  table(
    ['', 'claims/s', 'CPU ms a claim: server', 'worker', 'start p50/p99 ms', 'signal', 'update'],
    each.map(({ side, claimsPerSecond, serverCpuMs, workerCpuMs, start, signal, update }) => [
      side,
      claimsPerSecond.toFixed(2),
      serverCpuMs.toFixed(0),
      workerCpuMs.toFixed(0),
      ...[start, signal, update].map(({ p50Ms, p99Ms }) => `${p50Ms.toFixed(0)}/${p99Ms.toFixed(0)}`),
    ]),
  ),
  `Beside bare: no effects ${ratioInWords(noEffects)}, real effects ${ratioInWords(realEffects)}.`,
  chart(each),
];

type Figures = ReturnType<typeof figuresOf>;

const memoryInWords = ({ sides: each, bytesPerClaim, bytesPerBareClaim }: NonNullable<Figures['memory']>) =>
  `Memory with ${each[0]?.open} open claims in the cache: ${kilobytes(bytesPerClaim)} a claim, ` +
  `${kilobytes(bytesPerBareClaim)} a bare one; the worker has ${kilobytes(each[1]?.bytesAfter ?? 0)}.`;

const replayInWords = ({ claimsPerSecond, bareClaimsPerSecond, ratio }: NonNullable<Figures['replay']>) =>
  `Replay: ${claimsPerSecond.toFixed(1)} claims/s, bare ${bareClaimsPerSecond.toFixed(1)}, ` +
  `ratio ${ratio.toFixed(2)}.`;

const ratioInWords = ({ ratio, lowestRatio, highestRatio }: Compared): string =>
  `${ratio.toFixed(2)} (${lowestRatio.toFixed(2)} to ${highestRatio.toFixed(2)})`;

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB`;

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** A Mermaid chart: claims a second of each side, a bar for the median. */
function chart(each: ReturnType<typeof summaryOf>[]): string {
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

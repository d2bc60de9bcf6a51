import { present } from '../domain/present.ts';
import type { Run } from './load.ts';
import { median, quantile } from './quantile.ts';
import { sides, type Side } from './sides.ts';
import { targets, type Target } from './targets.ts';

/** The figures of a side over those of another one in the same round: the median of all rounds. */
export interface Compared extends Target {
  /** Of claims a second: more is better. */
  ratio: number;
  lowestRatio: number;
  highestRatio: number;
  /** Of CPU time a claim, engine and worker together: less is better. */
  cpuRatio: number;
}

interface Spread {
  p50Ms: number;
  p99Ms: number;
}

/** The medians of a side's runs. A latency is absent where the side has no such request. */
export interface Summary extends Partial<Record<keyof Run['latencies'], Spread>> {
  side: Side;
  claimsPerSecond: number;
  serverCpuMs: number;
  workerCpuMs: number;
}

export interface Load {
  sides: Summary[];
  comparisons: Compared[];
}

/** `runs` are in rounds; each round has every side once. */
export const loadOf = (runs: Run[][]): Load => ({
  sides: sides.map((side) => summaryOf(runs, side)),
  comparisons: targets.map((target) => compared(runs, target)),
});

export const isMet = ({ ratio, atLeast = 0 }: Compared): boolean => ratio >= atLeast;

function summaryOf(runs: Run[][], side: Side): Summary {
  const own = runs.flat().filter((run) => run.side === side);
  return {
    side,
    claimsPerSecond: median(own.map(({ claimsPerSecond }) => claimsPerSecond)),
    serverCpuMs: median(own.map(({ cpuMs }) => cpuMs.server)),
    workerCpuMs: median(own.map(({ cpuMs }) => cpuMs.worker)),
    ...present({
      start: spreadOf(own.flatMap(({ latencies }) => latencies.start)),
      signal: spreadOf(own.flatMap(({ latencies }) => latencies.signal)),
      update: spreadOf(own.flatMap(({ latencies }) => latencies.update)),
    }),
  };
}

const spreadOf = (all: number[]): Spread | undefined =>
  all.length > 0 ? { p50Ms: quantile(all, 0.5), p99Ms: quantile(all, 0.99) } : undefined;

function compared(runs: Run[][], target: Target): Compared {
  const over = (figure: (run: Run) => number): number[] =>
    runs.map((round) => figureIn(round, target.side, figure) / figureIn(round, target.beside, figure));
  const ratios = over(({ claimsPerSecond }) => claimsPerSecond);
  return {
    ...target,
    ratio: median(ratios),
    lowestRatio: Math.min(...ratios),
    highestRatio: Math.max(...ratios),
    cpuRatio: median(over(({ cpuMs }) => cpuMs.server + cpuMs.worker)),
  };
}

function figureIn(round: Run[], side: Side, figure: (run: Run) => number): number {
  const run = round.find((each) => each.side === side);
  return run ? figure(run) : Number.NaN;
}

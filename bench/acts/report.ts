import { table } from '../markdown.ts';
import { quantile } from '../quantile.ts';
import { actP95Ms } from '../targets.ts';
import type { Acted } from './acted.ts';

interface Spread {
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
}

/** The acts of one name, or all acts. */
interface ActFigures {
  act: string;
  count: number;
  answered: Spread;
  shown: Spread;
}

/** For programs. */
export const actFiguresOf = (acted: Acted[]) => ({
  targetP95Ms: actP95Ms,
  all: figuresOf('all', acted),
  each: [...Map.groupBy(acted, ({ act }) => act)].map(([act, own]) => figuresOf(act, own)),
});

const figuresOf = (act: string, acted: Acted[]): ActFigures => ({
  act,
  count: acted.length,
  answered: spreadOf(acted.map(({ answeredMs }) => answeredMs)),
  shown: spreadOf(acted.map(({ shownMs }) => shownMs)),
});

const spreadOf = (ms: number[]): Spread => ({
  p50Ms: quantile(ms, 0.5),
  p95Ms: quantile(ms, 0.95),
  p99Ms: quantile(ms, 0.99),
});

/** For people, as Markdown. */
export const actsInWords = ({ targetP95Ms, all, each }: ReturnType<typeof actFiguresOf>): string[] => [
  'Acts of clerks on the whole stack, by HTTP:',
  table(
    ['Act', 'times', 'answered p50/p95/p99 ms', 'shown p50/p95/p99 ms'],
    [...each, all].map(({ act, count, answered, shown }) => [
      act,
      String(count),
      spreadInWords(answered),
      spreadInWords(shown),
    ]),
  ),
  `Target: p95 within ${targetP95Ms} ms; answered ${verdictOn(all.answered)}, shown ${verdictOn(all.shown)}.`,
];

const spreadInWords = ({ p50Ms, p95Ms, p99Ms }: Spread): string =>
  [p50Ms, p95Ms, p99Ms].map((ms) => ms.toFixed(0)).join('/');

const verdictOn = ({ p95Ms }: Spread): string => (p95Ms <= actP95Ms ? 'met' : 'missed');

import type { Counts } from '../import/filing.ts';
import type { Desk } from './answered.ts';

const barWidth = 24;
const everyMs = 250;
/** Where no terminal redraws a line, each is one more line. */
const everyMsInLog = 10_000;

/** How far a long command has come, on standard error: a bar on a terminal, else a line now and then; nothing with `--json`. */
export function progressLine({ isQuiet }: Pick<Desk, 'isQuiet'>, size: number): { show(counts: Counts, waitingBecause?: string): void; end(): void } {
  const { stderr } = process;
  const began = Date.now();
  let shownAt = 0;
  let last = '';
  const print = (line: string): void => void stderr.write(stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`);
  return {
    show: (counts, waitingBecause) => {
      last = lineOf(counts, size, Date.now() - began) + (waitingBecause ? ` · waiting: ${waitingBecause}` : '');
      const isDue = Date.now() - shownAt >= (stderr.isTTY ? everyMs : everyMsInLog);
      if (isQuiet || !isDue) return;
      shownAt = Date.now();
      print(last);
    },
    end: () => {
      if (isQuiet || last === '') return;
      print(last);
      if (stderr.isTTY) stderr.write('\n');
    },
  };
}

function lineOf({ rows, filed, alreadyFiled, rejected }: Counts, size: number, ms: number): string {
  const done = size === 0 ? 1 : rows / size;
  const bar = '█'.repeat(Math.round(done * barWidth)).padEnd(barWidth, '░');
  const perSecond = rows / Math.max(ms / 1000, 0.001);
  const left = rows === 0 ? '' : ` · ${Math.ceil((size - rows) / perSecond)} s left`;
  return `${bar} ${rows}/${size} · ${filed} done · ${alreadyFiled} before · ${rejected} rejected · ${perSecond.toFixed(1)}/s${left}`;
}

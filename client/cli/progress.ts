import type { Cli } from './command-action.ts';
import { printable } from './terminal.ts';

const barWidth = 24;
const everyMs = 250;
/** Without a terminal each report is a new line. */
const everyMsInLog = 10_000;

export interface Progress {
  /** `done` of all are finished; `what` counts the results. */
  show(done: number, what: string): void;
  /** Adds the reason for waiting to the last report. */
  waits(because: string): void;
  end(): void;
}

/**
 * Reports the progress of a long command on standard error: a bar on a terminal, else a line every ten
 * seconds; nothing with `--json`.
 */
export function progressLine({ isQuiet }: Pick<Cli, 'isQuiet'>, size: number): Progress {
  const { stderr } = process;
  const began = Date.now();
  let shownAt = 0;
  let last = '';
  const print = (line: string): void =>
    void (
      isQuiet ||
      stderr.write(
        stderr.isTTY ? `\r\x1b[K${printable(line).slice(0, stderr.columns - 1)}` : `${printable(line)}\n`,
      )
    );
  const printIfDue = (line: string): void => {
    if (Date.now() - shownAt < (stderr.isTTY ? everyMs : everyMsInLog)) return;
    shownAt = Date.now();
    print(line);
  };
  return {
    show: (done, what) => printIfDue((last = lineOf(done, size, what, Date.now() - began))),
    waits: (because) => printIfDue(`${last === '' ? '' : `${last} · `}waiting: ${because}`),
    end: () => {
      if (last !== '') print(last);
      if (last !== '' && stderr.isTTY && !isQuiet) stderr.write('\n');
    },
  };
}

function lineOf(done: number, size: number, what: string, ms: number): string {
  const part = size === 0 ? 1 : done / size;
  const bar = '█'.repeat(Math.round(part * barWidth)).padEnd(barWidth, '░');
  const perSecond = done / Math.max(ms / 1000, 0.001);
  const left = done === 0 ? '' : ` · ${Math.ceil((size - done) / perSecond)} s left`;
  return `${bar} ${done}/${size} · ${what} · ${perSecond.toFixed(1)}/s${left}`;
}

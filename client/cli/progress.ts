import type { Cli } from './command-action.ts';

const barWidth = 24;
const everyMs = 250;
/** Where no terminal redraws a line, each is one more line. */
const everyMsInLog = 10_000;

export interface Progress {
  /** How many are done, and what became of them. */
  show(done: number, what: string): void;
  /** Said with what was shown last. */
  waits(because: string): void;
  end(): void;
}

/**
 * How far a long command has come, on standard error: a bar on a terminal, else a line now and then; nothing
 * with `--json`.
 */
export function progressLine({ isQuiet }: Pick<Cli, 'isQuiet'>, size: number): Progress {
  const { stderr } = process;
  const began = Date.now();
  let shownAt = 0;
  let last = '';
  const print = (line: string): void =>
    void (
      isQuiet || stderr.write(stderr.isTTY ? `\r\x1b[K${line.slice(0, stderr.columns - 1)}` : `${line}\n`)
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

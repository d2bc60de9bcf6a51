import { table } from '../client/cli/table.ts';

/** How a story ended; `wrong` is the first wrong result. */
export interface Verdict {
  story: string;
  claim: string;
  ended: string;
  expected: string;
  notifications: number;
  entries: number;
  seconds: number;
  wrong?: string;
}

export function verdictTable(verdicts: Verdict[]): string {
  const rows = verdicts.map(({ story, claim, ended, expected, notifications, entries, seconds, wrong }) => [
    story,
    claim,
    ended,
    expected,
    String(notifications),
    String(entries),
    `${seconds.toFixed(0)} s`,
    wrong?.split('\n')[0] ?? 'as expected',
  ]);
  return table(
    ['story', 'claim', 'ended as', 'expected', 'notifications', 'journal', 'took', 'verdict'],
    rows,
  );
}

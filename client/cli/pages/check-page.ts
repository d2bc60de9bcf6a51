import type { Anchors } from '../../check/anchor-files.ts';
import type { Round } from '../../check/rounds.ts';
import type { Finding } from '../../own-api/schemas/record-checks.ts';
import { counted, table } from '../table.ts';

/** What a check read and found, and what to do next. */
export const checkPage = (round: Round): string =>
  [
    readLine(round),
    anchorsLine(round.anchors),
    ...missedLine(round.anchors),
    '',
    findingsPage(round.findings),
  ].join('\n');

/** What was signed today. */
export const anchoredPage = (
  round: Round & { written: { date: string; file: string } | undefined },
): string =>
  [
    readLine(round),
    round.written
      ? `${round.written.file} has ${counted(round.heads.length, 'head')} that changed` +
        (round.gone.length > 0
          ? `, and ${counted(round.gone.length, 'journal')} deleted by a signed act.`
          : '.')
      : 'Today has its file already; nothing was written.',
    ...missedLine(round.anchors),
    '',
    findingsPage(round.findings),
  ].join('\n');

const readLine = ({ claims, entries, seconds }: Round): string =>
  `${counted(claims, 'claim')}, ${entries} entries read in ${seconds.toFixed(1)} s.`;

const anchorsLine = ({ last, heads }: Anchors): string =>
  last
    ? `The last signed file is of ${last.date}; the files have ${counted(heads.size, 'head')}.`
    : 'There are no signed files here, so everything was read; Temporal alone tells what was cut or deleted.';

const missedLine = ({ missedDays }: Anchors): string[] =>
  missedDays.length > 0 ? [`Days without a file: ${missedDays.join(', ')}.`] : [];

function findingsPage(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'Nothing is wrong.';
  const rows = findings.map(({ kind, claim = '', entry, what }) => [
    kind.toUpperCase(),
    claim,
    entry === undefined ? '' : String(entry),
    what,
  ]);
  const steps = new Map(findings.map(({ kind, next }) => [kind, next]));
  return [
    table(['', 'claim', 'entry', 'what is wrong'], rows),
    '',
    ...[...steps].map(([kind, step]) => `${kind}: ${step}`),
  ].join('\n');
}

import type { Listed } from '../../own-api/schemas/claims.ts';
import { counted, table } from '../table.ts';
import { dueTime, since } from '../input/times.ts';
import { nextStep, whatFrom } from './waiting-lines.ts';

/** More would push the next claim off the page; `claims show` has all. */
const linesAtMost = 3;

/** `bySilence` shows when each claimant last heard of us, and by when they are to hear again. */
export function claimsPage(claims: Listed[], bySilence = false): string {
  if (claims.length === 0) return 'No claims.';
  const told = bySilence ? ['told', 'hears by'] : [];
  return [
    table(
      ['claim', 'stage', 'for', ...told, 'handler', 'waiting on', 'next'],
      claims.map((claim) => row(claim, bySilence)),
    ),
    '',
    `${counted(claims.length, 'claim')}.`,
  ].join('\n');
}

function row(
  { claim, stage, outcome, stageSince, toldAt, hearBy, handler, waitingOn }: Listed,
  bySilence: boolean,
): string[] {
  const first = waitingOn.slice(0, linesAtMost);
  const more = waitingOn.length > first.length ? [`and ${waitingOn.length - first.length} more`] : [];
  return [
    claim,
    outcome ? `${stage}: ${outcome}` : stage,
    since(stageSince),
    ...(bySilence ? [`${since(toldAt)} ago`, hearBy ? dueTime(hearBy) : ''] : []),
    handler,
    [...first.map(whatFrom), ...more].join('\n'),
    first.map(nextStep).join('\n'),
  ];
}

import type { Listed } from '../answers.ts';
import { counted, table } from '../table.ts';
import { since } from '../times.ts';
import { nextStep, whatFrom } from './waiting-lines.ts';

/** More would push the next claim off the page; `claims show` has all. */
const linesAtMost = 3;

export function claimsPage(claims: Listed[]): string {
  if (claims.length === 0) return 'No claims.';
  return [table(['claim', 'stage', 'for', 'handler', 'waiting on', 'next'], claims.map(row)), '', `${counted(claims.length, 'claim')}.`].join('\n');
}

function row({ claim, stage, outcome, stageSince, handler, waitingOn }: Listed): string[] {
  const first = waitingOn.slice(0, linesAtMost);
  const more = waitingOn.length > first.length ? [`and ${waitingOn.length - first.length} more`] : [];
  return [claim, outcome ? `${stage}: ${outcome}` : stage, since(stageSince), handler, [...first.map(whatFrom), ...more].join('\n'), first.map(nextStep).join('\n')];
}

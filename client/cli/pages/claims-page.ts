import type { ListedClaim } from '../../own-api/schemas/claims.ts';
import { counted, table } from '../table.ts';
import type { Named } from '../staff-names.ts';
import { dueTime, since, zoneLine } from '../input/times.ts';
import { nextStep, whatFrom } from './waiting-lines.ts';

/** More lines would hide the next claims; `claims show` has all. */
const linesAtMost = 3;

/** `bySilence` adds the last contact with each claimant, and the time of the next. */
export function claimsPage(claims: ListedClaim[], named: Named, bySilence = false): string {
  if (claims.length === 0) return 'No claims.';
  const contactColumns = bySilence ? ['last contact', 'next contact by'] : [];
  return [
    table(
      ['claim', 'claimed', 'stage', 'since', ...contactColumns, 'handler', 'waiting for', 'next'],
      claims.map((claim) => row(claim, named, bySilence)),
    ),
    '',
    `${counted(claims.length, 'claim')}. ${zoneLine()}`,
  ].join('\n');
}

function row(
  {
    claim,
    claimed,
    currency,
    stage,
    outcome,
    stageSince,
    lastContactAt,
    nextContactBy,
    handler,
    waitingOn,
  }: ListedClaim,
  named: Named,
  bySilence: boolean,
): string[] {
  const first = waitingOn.slice(0, linesAtMost);
  const more = waitingOn.length > first.length ? [`and ${waitingOn.length - first.length} more`] : [];
  return [
    claim,
    [currency, claimed].filter(Boolean).join(' '),
    outcome ? `${stage}: ${outcome}` : stage,
    since(stageSince),
    ...(bySilence ? [`${since(lastContactAt)} ago`, nextContactBy ? dueTime(nextContactBy) : ''] : []),
    named(handler),
    [...first.map(whatFrom), ...more].join('\n'),
    first.map(nextStep).join('\n'),
  ];
}

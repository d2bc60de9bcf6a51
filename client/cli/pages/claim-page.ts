import { reasonNotSent } from '../../../domain/messages/reasons.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { ShownItem } from '../../own-api/schemas/items.ts';
import { table } from '../table.ts';
import { dueTime, localTime, since } from '../input/times.ts';
import { nextStep, whatFrom } from './waiting-lines.ts';

/** A claim on one page: whom it waits for first, for that is what people ask. */
export function claimPage(claim: Shown): string {
  return [
    heading(claim),
    ...attention(claim),
    waiting(claim),
    itemTable(claim),
    parties(claim),
    notifications(claim),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function heading({
  claim,
  line,
  stage,
  outcome,
  stageSince,
  toldAt,
  isSilent,
  handler,
  branch,
  urgency,
}: Shown): string {
  const standing = outcome ? `closed, ${outcome}` : stage;
  return [
    `Claim ${claim} (${line}, ${branch})${urgency === 'priority' ? ', priority' : ''}`,
    `${standing} since ${localTime(stageSince)} (${since(stageSince)}), handler ${handler}`,
    `Told the claimant something ${since(toldAt)} ago${isSilent ? ': LONGER THAN THE RULES ALLOW' : ''}`,
  ].join('\n');
}

/** What somebody must look at, clear up or post. */
function attention({ problems, unreached, parties: all, letters, followUps, items }: Shown): string[] {
  const lines = [
    ...items.flatMap(proposedRefusal),
    ...items.flatMap(clock),
    ...problems.map(({ id, what, since: from }) => `Problem ${id}: ${what}, since ${localTime(from)}`),
    ...unreached.map(
      ({ party, notification }) => `Nothing brings ${notification} to ${party}: call, or correct the contact`,
    ),
    ...all.flatMap(({ id, lost }) =>
      Object.entries(lost).map(
        ([channel, code]) => `${id} cannot be reached by ${channel} any more (${code})`,
      ),
    ),
    ...letters.map((id) => `To be posted: ${id}`),
    ...followUps.map(
      ({ id, what, since: from }) => `To be seen to after closing: ${what}, since ${localTime(from)} (${id})`,
    ),
  ];
  return lines.length > 0 ? [lines.join('\n')] : [];
}

const clock = ({ id, clock: read }: ShownItem): string[] => {
  if (!read || read.state === 'stopped') return [];
  const by = `Decision of ${id} due by ${localTime(read.due)}${read.article ? ` (${read.article})` : ''}`;
  return [
    read.state === 'paused'
      ? `${by}, and later: paused while papers are awaited, since ${localTime(read.pausedSince ?? read.due)}`
      : `${by}${read.reached === 'due' ? ': OVERDUE' : ''}`,
  ];
};

const proposedRefusal = ({ id, refusal }: ShownItem): string[] =>
  refusal && !refusal.confirmedBy
    ? [
        `To be refused: ${id}, proposed by ${refusal.by} (${refusal.clause}: ${refusal.reasons.join('; ')}); somebody else confirms it`,
      ]
    : [];

function waiting({ waitingOn, outcome }: Shown): string {
  if (waitingOn.length === 0) return outcome ? '' : 'Waits for nobody: it is taking its next step.';
  return table(
    ['waiting on', 'for', 'due', 'next'],
    waitingOn.map((each) => [whatFrom(each), since(each.since), dueTime(each.due), nextStep(each)]),
  );
}

function itemTable({ items: all, currency }: Shown): string {
  return table(
    [
      `item`,
      'object',
      'stage',
      `claimed ${currency}`,
      'documents',
      'assessed',
      'payable',
      'approved by',
      'payment',
    ],
    all.map(itemRow),
  );
}

function itemRow({
  id,
  object,
  stage,
  outcome,
  claimed,
  documents,
  assessment,
  payable,
  approvals,
  approvalsNeeded,
  risk,
  payment,
}: ShownItem): string[] {
  return [
    id,
    object,
    outcome?.kind ?? stage,
    claimed,
    documents.map(({ kind, state, by }) => `${kind}: ${state}${by ? ` (${by})` : ''}`).join('\n'),
    assessment ? `${assessment.amount}\nby ${assessment.by}` : '',
    [
      payable,
      risk &&
        stage === 'review' &&
        `risk ${risk.points}${risk.factors.length > 0 ? `: ${risk.factors.join(', ')}` : ''}`,
    ]
      .filter(Boolean)
      .join('\n'),
    [
      ...approvals.map(({ by }) => by),
      ...(stage === 'review' && approvalsNeeded ? [`${approvals.length} of ${approvalsNeeded}`] : []),
    ].join('\n'),
    payment ? `${payment.amount}\n${payment.state}` : '',
  ];
}

const parties = ({ parties: all }: Shown): string =>
  `Parties: ${all.map(({ id, role }) => `${id} ${role}`).join(', ')}`;

function notifications({ notifications: all }: Shown): string {
  if (all.length === 0) return 'Nobody has been told anything yet.';
  return table(
    ['notification', 'to', 'state', 'at'],
    all.map((each) => [each.id, each.to, stateInWords(each), localTime(each.at)]),
  );
}

/** With the reason, where we did not send it; a provider's code says nothing to a reader. */
function stateInWords({ state, errorCode = '' }: Shown['notifications'][number]): string {
  const reason = reasonNotSent(errorCode);
  return reason ? `${state}: ${reason.says}` : state;
}

import { reasonNotSent } from '../../../domain/messages/reasons.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { ShownItem } from '../../own-api/schemas/items.ts';
import { withName, type Named } from '../staff-names.ts';
import { counted, table } from '../table.ts';
import { dueTime, localTime, since, zoneLine } from '../input/times.ts';
import { nextStep, whatFrom } from './waiting-lines.ts';

/** A claim on one page. What it waits for comes early, because people ask for that first. */
export function claimPage(claim: Shown, named: Named): string {
  const page = [
    heading(claim, named),
    ...attention(claim).map(named),
    waiting(claim),
    itemTable(claim, named),
    parties(claim),
    notifications(claim),
    zoneLine(),
  ];
  return page.filter(Boolean).join('\n\n');
}

function heading(
  {
    claim,
    line,
    stage,
    outcome,
    stageSince,
    lastContactAt,
    isSilent,
    handler,
    surveyor,
    handlerAway,
    branch,
    branchName,
    urgency,
    policy,
    cause,
    lossAt,
  }: Shown,
  named: Named,
): string {
  const standing = outcome ? `closed, ${outcome}` : stage;
  const loss = `loss at ${localTime(lossAt)}${cause ? ` by ${cause}` : ''}`;
  const tooLong = isSilent ? ': LONGER THAN THE RULES ALLOW' : '';
  return [
    `Claim ${claim} (${line}, ${withName(branch, branchName)})${urgency === 'priority' ? ', priority' : ''}`,
    `Policy ${policy}, ${loss}; place and description: bin/lipei claims notice ${claim}`,
    `${standing} since ${localTime(stageSince)} (${since(stageSince)})`,
    `Handler ${named(handler)}${awayInWords(handlerAway, named)}` +
      (surveyor ? `, surveyor ${named(surveyor)}` : ''),
    `Last contact with the claimant ${since(lastContactAt)} ago${tooLong}`,
  ].join('\n');
}

function awayInWords(away: Shown['handlerAway'], named: Named): string {
  if (!away) return '';
  const end = away.until === undefined ? '' : ` until ${away.until}`;
  return ` (away${end}${away.deputy === undefined ? '' : `; ${named(away.deputy)} stands in`})`;
}

/** What a person must check, solve or post. */
function attention({
  problems,
  unreached,
  parties: all,
  letters,
  followUps,
  items,
  ...rest
}: Shown): string[] {
  const lines = [
    ...newsOfPolicy(rest),
    ...rest.strangers.map((party) => `${party} is a stranger to the policy`),
    ...items.flatMap(unclearCover),
    ...items.flatMap(proposedRefusal),
    ...items.flatMap(clock),
    ...rest.related.map((other) => togetherWith(other, rest.currency)),
    ...togetherWithMore(rest),
    ...problems.map(({ id, what, since: from }) => `Problem ${id}: ${what}, since ${localTime(from)}`),
    ...unreached.map(
      ({ party, notification }) =>
        `${party} cannot get ${notification} by any channel: call, or correct the contact`,
    ),
    ...all.flatMap(({ id, lost }) =>
      Object.entries(lost).map(
        ([channel, code]) => `${id} cannot be reached by ${channel} any more (${code})`,
      ),
    ),
    ...letters.map((id) => `Letter to post: ${id}`),
    ...followUps.map(({ id, what, since: from }) => `Follow-up: ${what}, since ${localTime(from)} (${id})`),
  ];
  return lines.length > 0 ? [lines.join('\n')] : [];
}

function newsOfPolicy({ policy, policyNews }: Pick<Shown, 'policy' | 'policyNews'>): string[] {
  if (policyNews === null) return [];
  return policyNews === 'awaited'
    ? [`Cover waits for policy ${policy}: the book does not have it, and its source has not answered`]
    : [`Cover is checked anew: policy ${policy} has changed or come`];
}

const unclearCover = ({ id, unclear = [] }: Shown['items'][number]): string[] =>
  unclear.map(
    (what) => `Cover of ${id} depends on what the notice does not say (${what}): correct the claim`,
  );

/** `Counted together with L7K3M-9Q2X4 (policy): CNY 4900.00, likely a duplicate`. */
const togetherWith = (
  { claim, why, total, likelyDuplicate, finding }: Shown['related'][number],
  currency: string,
): string =>
  [
    `Counted together with ${claim} (${why.join(', ')}): ${currency} ${total}`,
    ...(likelyDuplicate && finding === null ? ['likely a duplicate: compare'] : []),
    ...(finding === null ? [] : [finding.replaceAll('-', ' ')]),
  ].join('; ');

const togetherWithMore = ({ moreRelated, currency }: Pick<Shown, 'moreRelated' | 'currency'>): string[] =>
  moreRelated
    ? [
        `Counted together with ${moreRelated.claims} further claims: ${currency} ${moreRelated.total}; ` +
          'the rules release nothing',
      ]
    : [];

const clock = ({ id, clock: read }: ShownItem): string[] => {
  if (!read || read.state === 'stopped') return [];
  const by = `Decision of ${id} due by ${localTime(read.due)}${read.article ? ` (${read.article})` : ''}`;
  return [
    read.state === 'paused'
      ? `${by} at the earliest: paused until papers come, since ${localTime(read.pausedSince ?? read.due)}`
      : `${by}${read.reached === 'due' ? ': OVERDUE' : ''}`,
  ];
};

const proposedRefusal = ({ id, refusal }: ShownItem): string[] =>
  refusal && !refusal.confirmedBy
    ? [
        `Refusal of ${id} proposed by ${refusal.by} (${refusal.clause}: ${refusal.reasons.join('; ')}); ` +
          (refusal.by === 'lipei' ? 'two people must uphold it' : 'another person must confirm it'),
      ]
    : [];

function waiting({ waitingOn, outcome, unsent }: Shown): string {
  if (waitingOn.length === 0) return outcome ? '' : itself(unsent);
  return table(
    ['waiting for', 'since', 'due', 'next'],
    waitingOn.map((each) => [whatFrom(each), since(each.since), dueTime(each.due), nextAndWhy(each)]),
  );
}

/** A promised date explains why nobody chases the party before it. */
const nextAndWhy = (each: Shown['waitingOn'][number]): string =>
  each.promised ? `${nextStep(each)}\npromised by ${localTime(each.promised)}` : nextStep(each);

/** A claim that waits for nobody has messages to send, or is taking a step at this moment. */
function itself(unsent: Shown['unsent']): string {
  const [until] = unsent
    .flatMap(({ notBefore }) => notBefore ?? [])
    .toSorted()
    .toReversed();
  if (unsent.length === 0) return 'Waits for nobody: it is taking its next step.';
  const messages = counted(unsent.length, 'message');
  return until === undefined
    ? `Waits for nobody. It has ${messages} to send.`
    : `Waits for nobody. It has ${messages} to send, the last not before ${localTime(until)}.`;
}

function itemTable({ items: all, currency }: Shown, named: Named): string {
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
    all.map((item) => itemRow(item).map(named)),
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
  secondLook,
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
      secondLook && `beside ${secondLook.paidBefore}\n(${secondLook.reason})`,
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
    payment ? `${payment.amount}\n${payment.state}${payment.reason ? ` (${payment.reason})` : ''}` : '',
  ];
}

const parties = ({ parties: all }: Shown): string =>
  `Parties: ${all.map(({ id, role, erased }) => `${id} ${role}${erased ? ' (erased)' : ''}`).join(', ')}`;

/** Sent messages first, then the planned ones, so that nobody thinks that a message was forgotten. */
function notifications({ notifications: all, unsent }: Shown): string {
  if (all.length === 0 && unsent.length === 0) return 'No messages yet.';
  const waits = new Set(unsent.map(({ id }) => id));
  const sent = all.filter(({ id }) => !waits.has(id));
  return table(
    ['notification', 'to', 'state', 'at'],
    [
      ...sent.map((each) => [each.id, each.to, stateInWords(each), localTime(each.at)]),
      ...unsent.map(({ id, to, notBefore }) => [
        id,
        to,
        'to be sent',
        notBefore ? `not before ${localTime(notBefore)}` : '',
      ]),
    ],
  );
}

/** With our reason if we did not send it, or with the provider's code, which operations can look up. */
function stateInWords({ state, errorCode = '' }: Shown['notifications'][number]): string {
  const reason = reasonNotSent(errorCode);
  if (reason) return `${state}: ${reason.says}`;
  return errorCode === '' ? state : `${state} (${errorCode})`;
}

import { localMinute } from '../time/calendar.ts';
import { claimedTotal, type Claim, type Item } from './claim.ts';
import { nextActionAt } from '../waiting/chase.ts';
import { missingDocuments } from '../documents/requirements.ts';
import { isPaused } from '../waiting/expectations.ts';
import type { Expectation } from '../waiting/expectation.ts';
import { nextInWords } from '../waiting/ladder.ts';
import { plainAmount } from '../money/money.ts';
import { dueMinor } from '../money/payable.ts';
import { present } from '../present.ts';
import { nextClaimStep, nextStep } from '../road/road.ts';
import type { Rules } from '../rules/pack.ts';
import type { Instant } from '../time/time.ts';

/** One expectation as the Temporal UI, work lists and reports show it. */
export interface WaitingLine {
  from: string;
  what: string;
  item?: string;
  since: Instant;
  due: Instant;
  next: { do: string; at: Instant };
}

/** The earliest next action first. */
export const waitingOn = (claim: Claim): WaitingLine[] =>
  claim.expectations
    .map(({ from, what, item, since, due, promised, next }) =>
      present({ from, what, item, since, due, promised, next }),
    )
    .toSorted((a, b) => compared(a.next.at, b.next.at));

/** Compared as text, which gives the order of instants. */
const compared = (a: string, b: string): number => Number(a > b) - Number(a < b);

/** Plain in Temporal, never encrypted: codes, enums and dates only. */
export interface Attributes {
  stage: string;
  line: string;
  handler: string;
  urgency: string;
  branch: string;
  problem: string | undefined;
  waitingOn: string[];
  missingDocuments: string[];
  nextActionAt: Instant | undefined;
  stageSince: Instant;
  amountMinor: number;
  needsReview: boolean;
}

export const attributesOf = (claim: Claim): Attributes => ({
  stage: claim.stage,
  line: claim.line,
  handler: claim.handler,
  urgency: claim.urgency,
  branch: claim.branch,
  problem: problemsInWords(claim),
  waitingOn: distinct(claim.expectations.map(({ from }) => from)),
  missingDocuments: distinct(
    claim.expectations.filter(({ id }) => id.startsWith('document:')).map(({ what }) => what),
  ),
  nextActionAt: nextActionAt(claim),
  stageSince: claim.stageSince,
  amountMinor: claimedTotal(claim.items),
  needsReview: claim.expectations.some(({ from }) => from === 'reviewer'),
});

/** Each value once. A keyword has room for 255 characters. */
const problemsInWords = ({ problems }: Claim): string | undefined =>
  distinct(problems.map(({ what: broken }) => broken))
    .join('; ')
    .slice(0, 255) || undefined;

/** The claim's page in the Temporal UI, in Markdown. Codes only, no names. */
export function detailsOf(claim: Claim, rules: Rules, now: Instant): string {
  const at = (instant: Instant): string => localMinute(instant, rules.calendar);
  const rows = claim.expectations
    .toSorted((a, b) => (a.next.at < b.next.at ? -1 : 1))
    .map(
      (open) =>
        `| ${open.from} | ${what(open)} | ${at(open.since)} | ${nextInWords(open, rules)} | ` +
        `${at(open.next.at)}${pausedUntil(open, now, at)} |`,
    );
  return [
    // Temporal drops a workflow's summary in a new run, so this line repeats it.
    `_${summaryOf(claim)}_\n`,
    `**${claim.outcome ? `closed: ${claim.outcome}` : claim.stage}** since ${at(claim.stageSince)}` +
      ` · handler ${claim.handler}${claim.urgency === 'priority' ? ' · **priority**' : ''}`,
    ...claim.problems.map(({ what: problem, since }) => `\n**Problem:** ${problem}, since ${at(since)}`),
    waitingTable(rows, claim),
    '',
    ...claim.items.map((item) => `- ${itemLine(claim, item, rules)}`),
  ].join('\n');
}

function waitingTable(rows: string[], { outcome }: Claim): string {
  if (rows.length > 0)
    return ['', '| waiting on | for | since | next | when |', '|---|---|---|---|---|', ...rows].join('\n');
  return outcome ? '' : '\nThe claim waits for nobody: the process is taking its next step.';
}

/** `motor claim, shanghai-1, 2 items, claimed CNY 380000.00, priority`: short enough for a summary. */
export const summaryOf = (
  claim: Pick<Claim, 'line' | 'branch' | 'currency' | 'urgency'> & { items: { claimedMinor: number }[] },
): string =>
  [
    `${claim.line} claim`,
    claim.branch,
    `${claim.items.length} item${claim.items.length === 1 ? '' : 's'}`,
    `claimed ${plainAmount({ minor: claimedTotal(claim.items), currency: claim.currency })}`,
    ...(claim.urgency === 'priority' ? ['priority'] : []),
  ].join(', ');

const what = ({ what: thing, item }: Expectation): string => (item ? `${thing} (${item})` : thing);

const pausedUntil = (open: Expectation, now: Instant, at: (instant: Instant) => string): string => {
  if (!isPaused(open, now)) return '';
  return open.promised
    ? ` (promised by ${at(open.promised)})`
    : ` (not before ${at(open.notBefore ?? open.next.at)})`;
};

function itemLine(claim: Claim, item: Item, { pack }: Rules): string {
  const amount = dueMinor(claim, item);
  const lacks = item.outcome
    ? []
    : missingDocuments(claim, item, pack).map(({ rule, state }) => `${rule.kind} (${state})`);
  const standing = item.outcome?.kind ?? nextClaimStep(claim) ?? nextStep(claim, item, pack) ?? claim.stage;
  const payable =
    amount === undefined ? '' : `, payable ${plainAmount({ minor: amount, currency: claim.currency })}`;
  const missing = lacks.length > 0 ? `; lacks ${lacks.join(', ')}` : '';
  return `**${item.id}** ${item.object}: ${standing}${payable}${missing}`;
}

const distinct = (values: string[]): string[] => [...new Set(values)].toSorted();

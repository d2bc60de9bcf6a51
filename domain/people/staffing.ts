import { itemOf, type Claim } from '../claim/claim.ts';
import { brokenParts, isAboutStaff, problemId, type Untaken } from '../claim/problems.ts';
import type { JournalEntry } from '../claim/journal.ts';
import { plainAmount } from '../money/money.ts';
import { endedBy } from '../waiting/endings.ts';
import type { Expectation } from '../waiting/expectation.ts';
import {
  isByName,
  limitFor,
  rolesTaking,
  takersOf,
  type Member,
  type Surroundings,
  type Takers,
} from './takers.ts';
import { staffRoles, type StaffRole } from './people.ts';

/** Is it a task of staff that an act ends? Problems themselves do not count: operations have them already. */
export function isDecided(claim: Claim, expectation: Expectation): boolean {
  const item = expectation.item === undefined ? undefined : itemOf(claim, expectation.item);
  const act = endedBy(expectation, item);
  return isOfStaff(expectation) && act !== undefined && act !== 'watch' && act !== 'retry';
}

const isOfStaff = ({ from }: Pick<Expectation, 'from'>): boolean => staffRoles.some((role) => role === from);

/**
 * Whether these entries may have changed who takes a task, so that it must be looked up: an opened task, a
 * decision, another handler, policy or amount, a retry; and while a problem is open, any entry.
 */
export const mayChangeTakers = (entries: readonly JournalEntry[], claim: Claim): boolean =>
  claim.problems.some(isAboutStaff) || entries.some((entry) => changesTakers(entry, claim));

function changesTakers(entry: JournalEntry, claim: Claim): boolean {
  if (entry.kind === 'expectation-opened') return isDecided(claim, entry.expectation);
  return kindsThatChange.includes(entry.kind);
}

const kindsThatChange: readonly JournalEntry['kind'][] = [
  'claim-opened',
  'approved',
  'approval-voided',
  'counted-together',
  'refusal-proposed',
  'handed-over',
  'claim-corrected',
  'claim-reopened',
  'item-reopened',
  'problem-solved',
];

/** The open tasks that nobody may take, and the lack of a handler. */
export function untaken(claim: Claim, staff: readonly Member[], world: Surroundings): Untaken[] {
  if (claim.outcome) return [];
  const found = claim.expectations
    .filter((each) => isDecided(claim, each))
    .map((each) => ({ each, takers: takersOf(claim, each, staff, world) }))
    .filter(({ takers }) => takers.missing > 0)
    .map(({ each, takers }) => untakenTask(claim, each, takers));
  const handler = problemId('nobody', 'handler');
  const lacksHandler = !staff.some(({ code }) => code === claim.handler);
  return [
    ...(lacksHandler ? [{ problem: handler, what: inWords('handle the claim', claim) }] : []),
    ...found.filter(
      ({ problem }, index) =>
        !(lacksHandler && problem === handler) &&
        found.findIndex((each) => each.problem === problem) === index,
    ),
  ];
}

function untakenTask(claim: Claim, expectation: Expectation, takers: Takers): Untaken {
  const { id, from, what, item } = expectation;
  const minor = limitFor(claim, expectation);
  const amount = minor === undefined ? '' : ` (${plainAmount({ minor, currency: claim.currency })})`;
  const second = takers.present.length > 0 ? ' as a second person' : '';
  if (isByName(from))
    return {
      problem: problemId('nobody', from),
      what: inWords(`act as ${from} for ${claim[from]}`, claim),
      expectation: id,
    };
  return {
    problem: problemId('nobody', id),
    what: inWords(`${what}${item ? ` ${item}` : ''}${amount}${second}`, claim),
    expectation: id,
  };
}

const inWords = (task: string, { branch }: Claim): string => `${brokenParts.nobody} ${task} in ${branch}`;

/** The roles that open tasks of a claim go to. */
export const rolesAsked = (claim: Claim): StaffRole[] => [
  ...new Set(['handler' as const, ...claim.expectations.flatMap(({ from }) => rolesTaking(from))]),
];

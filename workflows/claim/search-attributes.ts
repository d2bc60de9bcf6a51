import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { attributesOf, detailsOf, type Attributes } from '../../domain/claim/view.ts';
import type { RunningClaim } from './running-claim.ts';

/** Shows the broken part before there is a claim; undefined once it is repaired. */
export function showProblem(words: string | undefined): void {
  upsertSearchAttributes([{ key: keys.problem, value: words ?? null }]);
}

const keys = {
  stage: defineSearchAttributeKey('ClaimStage', 'KEYWORD'),
  line: defineSearchAttributeKey('ClaimLine', 'KEYWORD'),
  handler: defineSearchAttributeKey('ClaimHandler', 'KEYWORD'),
  urgency: defineSearchAttributeKey('ClaimUrgency', 'KEYWORD'),
  branch: defineSearchAttributeKey('ClaimBranch', 'KEYWORD'),
  problem: defineSearchAttributeKey('ClaimProblem', 'KEYWORD'),
  waitingOn: defineSearchAttributeKey('ClaimWaitingOn', 'KEYWORD_LIST'),
  missingDocuments: defineSearchAttributeKey('ClaimMissingDocuments', 'KEYWORD_LIST'),
  nextActionAt: defineSearchAttributeKey('ClaimNextActionAt', 'DATETIME'),
  stageSince: defineSearchAttributeKey('ClaimStageSince', 'DATETIME'),
  amountMinor: defineSearchAttributeKey('ClaimAmount', 'INT'),
  needsReview: defineSearchAttributeKey('ClaimNeedsReview', 'BOOL'),
  head: defineSearchAttributeKey('ClaimHead', 'KEYWORD'),
};

/** Shows the head of a claim that has closed: later nothing else is shown with which it could go along. */
export function showHead({ head }: RunningClaim): void {
  if (head !== undefined) upsertSearchAttributes([{ key: keys.head, value: head }]);
}

export type Show = (run: RunningClaim) => void;

/**
 * Upserts only changed values, because each upsert is an event in the history. The head of the stored journal
 * goes along with them.
 */
export function shower(): Show {
  const shown = new Map<string, string>();
  return (claim) => {
    setCurrentDetails(detailsOf(claim.state, claim.rules, claim.now));
    const changed = pairsOf(attributesOf(claim.state)).filter(
      ({ key, value }) => shown.get(key.name) !== JSON.stringify(value),
    );
    for (const { key, value } of changed) shown.set(key.name, JSON.stringify(value));
    if (changed.length === 0) return;
    const head = claim.head === undefined ? [] : [{ key: keys.head, value: claim.head }];
    upsertSearchAttributes([...changed, ...head]);
  };
}

const pairsOf = (of: Attributes): SearchAttributeUpdatePair[] => [
  { key: keys.stage, value: of.stage },
  { key: keys.line, value: of.line },
  { key: keys.handler, value: of.handler },
  { key: keys.urgency, value: of.urgency },
  { key: keys.branch, value: of.branch },
  { key: keys.problem, value: of.problem ?? null },
  { key: keys.waitingOn, value: of.waitingOn.length > 0 ? of.waitingOn : null },
  { key: keys.missingDocuments, value: of.missingDocuments.length > 0 ? of.missingDocuments : null },
  { key: keys.nextActionAt, value: of.nextActionAt ? new Date(of.nextActionAt) : null },
  { key: keys.stageSince, value: new Date(of.stageSince) },
  { key: keys.amountMinor, value: of.amountMinor },
  { key: keys.needsReview, value: of.needsReview },
];

import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import {
  allHandlersFinished,
  condition,
  setCurrentDetails,
  upsertSearchAttributes,
} from '@temporalio/workflow';
import { attributesOf, detailsOf, type Attributes } from '../../domain/claim/view.ts';
import { write } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * The one writer of the claim's journal. It stores entries in order and in batches, and shows each change in
 * the Temporal UI.
 */
export async function keepJournal(run: RunningClaim): Promise<void> {
  const show = shower();
  while (!run.leaving) {
    show(run);
    if (run.unsaved.length > 0) await store(run, show);
    else if (run.over && run.state.outbox.length === 0) return;
    else
      await condition(
        () => run.leaving || run.unsaved.length > 0 || (run.over && run.state.outbox.length === 0),
      );
  }
}

/**
 * Stores the entries that handlers recorded while this run was ending. All handlers have then answered, and
 * no entry is lost.
 */
export async function storeRest(run: RunningClaim): Promise<void> {
  const show = shower();
  await condition(allHandlersFinished);
  while (run.unsaved.length > 0) {
    const wasBlocked = await store(run, show);
    if (wasBlocked) show(run);
    await condition(allHandlersFinished);
  }
}

type Show = (run: RunningClaim) => void;

/**
 * Later entries wait for a batch that cannot be stored: the database is unreachable, or the journal has other
 * entries, such as after a reset of the workflow. True if it was blocked.
 */
async function store(run: RunningClaim, show: Show): Promise<boolean> {
  const entries = [...run.unsaved];
  const batch = {
    claim: run.state.number,
    rules: run.state.rules,
    entries,
  };
  const writing = { isDone: false, wasBlocked: false };
  void showWhileBlocked(run, show, writing);
  await run.effect({ place: journalPlace, usual: 'records' }, (options) =>
    write.appendJournal.executeWithOptions({ summary: 'store the journal', ...options }, [batch]),
  );
  run.unsaved.splice(0, entries.length);
  writing.isDone = true;
  return writing.wasBlocked;
}

const journalPlace = 'entries';

/**
 * The claim continues while its journal cannot be written. Operations then see it in the Temporal UI alone.
 */
async function showWhileBlocked(
  run: RunningClaim,
  show: Show,
  writing: { isDone: boolean; wasBlocked: boolean },
): Promise<void> {
  const isBlocked = (): boolean => run.state.problems.some(({ id }) => id.endsWith(`:${journalPlace}`));
  for (;;) {
    const { seq } = run.state;
    await condition(() => writing.isDone || (isBlocked() && run.state.seq > seq));
    if (writing.isDone) return;
    writing.wasBlocked = true;
    show(run);
  }
}

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
};

/** Upserts only changed values, because each upsert is an event in the history. */
function shower(): Show {
  const shown = new Map<string, string>();
  return (claim) => {
    setCurrentDetails(detailsOf(claim.state, claim.rules, claim.now));
    const changed = pairsOf(attributesOf(claim.state)).filter(
      ({ key, value }) => shown.get(key.name) !== JSON.stringify(value),
    );
    for (const { key, value } of changed) shown.set(key.name, JSON.stringify(value));
    if (changed.length > 0) upsertSearchAttributes(changed);
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

import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { claimOfWorkflow, type ClaimNumber } from '../domain/ids.ts';
import { standingOf } from '../records/claims/owner.ts';
import type { Database } from '../records/database.ts';

/**
 * Puts entries that the records lack back from the histories of a run and of the runs before it, and makes
 * the run the claim's owner. `records-win`: the records hold as much as the run, or other entries; nothing
 * was changed. `missing`: the histories do not have them.
 */
export type PutBack = (claim: ClaimNumber, run: string) => Promise<'put-back' | 'records-win' | 'missing'>;

/** The run whose activity this is. */
export const ownRun = (): string => activityInfo().workflowExecution?.runId ?? '';

/** The failure of a run that does not own its claim. The claim then takes itself up anew from the records. */
export const ownedByAnother = (claim: ClaimNumber): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `This run does not own ${claim}, or the records hold more than it knows`,
    'NotTheOwner',
  );

/**
 * Neither the records nor the histories have what follows entry `seq`. People repair it; payments are held.
 */
export const lacking = (claim: ClaimNumber, seq: number): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The records lack entries of ${claim} after entry ${seq}, and its history does not have them.`,
    'JournalDiverged',
  );

type AnyActivity = (...given: never[]) => Promise<unknown>;

/**
 * The same activities, for the owner of the claim alone: a run that was reset, or a second one, does nothing.
 * What stores entries compares by itself, in the transaction that stores them.
 */
export function forOwnerAlone<Given extends { [Name in keyof Given]: AnyActivity }>(
  database: Database,
  activities: Given,
): Given;
export function forOwnerAlone(database: Database, activities: Record<string, AnyActivity>): object {
  const guarded =
    (activity: AnyActivity) =>
    async (...given: never[]): Promise<unknown> => {
      await compareOwner(database);
      return activity(...given);
    };
  return Object.fromEntries(Object.entries(activities).map(([name, each]) => [name, guarded(each)]));
}

async function compareOwner(database: Database): Promise<void> {
  const claim = claimOfWorkflow(activityInfo().workflowExecution?.workflowId ?? '');
  if (claim === undefined) return;
  const { owner } = await standingOf(database, claim);
  if (owner !== ownRun()) throw ownedByAnother(claim);
}

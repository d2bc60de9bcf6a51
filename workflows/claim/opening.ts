import { condition, setCurrentDetails } from '@temporalio/workflow';
import { problemInWords } from '../../domain/claim/problems.ts';
import { showProblem } from './search-attributes.ts';
import type { RunningClaim } from './running-claim.ts';
import { brokenBy, needsPeople, trySeldom, unreadableRules, type Attempt } from '../blocked.ts';

/**
 * An effect that must succeed before there is a claim: notices can be filed while the database is down.
 * Beyond the limit there is no journal yet, so the Temporal UI alone shows the broken part. The opening is
 * tried seldom, and at once when a person asks for it.
 */
export async function beforeOpening<T>(run: RunningClaim, attempt: Attempt<T>): Promise<T> {
  for (let wasBlocked = false; ; wasBlocked = true) {
    try {
      const value = await attempt({});
      if (wasBlocked) showProblem(undefined);
      return value;
    } catch (fault) {
      run.cannotOpen = true;
      show(problemInWords(brokenBy(fault, 'records'), unreadableRules(fault)), run.now);
      const later = await untilOpenable(run, attempt, needsPeople(fault));
      if (!later) continue;
      showProblem(undefined);
      return later.value;
    }
  }
}

async function untilOpenable<T>(
  run: RunningClaim,
  attempt: Attempt<T>,
  byPeople: boolean,
): Promise<{ value: T } | undefined> {
  const before = run.askedToOpen;
  const isAsked = (): boolean => run.askedToOpen > before;
  if (!byPeople) return trySeldom(attempt, isAsked);
  await condition(isAsked);
  return undefined;
}

function show(problem: string, now: string): void {
  showProblem(problem);
  setCurrentDetails(
    `**Not open yet:** ${problem} (${now}). The notice of loss is safe. ` +
      `The opening is tried again by itself within an hour, and at once by \`retry\`.`,
  );
}

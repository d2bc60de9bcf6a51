import { instantOf } from '../../domain/time/time.ts';
import { applyPlannedPeople } from '../../records/staff/planned.ts';
import type { ApiContext } from './context.ts';
import { inRounds, type Rounds } from './rounds.ts';

const everyMs = 15_000;

/**
 * Takes planned changes of people once their moment has come. Several APIs may do this at the same time: each
 * plan is taken once. Undefined without the role of the books.
 */
export function takePlansInTime({
  books,
  staff,
  log,
}: Pick<ApiContext, 'books' | 'staff' | 'log'>): Rounds | undefined {
  if (!books) return undefined;
  const work = async (): Promise<void> => {
    const { taken, faults } = await applyPlannedPeople(books, instantOf(Date.now()));
    for (const code of taken) log.info({ of: code }, 'a planned change of a person counts now');
    for (const fault of faults) log.error(`A planned change could not be taken: ${fault}`);
    if (taken.length > 0) await staff.refresh();
  };
  const plans = inRounds(work, { everyMs, log, failed: 'planned changes of people could not be looked at' });
  void plans.round();
  return plans;
}

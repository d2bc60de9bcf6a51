import { instantOf } from '../../domain/time/time.ts';
import { applyPlannedPeople } from '../../records/staff/planned.ts';
import type { ApiContext } from './context.ts';

const everyMs = 15_000;

/**
 * Takes planned changes of people once their moment has come. Several APIs may do this at the same time: each
 * plan is taken once.
 */
export function takePlansInTime({ books, staff, log }: Pick<ApiContext, 'books' | 'staff' | 'log'>): {
  stop(): Promise<void>;
} {
  if (!books) return { stop: () => Promise.resolve() };
  const round = async (): Promise<void> => {
    try {
      const { taken, faults } = await applyPlannedPeople(books, instantOf(Date.now()));
      for (const code of taken) log.info({ of: code }, 'a planned change of a person counts now');
      for (const fault of faults) log.error(`A planned change could not be taken: ${fault}`);
      if (taken.length > 0) await staff.refresh();
    } catch (fault) {
      log.warn(
        { fault: fault instanceof Error ? fault.name : 'unknown' },
        'planned changes of people could not be looked at; it is tried again',
      );
    }
  };
  let last = round();
  const timer = setInterval(() => (last = round()), everyMs).unref();
  return {
    async stop() {
      clearInterval(timer);
      await last;
    },
  };
}

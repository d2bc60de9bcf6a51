import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { rulePackUnreadable } from '../config/rules.ts';
import { recordsOutOfReach } from './out-of-reach.ts';

/**
 * Every activity may find the records out of reach, or a rule pack missing; the claim then says so, whatever the activity was about. What an activity has
 * named itself (`ProviderBusy`, `JournalDiverged`) keeps its name.
 */
export const namedFaults: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute: (input, next) => next(input).catch((fault: unknown) => Promise.reject(named(fault))),
  },
});

function named(fault: unknown): unknown {
  if (!(fault instanceof Error) || fault instanceof ApplicationFailure) return fault;
  const type = recordsOutOfReach(fault) ? 'RecordsOutOfReach' : fault.name === rulePackUnreadable ? rulePackUnreadable : undefined;
  return type ? ApplicationFailure.create({ type, message: fault.message, cause: fault }) : fault;
}

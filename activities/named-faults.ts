import { types } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { RulePackUnreadable } from '../config/rules/unreadable-rules.ts';
import { KeyMissing } from '../security/key-missing.ts';
import { isDatabaseUnreachable } from '../records/database-errors.ts';

/**
 * Every activity may find the records out of reach, a part of the rules or an encryption key missing. The
 * claim then says so, whatever the activity was about.
 * What an activity has named itself (`ProviderBusy`, `JournalDiverged`) keeps its name.
 */
export const namedFaults: ActivityInterceptorsFactory = () => ({
  inbound: {
    execute: (input, next) => next(input).catch((fault: unknown) => Promise.reject(named(fault))),
  },
});

function named(fault: unknown): unknown {
  if (!types.isNativeError(fault) || fault instanceof ApplicationFailure) return fault;
  const name = nameOf(fault);
  return name ? ApplicationFailure.create({ ...name, message: fault.message, cause: fault }) : fault;
}

/** The type by which a claim knows what is broken, and which one of its kind that is. */
function nameOf(fault: Error): { type: string; details?: string[] } | undefined {
  if (fault instanceof RulePackUnreadable) return { type: fault.name, details: [fault.part] };
  if (fault instanceof KeyMissing) return { type: fault.name, details: [fault.keyId] };
  return isDatabaseUnreachable(fault) ? { type: 'DatabaseUnreachable' } : undefined;
}

import { types } from 'node:util';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { RulePackUnreadable } from '../config/rules/unreadable-rules.ts';
import { KeyMissing } from '../security/key-missing.ts';
import { isDatabaseUnreachable } from '../records/database-errors.ts';

/**
 * In any activity the database may be unreachable, or a part of the rules or an encryption key may be
 * missing. The failure then names the part, so that the claim can show it. A fault that an activity has named
 * itself (`ProviderBusy`, `JournalDiverged`) keeps its name.
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

/** The failure's type, from which a claim knows the broken part, and its details: the missing part or key. */
function nameOf(fault: Error): { type: string; details?: string[] } | undefined {
  if (fault instanceof RulePackUnreadable) return { type: fault.name, details: [fault.part] };
  if (fault instanceof KeyMissing) return { type: fault.name, details: [fault.keyId] };
  return isDatabaseUnreachable(fault) ? { type: 'DatabaseUnreachable' } : undefined;
}

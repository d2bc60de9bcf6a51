import { ActivityFailure, ApplicationFailure, TimeoutFailure, type RetryPolicy } from '@temporalio/common';
import { CancellationScope, condition } from '@temporalio/workflow';
import type { BrokenPart } from '../domain/claim/problems.ts';
import { seldom } from './effects.ts';

/** An effect, with the retries of its class or with those that it is given. */
export type Attempt<T> = (options: { retry?: RetryPolicy }) => Promise<T>;

const named: Record<string, BrokenPart> = {
  RecordsOutOfReach: 'records',
  RulePackUnreadable: 'rules',
  KeyMissing: 'keys',
  JournalDiverged: 'journal',
};

/**
 * What is broken, by what an activity failed with; `usual` is what the effect is about, when that did not
 * answer.
 */
export function brokenBy(fault: unknown, usual: BrokenPart): BrokenPart {
  const cause = causeOf(fault);
  if (cause instanceof TimeoutFailure) return usual;
  const type = (cause instanceof ApplicationFailure && cause.type) || '';
  return type === 'ProviderBusy' || type === 'ProviderRefusesUs' ? usual : (named[type] ?? 'step');
}

/** Which part of the rules an activity could not read, where it says so. */
export function unreadableRules(fault: unknown): string | undefined {
  const cause = causeOf(fault);
  const [part] =
    cause instanceof ApplicationFailure && cause.type === 'RulePackUnreadable' ? (cause.details ?? []) : [];
  return typeof part === 'string' ? part : undefined;
}

/**
 * No further attempt mends it: only people do. A provider that refuses us may take our messages again once it
 * is set up as it should be.
 */
export function needsPeople(fault: unknown): boolean {
  const cause = causeOf(fault);
  return (
    cause instanceof ApplicationFailure && cause.nonRetryable === true && cause.type !== 'ProviderRefusesUs'
  );
}

const causeOf = (fault: unknown): unknown => (fault instanceof ActivityFailure ? fault.cause : fault);

/**
 * Beyond its bound an effect is tried seldom, until that works or somebody asks for it to be tried at once:
 * then undefined.
 */
export async function trySeldom<T>(
  attempt: Attempt<T>,
  isAsked: () => boolean,
): Promise<{ value: T } | undefined> {
  const trying = new CancellationScope();
  const tried = trying
    .run(() => attempt(seldom))
    .then(
      (value) => ({ value }),
      () => undefined,
    );
  const outcome = await Promise.race([tried, condition(isAsked).then(() => undefined)]);
  trying.cancel();
  return outcome;
}

/** What the act gives; undefined when this holds first, and the act is given up. */
export async function givenUpWhen<T>(
  holds: () => boolean,
  act: () => Promise<T>,
): Promise<{ value: T } | undefined> {
  const trying = new CancellationScope();
  try {
    return await trying.run(() =>
      Promise.race([act().then((value) => ({ value })), condition(holds).then(() => undefined)]),
    );
  } finally {
    trying.cancel();
  }
}

import { ActivityFailure, ApplicationFailure, TimeoutFailure, type RetryPolicy } from '@temporalio/common';
import { CancellationScope, condition } from '@temporalio/workflow';
import type { BrokenPart } from '../domain/claim/problems.ts';
import { seldom } from './effects.ts';

/** An effect, with the retries of its class or with the given ones. */
export type Attempt<T> = (options: { retry?: RetryPolicy }) => Promise<T>;

const named: Record<string, BrokenPart> = {
  DatabaseUnreachable: 'records',
  RulePackUnreadable: 'rules',
  KeyMissing: 'keys',
  JournalDiverged: 'journal',
};

/**
 * The broken part, from the failure of an activity. `usual` is the part that the effect uses: it counts when
 * there was no answer.
 */
export function brokenBy(fault: unknown, usual: BrokenPart): BrokenPart {
  const cause = causeOf(fault);
  if (cause instanceof TimeoutFailure) return usual;
  const type = (cause instanceof ApplicationFailure && cause.type) || '';
  return type === 'ProviderBusy' || type === 'ProviderRejectsUs' ? usual : (named[type] ?? 'step');
}

/** This run does not own the claim: it must not do anything, and the claim is taken up anew. */
export function isNotTheOwner(fault: unknown): boolean {
  const cause = causeOf(fault);
  return cause instanceof ApplicationFailure && cause.type === 'NotTheOwner';
}

/** The part of the rules that an activity could not read, if the failure names one. */
export function unreadableRules(fault: unknown): string | undefined {
  const cause = causeOf(fault);
  const [part] =
    cause instanceof ApplicationFailure && cause.type === 'RulePackUnreadable' ? (cause.details ?? []) : [];
  return typeof part === 'string' ? part : undefined;
}

/**
 * No further attempt helps: people must repair it. A provider that rejects our account may accept messages
 * again once its settings are right.
 */
export function needsPeople(fault: unknown): boolean {
  const cause = causeOf(fault);
  return (
    cause instanceof ApplicationFailure && cause.nonRetryable === true && cause.type !== 'ProviderRejectsUs'
  );
}

const causeOf = (fault: unknown): unknown => (fault instanceof ActivityFailure ? fault.cause : fault);

/**
 * Beyond its limit an effect is tried seldom, until it succeeds. Undefined when a person asks for an
 * immediate attempt first.
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

/** The result of the act. Undefined when the condition becomes true first: the act is then cancelled. */
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

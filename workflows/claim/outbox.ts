import { sleep } from '@temporalio/workflow';
import type { SendOutcome } from '../../activities/messages/contract.ts';
import type { Notification, LedgerOutcome } from '../../domain/messages/notifications.ts';
import { isGathering, nextToSend } from '../../domain/messages/outbox.ts';
import { msOf } from '../../domain/time/time.ts';
import { attempt, inWords, isFinal, untilFinal } from './attempt.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * The planned messages of a claim. Those that may go now are sent with their moment. One that waits for more
 * of its kind, or that its provider did not take, goes by itself, so a provider that is busy for an hour
 * delays nobody else's message. The last messages are sent after the closure.
 */
export class Outbox {
  readonly #run: RunningClaim;
  /** Messages under way. */
  readonly #handed = new Set<string>();

  constructor(run: RunningClaim) {
    this.#run = run;
  }

  get isEmpty(): boolean {
    return this.#run.state.outbox.length === 0;
  }

  /** Some message is not under way yet. */
  get hasWork(): boolean {
    return this.#fresh().length > 0;
  }

  /** Takes all that are not under way: starts those that go by themselves, gives those for this moment. */
  take(now = this.#run.now): Notification[] {
    const fresh = this.#fresh();
    for (const { id } of fresh) this.#handed.add(id);
    for (const each of fresh.filter((other) => isGathering(other, now)))
      void this.#byItself(each, () => this.#gathered(each));
    return fresh.filter((each) => !isGathering(each, now));
  }

  putBack(notifications: Notification[]): void {
    for (const { id } of notifications) this.#handed.delete(id);
  }

  /** One outcome for each, in order. */
  sent(notifications: Notification[], outcomes: SendOutcome[]): void {
    for (const [index, notification] of notifications.entries()) {
      const outcome = outcomes[index] ?? { kind: 'later', seconds: 5, why: 'again' };
      if (isFinal(outcome)) this.#run.messageEnded(notification, outcome, 'with its moment');
      else void this.#byItself(notification, () => untilFinal(this.#run, notification, outcome));
    }
  }

  #fresh(): Notification[] {
    return nextToSend(this.#run.state).filter(({ id }) => !this.#handed.has(id));
  }

  async #gathered(notification: Notification): Promise<LedgerOutcome> {
    const run = this.#run;
    await untilGathered(run, notification);
    // More of the same kind may have been added to it meanwhile, so the current version is sent.
    const current = run.state.outbox.find(({ id }) => id === notification.id) ?? notification;
    return untilFinal(run, current, await attempt(run, current));
  }

  async #byItself(notification: Notification, send: () => Promise<LedgerOutcome>): Promise<void> {
    this.#run.messageEnded(notification, await this.#run.inFlight(send), 'later');
  }
}

const untilGathered = (run: RunningClaim, notification: Notification): Promise<void> =>
  sleep(msOf(notification.notBefore ?? run.now) - msOf(run.now), {
    summary: `gather: ${inWords(run, [notification])}`,
  });

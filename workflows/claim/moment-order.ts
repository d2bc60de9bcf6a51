import { condition } from '@temporalio/workflow';
import type { ToInstruct } from '../../activities/instruct.ts';
import type { Carried } from '../../activities/moment.ts';

type Answer = NonNullable<Carried['bank']>;

/** The payment that goes to the bank with the next moment. One after the other. */
export class MomentOrder {
  #order: ToInstruct | undefined;
  #answer: Answer | undefined;

  /** Undefined when there is none, or when it has its answer. */
  get next(): ToInstruct | undefined {
    return this.#answer ? undefined : this.#order;
  }

  answered(answer: Answer): void {
    this.#answer = answer;
  }

  /** Waits for its turn, and then for the answer of the moment that carried it. */
  async send(order: ToInstruct): Promise<Answer> {
    await condition(() => this.#order === undefined);
    this.#order = order;
    await condition(() => this.#answer !== undefined);
    const answer = this.#answer ?? { kind: 'later' };
    this.#order = undefined;
    this.#answer = undefined;
    return answer;
  }
}

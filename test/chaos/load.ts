import { setTimeout as pause } from 'node:timers/promises';
import type { ActName } from '../../domain/claim/acts.ts';
import type { Api } from '../../client/own-api/api.ts';
import { ApiFailure } from '../../client/own-api/failure.ts';
import type { Shown } from '../../client/own-api/schemas/claims.ts';
import { paper } from '../../demo/paper.ts';
import { policyCopy, withOwnParties } from '../../local/policy-copies.ts';
import { sampleNotice } from '../../local/samples.ts';
import type { Office } from './office.ts';

export interface Load {
  /** Answered as filed: each must exist for ever after. */
  filed: string[];
  closed: string[];
  /** Left at its first stage, so that its timers keep running. */
  idle: string[];
  /** What nobody expected: an answer other than the one that a step must have. */
  faults: string[];
  /**
   * Stops filing; resolves when every claim that was begun has been paid or has been left idle on purpose.
   */
  drain(): Promise<void>;
}

let count = 0;

/**
 * Files a claim every `everyMs` and takes each through to its payment, as the people of the department would;
 * each fifth is left alone.
 */
export function startLoad(
  office: Office,
  { everyMs, patienceMs }: { everyMs: number; patienceMs: number },
): Load {
  const load = {
    filed: [] as string[],
    closed: [] as string[],
    idle: [] as string[],
    faults: [] as string[],
  };
  const filing = new AbortController();
  const patience = new AbortController();
  const lives: Promise<void>[] = [];
  const live = async (index: number): Promise<void> => {
    try {
      const claim = new Person(office, await file(office, patience.signal), patience.signal);
      load.filed.push(claim.no);
      if (index % 5 === 4) load.idle.push(claim.no);
      else await claim.lives().then(() => load.closed.push(claim.no));
    } catch (fault) {
      load.faults.push(fault instanceof Error ? fault.message : String(fault));
    }
  };
  const run = async (): Promise<void> => {
    for (let index = 0; !filing.signal.aborted; index += 1) {
      lives.push(live(index));
      await pause(everyMs, undefined, { signal: filing.signal }).catch(() => undefined);
    }
  };
  const running = run();
  return {
    ...load,
    async drain() {
      filing.abort();
      const giveUp = setTimeout(() => patience.abort(), patienceMs);
      await running;
      await Promise.all(lives);
      clearTimeout(giveUp);
    },
  };
}

async function file(office: Office, patience: AbortSignal): Promise<string> {
  count += 1;
  const sample = sampleNotice('silent-surveyor', new Date());
  const notice = {
    ...withOwnParties(sample, count),
    policy: policyCopy(sample.policy, count),
    reference: `chaos-${process.pid}-${count}`,
  };
  return (await office.as('H-101', patience).file(notice)).claim;
}

/** Everybody who works on one claim. */
class Person {
  readonly no: string;
  readonly #office: Office;
  readonly #patience: AbortSignal;

  constructor(office: Office, no: string, patience: AbortSignal) {
    [this.#office, this.no, this.#patience] = [office, no, patience];
  }

  async lives(): Promise<void> {
    const { surveyor, handler } = await this.#until(({ stage }) => stage === 'survey');
    await this.#does(surveyor, 'report-survey', { onScene: true, findings: 'as reported' });
    for (const document of ['driving-licence', 'accident-certificate']) {
      await this.#brings(document);
      await this.#does(handler, 'accept-document', { document });
    }
    await this.#until(({ stage }) => stage === 'assess');
    await this.#does(handler, 'assess', { item: 'item-1', amount: '2000.00' });
    await this.#until(({ outcome }) => outcome === 'paid');
  }

  async #until(holds: (claim: Shown) => boolean): Promise<Shown> {
    for (;;) {
      const claim = await this.#as('A-991').claim(this.no);
      if (holds(claim)) return claim;
      if (this.#patience.aborted)
        throw new Error(
          `${this.no} is blocked: ` +
            JSON.stringify({ stage: claim.stage, problems: claim.problems, letters: claim.letters }),
        );
      await this.#operations(claim);
      await pause(2_000);
    }
  }

  /** Operations post letters. */
  async #operations({ letters }: Shown): Promise<void> {
    for (const notification of letters)
      await this.#does('O-951', 'post-letter', { notification }).catch(asGoodAsDone);
  }

  #as = (code: string): Api => this.#office.as(code, this.#patience);

  #brings = (document: string): Promise<unknown> =>
    this.#as('H-101').addDocument(this.no, { document, ...paper(document, this.no) });

  #does = (
    code: string,
    act: Exclude<ActName, 'add-document' | 'record-appeal'>,
    fields: object,
  ): Promise<unknown> => this.#as(code).act(this.no, act, fields);
}

/** Somebody was quicker, or the claim has closed: for who only clears up that is as good as done. */
export function asGoodAsDone(fault: unknown): void {
  if (!(fault instanceof ApiFailure && fault.problem.status === 409)) throw fault;
}

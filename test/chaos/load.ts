import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { paper } from '../../demo/paper.ts';
import { sampleNotice } from '../../local/samples.ts';
import type { Office } from './office.ts';

const filed = z.looseObject({ claim: z.string() });
const shown = z.looseObject({
  stage: z.string(),
  outcome: z.string().nullish(),
  handler: z.string(),
  surveyor: z.string(),
  letters: z.array(z.string()),
  problems: z.array(z.looseObject({ id: z.string() })),
});
type Shown = z.infer<typeof shown>;

export interface Load {
  /** Answered as filed: each must exist for ever after. */
  filed: string[];
  closed: string[];
  /** Left with its first stage, so that its timers go on. */
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
  const notice = {
    ...sampleNotice('silent-surveyor', new Date()),
    reference: `chaos-${process.pid}-${count}`,
  };
  const { status, body } = await office.ask(
    { as: 'H-101', method: 'POST', path: '/claims', body: notice },
    patience,
  );
  if (status !== 201 && status !== 200)
    throw new Error(`Filing is answered with ${status} ${JSON.stringify(body)}`);
  return filed.parse(body).claim;
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
    await this.#does(surveyor, 'report-survey', { onScene: true });
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
      const { status, body } = await this.#office.ask(
        { as: 'A-991', method: 'GET', path: `/claims/${this.no}` },
        this.#patience,
      );
      if (status !== 200) throw new Error(`${this.no} is answered with ${status} ${JSON.stringify(body)}`);
      const claim = shown.parse(body);
      if (holds(claim)) return claim;
      if (this.#patience.aborted)
        throw new Error(
          `${this.no} does not go on: ${JSON.stringify({ stage: claim.stage, problems: claim.problems, letters: claim.letters })}`,
        );
      await this.#operations(claim);
      await pause(2_000);
    }
  }

  /** Operations post letters. */
  async #operations({ letters }: Shown): Promise<void> {
    for (const notification of letters) await this.#does('O-951', 'post-letter', { notification }, [409]);
  }

  #brings = (document: string): Promise<void> =>
    this.#asks('H-101', `/claims/${this.no}/documents`, () => {
      const { name, content } = paper(document, this.no);
      const form = new FormData();
      form.set('document', document);
      form.set('file', content, name);
      return form;
    });

  #does = (as: string, act: string, fields: object, alsoFine: number[] = []): Promise<void> =>
    this.#asks(as, `/claims/${this.no}/acts/${act}`, fields, alsoFine);

  async #asks(
    as: string,
    path: string,
    body: object | (() => FormData),
    alsoFine: number[] = [],
  ): Promise<void> {
    const answer = await this.#office.ask({ as, method: 'POST', path, body }, this.#patience);
    if (answer.status !== 200 && !alsoFine.includes(answer.status))
      throw new Error(`${path} is answered with ${answer.status} ${JSON.stringify(answer.body)}`);
  }
}

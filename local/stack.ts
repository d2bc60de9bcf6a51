/** A part that runs as long as the stack. `ended` resolves with a sentence if it ends by itself. */
export type Part = { stop(): Promise<void>; ended?: Promise<string> };

/** A part needs only parts of the layers before its own; those are stopped after it. */
export type Layer = 'records' | 'around' | 'lipei';

export type Stack = {
  /** Waits until the part has started, prints that, and keeps the part to stop it later. */
  add<Started extends Part>(layer: Layer, name: string, starting: Promise<Started>): Promise<Started>;
  /** Resolves with a sentence when a part has ended by itself. */
  lost: Promise<string>;
  stop(): Promise<void>;
};

/** A part that is still starting is ended by its leash when this process ends. */
const patienceWithStartingMs = 2_000;

export function emptyStack(say: (line: string) => void): Stack {
  const layers: Record<Layer, Part[]> = { records: [], around: [], lipei: [] };
  const starting = new Set<Promise<Part>>();
  const lost = Promise.withResolvers<string>();

  async function add<Started extends Part>(
    layer: Layer,
    name: string,
    promise: Promise<Started>,
  ): Promise<Started> {
    const since = Date.now();
    starting.add(promise);
    try {
      const part = await promise;
      layers[layer].push(part);
      void part.ended?.then(lost.resolve);
      say(`✓ ${name} (${((Date.now() - since) / 1_000).toFixed(1)} s)`);
      return part;
    } finally {
      starting.delete(promise);
    }
  }

  async function stop(): Promise<void> {
    await Promise.race([Promise.allSettled(starting), patience()]);
    for (const layer of [layers.lipei, layers.around, layers.records])
      await Promise.allSettled(layer.map((part) => part.stop()));
  }

  return { add, lost: lost.promise, stop };
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, patienceWithStartingMs).unref());
}

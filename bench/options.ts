import { parseArgs } from 'node:util';

const usage = `npm run bench -- [--quick] [--json FILE] [--claims N] [--pairs N] [--in-flight N] [--open N]
                 [--replays N] [--act-claims N] [--act-seconds N] [--only PART]
Compares the claim of a large payment with a workflow that has the same history and does nothing, and with a
yardstick of fixed length, on this machine, in turn; then measures how fast the acts of clerks are answered
and shown. The exit code is 1 when the claim has more events or workflow tasks than its budget.
  --quick         a tenth of everything: shows that the bench works, not how fast anything is
  --json FILE     write the figures for programs; every ratio has a key that contains "ratio"
  --claims N      claims measured in each run (100), after a fifth as many to warm up
  --pairs N       how often the sides are compared (5); the order is reversed each time
  --in-flight N   claims open at once (50)
  --open N        open claims in the worker's memory (2000)
  --replays N     histories that are replayed (200)
  --act-claims N  open claims that clerks act on (300)
  --act-seconds N for how long they act, ten times a second (60)
  --only PART     load, memory, replay or acts
With TEMPORAL_SERVER, TEMPORAL_SQL_TOOL and TEMPORAL_SCHEMA also on that full Temporal server.`;

const parts = ['load', 'memory', 'replay', 'acts'] as const;
type Part = (typeof parts)[number];

export interface Options {
  json: string | undefined;
  claims: number;
  pairs: number;
  inFlight: number;
  open: number;
  replays: number;
  acts: { claims: number; seconds: number };
  /** Whether this part is to be measured. */
  isWanted(part: Part): boolean;
}

/** The options of the command line; the usage when it asks for help. Throws a sentence when one is wrong. */
export function optionsOf(args: string[]): Options | string {
  const { values } = parseArgs({
    args,
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      claims: { type: 'string' },
      pairs: { type: 'string' },
      'in-flight': { type: 'string' },
      open: { type: 'string' },
      replays: { type: 'string' },
      'act-claims': { type: 'string' },
      'act-seconds': { type: 'string' },
      only: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return usage;
  const numberOf = (text: string | undefined, usual: number): number => {
    const number = Number(text ?? (values.quick ? Math.max(2, Math.round(usual / 10)) : usual));
    if (!Number.isInteger(number) || number < 1)
      throw new Error(`"${text}" should be a whole number from 1.\n${usage}`);
    return number;
  };
  if (values.only !== undefined && !parts.some((part) => part === values.only))
    throw new Error(`"${values.only}" should be one of ${parts.join(', ')}.\n${usage}`);
  return {
    json: values.json,
    claims: numberOf(values.claims, 100),
    pairs: numberOf(values.pairs, 5),
    inFlight: numberOf(values['in-flight'], 50),
    open: numberOf(values.open, 2000),
    replays: numberOf(values.replays, 200),
    acts: {
      claims: numberOf(values['act-claims'], 300),
      seconds: numberOf(values['act-seconds'], 60),
    },
    isWanted: (part) => values.only === undefined || values.only === part,
  };
}

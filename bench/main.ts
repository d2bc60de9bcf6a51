import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { workflowBundle } from '../workers/workflow-bundle.ts';
import { bareBundle } from './bare-bundle.ts';
import { activitiesOf, eventsIn, histogramOf, unfairness } from './fairness.ts';
import { fullServerGiven } from './full-server.ts';
import { runLoad, type Run } from './load.ts';
import { memoryOf, type Memory } from './memory.ts';
import { recordClaim, type Recorded } from './recorded-claim.ts';
import { replayRate } from './replay.ts';
import { figuresOf, inWords, type Findings } from './report.ts';
import { sides, type Side } from './sides.ts';

const usage = `npm run bench -- [--quick] [--json FILE] [--claims N] [--pairs N] [--in-flight N] [--open N] [--replays N] [--only PART]
The claim of a large payment beside a workflow with the same history that does nothing, on this machine, in turns.
  --quick       a tenth of everything: says whether the bench works, not how fast anything is
  --json FILE   the figures for machines; every ratio under a key that contains "ratio"
  --claims N    measured in each run (100), after a fifth as many that warm up
  --pairs N     how often the sides are compared (5); the order is turned round each time
  --in-flight N open at once (50)
  --open N      open claims in the worker's memory (2000)
  --replays N   histories that are replayed (200)
  --only PART   load, memory or replay
On a full Temporal server too, where TEMPORAL_SERVER, TEMPORAL_SQL_TOOL and TEMPORAL_SCHEMA name one.`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    claims: { type: 'string' },
    pairs: { type: 'string' },
    'in-flight': { type: 'string' },
    open: { type: 'string' },
    replays: { type: 'string' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

const numberOf = (text: string | undefined, usual: number): number => {
  const number = Number(text ?? (values.quick ? Math.max(2, Math.round(usual / 10)) : usual));
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`"${text}" should be a whole number from 1.\n${usage}`);
  return number;
};

const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** On a busy machine a workflow task may take in two events that another time come one by one. */
const fairAttempts = 5;

async function main(): Promise<void> {
  if (values.help) return void process.stdout.write(`${usage}\n`);
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const [claims, pairs, inFlight, open, replays] = [
    numberOf(values.claims, 100),
    numberOf(values.pairs, 5),
    numberOf(values['in-flight'], 50),
    numberOf(values.open, 2000),
    numberOf(values.replays, 200),
  ];
  const wanted = (part: string): boolean => values.only === undefined || values.only === part;

  const { claim, bare, bundles } = await fairPair();
  const fullServer = fullServerGiven();
  const load = { claims, warmUp: Math.ceil(claims / 5), inFlight };
  const runs = wanted('load') ? await inTurns(pairs, (side) => runLoad(side, bundles, load)) : [];
  if (wanted('load') && fullServer) say('The same on the full server:');
  const runsOnFullServer =
    wanted('load') && fullServer
      ? await inTurns(pairs, (side) => runLoad(side, { ...bundles, fullServer }, load))
      : [];
  const memory: Memory[] = [];
  if (wanted('memory'))
    for (const side of ['bare', 'no effects'] as const) memory.push(await memoryOf(side, bundles, open));
  const replay = wanted('replay') ? await replayRate({ claim, bare }, bundles, replays) : [];

  const findings: Findings = {
    claim: histogramOf(claim.history),
    bare: histogramOf(bare.history),
    activities: activitiesOf(claim.history),
    runs,
    runsOnFullServer,
    memory,
    replay,
  };
  process.stdout.write(`${inWords(findings)}\n`);
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify(figuresOf(findings), null, 2)}\n`);
}

/**
 * A claim's history, and one of the bare workflow that does what it did; throws when they cannot be compared.
 */
async function fairPair(): Promise<{
  claim: Recorded;
  bare: Recorded;
  bundles: { real: string; bare: string };
}> {
  const real = await workflowBundle();
  let why: string[] = [];
  for (let attempt = 1; attempt <= fairAttempts; attempt += 1) {
    const claim = await recordClaim('no effects', { real, bare: '' });
    const bundles = { real, bare: await bareBundle(claim.shape) };
    const bare = await recordClaim('bare', bundles);
    const [ofClaim, ofBare] = [histogramOf(claim.history), histogramOf(bare.history)];
    why = unfairness(ofClaim, ofBare);
    say(
      `The claim has ${eventsIn(ofClaim)} events, the bare one ${eventsIn(ofBare)}${why.length > 0 ? `: not comparable (${why.join('; ')})` : ''}`,
    );
    if (why.length === 0) return { claim, bare, bundles };
  }
  throw new Error(
    `The bare workflow has not the claim's history, so nothing was measured: ${why.join('; ')}.`,
  );
}

/** A B C, then C B A, and so on: what changes slowly on the machine meets each side alike. */
async function inTurns(pairs: number, run: (side: Side) => Promise<Run>): Promise<Run[][]> {
  const rounds: Run[][] = [];
  for (let round = 0; round < pairs; round += 1) {
    const runs: Run[] = [];
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const done = await run(side);
      runs.push(done);
      say(
        `${round + 1}/${pairs} ${side}: ${done.claimsPerSecond.toFixed(2)} claims/s, CPU ${done.cpuMs.server.toFixed(0)} + ${done.cpuMs.worker.toFixed(0)} ms a claim`,
      );
    }
    rounds.push(runs);
  }
  return rounds;
}

main().then(
  () => process.exit(0),
  (fault: unknown) => {
    say(fault instanceof Error ? fault.message : String(fault));
    process.exit(1);
  },
);

import { writeFileSync } from 'node:fs';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { workflowBundle } from '../workers/workflow-bundle.ts';
import { measuredActs } from './acts/measured.ts';
import { bareBundle } from './bare-bundle.ts';
import { activitiesOf, eventsIn, histogramOf, unfairness } from './fairness.ts';
import { fullServerGiven } from './full-server.ts';
import type { Setup } from './ground.ts';
import { runLoad, type Run } from './load.ts';
import { memoryOf, type Memory } from './memory.ts';
import { optionsOf, type Options } from './options.ts';
import { recordClaim, type Recorded } from './recorded-claim.ts';
import { replayRate } from './replay.ts';
import { figuresOf, inWords, overBudget, type Findings } from './report.ts';
import { sides, type Side } from './sides.ts';
import { checkYardstick, yardstickBundle } from './yardstick/load.ts';

const print = (line: string): void => void process.stderr.write(`${line}\n`);

/** On a busy machine one workflow task may take two events that another time come one by one. */
const fairAttempts = 5;

async function main(): Promise<void> {
  const options = optionsOf(process.argv.slice(2));
  if (typeof options === 'string') return void process.stdout.write(`${options}\n`);
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: 'ERROR', forward: {} } },
  });
  const findings = await measured(options);
  process.stdout.write(`${inWords(findings)}\n`);
  if (options.json !== undefined)
    writeFileSync(options.json, `${JSON.stringify(figuresOf(findings), null, 2)}\n`);
  const over = findings.histories && overBudget(findings.histories);
  if (over !== undefined) throw new Error(over);
}

async function measured(options: Options): Promise<Findings> {
  const { isWanted } = options;
  const compared =
    isWanted('load') || isWanted('memory') || isWanted('replay')
      ? await measuredBesideOthers(options)
      : { runs: [], runsOnFullServer: [], memory: [], replay: [] };
  return { ...compared, acted: isWanted('acts') ? await measuredActs(options.acts) : [] };
}

/** The parts that need a claim's history and workflows to compare it with. */
async function measuredBesideOthers(options: Options): Promise<Omit<Findings, 'acted'>> {
  const { claim, bare, bundles } = await fairPair();
  const { runs, runsOnFullServer } = options.isWanted('load')
    ? await measuredLoad(options, bundles)
    : { runs: [], runsOnFullServer: [] };
  const memory: Memory[] = [];
  if (options.isWanted('memory'))
    for (const side of ['bare', 'no effects'] as const)
      memory.push(await memoryOf(side, bundles, options.open));
  const replay = options.isWanted('replay')
    ? await replayRate({ claim, bare }, bundles, options.replays)
    : [];
  const histories = {
    claim: histogramOf(claim.history),
    bare: histogramOf(bare.history),
    activities: activitiesOf(claim.history),
  };
  return { histories, runs, runsOnFullServer, memory, replay };
}

async function measuredLoad(
  { claims, pairs, inFlight }: Options,
  bundles: Setup,
): Promise<Pick<Findings, 'runs' | 'runsOnFullServer'>> {
  const fullServer = fullServerGiven();
  await checkYardstick(bundles);
  const load = { claims, warmUp: Math.ceil(claims / 5), inFlight };
  const runs = await inTurns(pairs, (side) => runLoad(side, bundles, load));
  if (!fullServer) return { runs, runsOnFullServer: [] };
  print('The same on the full server:');
  return {
    runs,
    runsOnFullServer: await inTurns(pairs, (side) => runLoad(side, { ...bundles, fullServer }, load)),
  };
}

/** A claim's history and that of its bare workflow. Throws a sentence when they cannot be compared. */
async function fairPair(): Promise<{ claim: Recorded; bare: Recorded; bundles: Setup }> {
  const real = await workflowBundle();
  const yardstick = await yardstickBundle();
  let reasons: string[] = [];
  for (let attempt = 1; attempt <= fairAttempts; attempt += 1) {
    const claim = await recordClaim('no effects', { real, yardstick, bare: '' });
    const bundles = { real, yardstick, bare: await bareBundle(claim.shape) };
    const bare = await recordClaim('bare', bundles);
    const [ofClaim, ofBare] = [histogramOf(claim.history), histogramOf(bare.history)];
    reasons = unfairness(ofClaim, ofBare);
    const verdict = reasons.length > 0 ? `: not comparable (${reasons.join('; ')})` : '';
    print(`The claim has ${eventsIn(ofClaim)} events, the bare one ${eventsIn(ofBare)}${verdict}`);
    if (reasons.length === 0) return { claim, bare, bundles };
  }
  throw new Error(
    `The bare workflow has another history than the claim, so nothing was measured: ${reasons.join('; ')}.`,
  );
}

/** A B C D, then D C B A, and so on: slow changes of the machine affect each side alike. */
async function inTurns(pairs: number, run: (side: Side) => Promise<Run>): Promise<Run[][]> {
  const rounds: Run[][] = [];
  for (let round = 0; round < pairs; round += 1) {
    const runs: Run[] = [];
    for (const side of round % 2 === 0 ? sides : sides.toReversed()) {
      const done = await run(side);
      runs.push(done);
      print(`${round + 1}/${pairs} ${lineOf(done)}`);
    }
    rounds.push(runs);
  }
  return rounds;
}

const lineOf = ({ side, claimsPerSecond, cpuMs }: Run): string =>
  `${side}: ${claimsPerSecond.toFixed(2)} claims/s, ` +
  `CPU ${cpuMs.server.toFixed(0)} + ${cpuMs.worker.toFixed(0)} ms a claim`;

main().then(
  () => process.exit(0),
  (fault: unknown) => {
    print(fault instanceof Error ? fault.message : String(fault));
    process.exit(1);
  },
);

import { announce, announceProgress } from './announcement.ts';
import { claimDataDirectory, writeStackFile, type StackFile } from './processes/data-directory.ts';
import { requireFreePorts } from './processes/ports.ts';
import { actOnSamples } from './sample-acts.ts';
import { startRecordsCheck } from './records-check.ts';
import { portsNeeded, settingFor, type UpOptions } from './setting.ts';
import { emptyStack, type Stack } from './stack.ts';
import { start } from './start.ts';

/**
 * Runs Lipei on this machine, with every part that the environment does not name. Stops everything and
 * resolves when it is interrupted or terminated. Progress goes to standard error, the addresses to standard
 * output. Throws one sentence, after stopping everything, when a part cannot start or ends by itself.
 */
export async function up(options: UpOptions = {}): Promise<void> {
  const ending = untilEnded();
  const setting = settingFor(options);
  const release = await claimDataDirectory(setting.dataDir);
  const stack = emptyStack(announceProgress);
  try {
    await requireFreePorts(setting.ports, portsNeeded(setting.env));
    const starting = start(stack, setting, options.samples ?? true).then(({ running, claims }) => {
      writeStackFile(setting.dataDir, running);
      announce(running, options.json ?? false);
      const check = startRecordsCheck(setting, running.api, announceProgress);
      void stack.add('lipei', 'Check of the records', Promise.resolve(check));
      // Not awaited: the stack is ready before the samples are at their steps.
      void bringSamplesOn(setting.dataDir, running, claims);
    });
    await Promise.race([starting.then(() => ending.asked), ending.asked, loss(stack)]);
    announceProgress('Stopping…');
  } finally {
    await stack.stop();
    release();
    ending.forget();
  }
}

/** A sample claim that does not reach its step does not stop the stack: the others are usable. */
async function bringSamplesOn(dataDir: string, { api, sms }: StackFile, claims: Record<string, string>) {
  const since = Date.now();
  const sentences = await actOnSamples({ dataDir, api, sms }, claims).catch((fault: unknown) => [
    `The sample claims did not reach their steps: ${fault instanceof Error ? fault.message : String(fault)}`,
  ]);
  const count = Object.keys(claims).length;
  for (const sentence of sentences) announceProgress(sentence);
  if (count > 0 && sentences.length === 0)
    announceProgress(`✓ ${count} sample claims stand at their steps (${seconds(since)})`);
}

const seconds = (since: number): string => `${((Date.now() - since) / 1_000).toFixed(1)} s`;

/** Handlers stay in place while everything is stopped, so that a second Ctrl-C doesn't cut that short. */
function untilEnded(): { asked: Promise<void>; forget(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const asked = () => resolve();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, asked);
  return { asked: promise, forget: () => signals.forEach((signal) => process.off(signal, asked)) };
}

async function loss({ lost }: Stack): Promise<never> {
  throw new Error(await lost);
}

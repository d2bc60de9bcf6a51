import { parseArgs } from 'node:util';
import { startNarration } from './narration.ts';
import { stackFor } from './stack.ts';
import { busyCustomer } from './stories/busy-customer.ts';
import { largeLoss } from './stories/large-loss.ts';
import { silentSurveyor } from './stories/silent-surveyor.ts';
import { thirdPartyInvoice } from './stories/third-party-invoice.ts';
import { runStory } from './story-runner.ts';
import { verdictTable } from './verdicts.ts';

process.exitCode = await demonstrate().catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  return 1;
});

/**
 * Plays the four stories at once, with a second for a day, and prints how each ended. Returns the exit code.
 */
async function demonstrate(): Promise<number> {
  const { values } = parseArgs({ options: { data: { type: 'string' } } });
  const narration = startNarration();
  const stack = await stackFor(values.data, narration);
  try {
    narration.say('', 'Lipei runs. Days are seconds here; the four stories begin.');
    const verdicts = await Promise.all(
      [busyCustomer, thirdPartyInvoice, largeLoss, silentSurveyor].map((story) =>
        runStory(story, stack, narration),
      ),
    );
    process.stdout.write(`\n${verdictTable(verdicts)}\n`);
    return verdicts.every(({ wrong }) => wrong === undefined) ? 0 : 1;
  } finally {
    await stack.stop();
  }
}

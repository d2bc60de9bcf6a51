import type { Command } from 'commander';
import { claimOutcomes, type ClaimOutcome } from '../../../domain/claim/claim.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { commandAction } from '../command-action.ts';
import { startOfDayOrMoment, wholeNumber } from '../input/arguments.ts';
import { choice } from '../input/choice.ts';
import { samplePage, samplesPage } from '../pages/sample-page.ts';

interface Flags {
  count: number;
  seed?: string;
  closedFrom?: string;
  closedTo?: string;
  line?: string;
  branch?: string;
  outcome?: ClaimOutcome;
}

/** `claims sample` and `claims samples`. */
export function sampleCommands(claims: Command): void {
  drawCommand(claims);
  claims
    .command('samples')
    .description('list every sample that was drawn, as it was signed')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.samples();
        return { value, text: samplesPage(value) };
      }),
    );
}

const drawCommand = (claims: Command): Command =>
  claims
    .command('sample')
    .description(doesInWords('sample-claims'))
    .requiredOption('--count <n>', 'draw so many claims, at most 1000', wholeNumber)
    .option('--seed <text>', 'the same seed draws the same claims (default: a random one)')
    .option('--closed-from <day>', 'only claims that closed on this day or later', startOfDayOrMoment)
    .option('--closed-to <day>', 'only claims that closed before this day (default: now)', startOfDayOrMoment)
    .option('--line <line>', 'only claims of this line of business')
    .option('--branch <branch>', 'only claims of this branch')
    .addOption(choice('--outcome <outcome>', 'only claims that ended like this', claimOutcomes))
    .action(
      commandAction(async ({ api }, flags: Flags) => {
        const value = await api.sample(flags);
        return { value, text: samplePage(value) };
      }),
    );

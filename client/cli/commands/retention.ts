import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { commandAction, type Cli, type CommandResult } from '../command-action.ts';
import { planPage, retiredPage } from '../pages/retention-page.ts';
import { misuse } from '../stop.ts';

/** `records retention`. */
export const retentionCommand = (records: Command): Command =>
  records
    .command('retention')
    .description(
      `${doesInWords('plan-retention')}; with --run, ${doesInWords('run-retention')}. ` +
        'Each claim is archived first',
    )
    .option('--dry-run', 'make a plan, and delete nothing (this is the default)')
    .option('--run <plan>', 'carry out a plan of somebody else, as its id says; may be stopped and repeated')
    .action(commandAction(retention));

async function retention(cli: Cli, { dryRun, run }: { dryRun?: true; run?: string }): Promise<CommandResult> {
  if (dryRun && run !== undefined) throw misuse('Give --dry-run or --run, not both.');
  if (run !== undefined) return carriedOut(cli, run);
  const value = await cli.api.planRetention();
  return { value, text: planPage(value) };
}

async function carriedOut({ api, say }: Cli, plan: string): Promise<CommandResult> {
  const retired: Record<string, number> = {};
  const [archives, kept]: [string[], { claim: string; why: string }[]] = [[], []];
  for (let after: string | undefined; ;) {
    const batch = await api.runRetention(plan, after);
    for (const [name, count] of Object.entries(batch.retired)) retired[name] = (retired[name] ?? 0) + count;
    archives.push(...batch.archives);
    kept.push(...batch.kept);
    if (batch.isEnded) break;
    say(`… ${Object.values(retired).reduce((sum, each) => sum + each, 0)} deleted`);
    after = batch.after;
  }
  const value = { plan, retired, archives, kept };
  return { value, text: retiredPage(value) };
}

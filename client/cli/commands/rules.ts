import type { Command } from 'commander';
import type { Wanted } from '../../../config/rules/load.ts';
import { print } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { misuse } from '../stop.ts';

/** The rules of new claims, read from `rules/` when they are needed. */
export function ruleCommands(lipei: Command): void {
  const rules = lipei
    .command('rules')
    .description('show the rules in force, and the file of each value (docs/how-to/change-a-rule.md)');

  rules
    .command('list')
    .description('list the lines with their parts; needs no running stack')
    .action(async function list(this: Command) {
      const { houseRules } = await import('../../../config/rules/load.ts');
      const { listedRules, rulesListPage } = await import('../pages/rules-page.ts');
      const listed = listedRules(houseRules);
      print({ value: listed, text: rulesListPage(listed) }, this.optsWithGlobals<Globals>());
    });

  rules
    .command('show')
    .description('show the rules of a line, and the part of each value; needs no running stack')
    .requiredOption('--line <line>', 'line of business, such as motor')
    .requiredOption('--jurisdiction <code>', 'jurisdiction, such as CN')
    .option('--pace <name>', 'a scale of time: ordinary, demo or any-hour', 'ordinary')
    .action(async function show(this: Command, wanted: Wanted) {
      const { shownRules, rulesPage } = await import('../pages/rules-page.ts');
      const shown = shownRules(await explained(wanted));
      print({ value: shown, text: rulesPage(shown) }, this.optsWithGlobals<Globals>());
    });
}

async function explained(wanted: Wanted) {
  const { houseRules } = await import('../../../config/rules/load.ts');
  const { UnknownRules } = await import('../../../config/rules/unreadable-rules.ts');
  try {
    return houseRules.explained(wanted);
  } catch (fault) {
    throw fault instanceof UnknownRules ? misuse(fault.message) : fault;
  }
}

import type { Command } from 'commander';
import type { Wanted } from '../../../config/rules/load.ts';
import { print } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { misuse } from '../stop.ts';

/** The rules that new claims get. They are read from `rules/` when they are asked for. */
export function ruleCommands(lipei: Command): void {
  const rules = lipei
    .command('rules')
    .description('the rules in force, and where each value is written (docs/how-to/change-a-rule.md)');

  rules
    .command('list')
    .description('list the lines that have rules, and the parts of each; needs no running stack')
    .action(async function list(this: Command) {
      const { houseRules } = await import('../../../config/rules/load.ts');
      const { listedRules, rulesListPage } = await import('../pages/rules-page.ts');
      const listed = listedRules(houseRules);
      print({ value: listed, text: rulesListPage(listed) }, this.optsWithGlobals<Globals>());
    });

  rules
    .command('show')
    .description('show the rules of a line, and the part that each value comes from; needs no running stack')
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

import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { commandAction } from '../command-action.ts';
import { historyPage } from '../pages/history-page.ts';
import { staffPage } from '../pages/staff-page.ts';

/** The members of staff, and how they have changed. */
export function staffCommands(lipei: Command): void {
  const staff = lipei.command('staff').description('list the members of staff');
  staff
    .command('list')
    .description('list all members of staff, with the number of tasks that wait for each')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.staff(true);
        return { value, text: staffPage(value) };
      }),
    );
  staff
    .command('history')
    .description(doesInWords('read-history'))
    .argument('<code>', 'staff code')
    .action(
      commandAction(async ({ api }, code: string) => {
        const value = await api.staffHistory(code);
        return { value, text: historyPage(value) };
      }),
    );
}

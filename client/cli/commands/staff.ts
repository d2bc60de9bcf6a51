import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { staffPage } from '../pages/staff-page.ts';

/** The members of staff. */
export function staffCommands(lipei: Command): void {
  lipei
    .command('staff')
    .description('list the members of staff')
    .command('list')
    .description('list all members of staff, with the number of tasks that wait for each')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.staff(true);
        return { value, text: staffPage(value) };
      }),
    );
}

import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { staffPage } from '../pages/staff-page.ts';

/** Who works here. */
export function staffCommands(lipei: Command): void {
  lipei
    .command('staff')
    .description('who works here')
    .command('list')
    .description('everybody with code, name, roles and branch, and how many things wait for them')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.staff(true);
        return { value, text: staffPage(value) };
      }),
    );
}

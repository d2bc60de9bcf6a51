import type { Command } from 'commander';
import { staffRoles, type StaffRole } from '../../../domain/people/people.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { staffFilters } from '../../own-api/schemas/staff.ts';
import { commandAction } from '../command-action.ts';
import { choice } from '../input/choice.ts';
import { historyPage } from '../pages/history-page.ts';
import { loadPage } from '../pages/load-page.ts';
import { memberPage } from '../pages/member-page.ts';
import { staffPage } from '../pages/staff-page.ts';
import { staffChangeCommands } from './staff-changes.ts';
import { unitsPage } from '../pages/units-page.ts';

interface Filter {
  unit?: string;
  role?: StaffRole;
  absent?: true;
}

/** The members of staff and the units, and how they have changed. */
export function staffCommands(lipei: Command): void {
  const staff = lipei.command('staff').description('list the members of staff, and look at them');
  staff
    .command('list')
    .description('list the members of staff, with the number of tasks that wait for each')
    .option('--unit <code>', staffFilters.unit)
    .addOption(choice('--role <role>', staffFilters.role, staffRoles))
    .option('--absent', staffFilters.absent)
    .action(
      commandAction(async ({ api, named }, filter: Filter) => {
        const value = await api.staff({ waiting: true, ...filter });
        return { value, text: staffPage(value, await named()) };
      }),
    );
  staff
    .command('show')
    .description('show one member of staff: limits, absences, deputies, claims and tasks')
    .argument('<code>', 'staff code')
    .action(
      commandAction(async ({ api }, code: string) => {
        const value = await api.member(code);
        return { value, text: memberPage(value) };
      }),
    );
  staff
    .command('load')
    .description('show what waits, by person and by unit: open claims, tasks and the oldest of them')
    .option('--unit <code>', 'only this unit and those beneath it')
    .action(
      commandAction(async ({ api }, { unit }: Filter) => {
        const value = await api.load(unit);
        return { value, text: loadPage(value) };
      }),
    );
  staff
    .command('history')
    .description(doesInWords('read-history'))
    .argument('<code>', 'staff code')
    .action(
      commandAction(async ({ api, named }, code: string) => {
        const value = await api.staffHistory(code);
        return { value, text: historyPage(value, await named()) };
      }),
    );
  staffChangeCommands(staff);
  const units = lipei.command('units').description('look at the units of the company');
  units
    .command('list')
    .description('list the branches, regional offices and the head office, each beneath the one above it')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.units();
        return { value, text: unitsPage(value) };
      }),
    );
  units
    .command('history')
    .description(doesInWords('read-history'))
    .argument('<code>', 'code of the unit')
    .action(
      commandAction(async ({ api, named }, code: string) => {
        const value = await api.unitHistory(code);
        return { value, text: historyPage(value, await named()) };
      }),
    );
}

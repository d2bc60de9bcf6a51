import type { Command } from 'commander';
import { present } from '../../../domain/present.ts';
import type { Attendance } from '../../own-api/schemas/staff-changes.ts';
import { commandAction, type Cli, type CommandResult } from '../command-action.ts';
import { attendancePage } from '../pages/attendance-page.ts';

interface Options {
  from: string;
  until?: string;
  deputy?: string;
  on?: string;
  dryRun?: true;
}

const trial = 'change nothing: say what waits for the person, and who would have it';

/** `staff absent`, `back`, `leaves` and `deputies`. */
export function staffChangeCommands(staff: Command): void {
  person(staff, 'absent', 'record an absence: your own, or of somebody of your unit or of one beneath it')
    .requiredOption('--from <date>', 'the first day, such as 2026-12-24')
    .option('--until <date>', 'the last day; leave it out while nobody knows it')
    .option('--deputy <code>', 'who takes the work; otherwise the first of the deputies who is there')
    .action(
      commandAction((cli, code: string, { from, until, deputy, dryRun }: Options) =>
        shown(cli, cli.api.setAbsent(code, { from, ...present({ until, deputy, dryRun }) })),
      ),
    );
  person(staff, 'back', 'end an absence, or cancel one that is to come')
    .option('--on <date>', 'the first day on which the person is there; today without it')
    .action(
      commandAction((cli, code: string, { on, dryRun }: Options) =>
        shown(cli, cli.api.setBack(code, present({ on, dryRun }))),
      ),
    );
  person(staff, 'leaves', 'record the last day of somebody of your unit or of one beneath it')
    .requiredOption('--on <date>', 'the last day; `none`: the person stays')
    .option('--deputy <code>', 'who takes the work, before all other deputies')
    .action(
      commandAction((cli, code: string, { on, deputy, dryRun }: Options) =>
        shown(
          cli,
          cli.api.setLeaving(code, {
            on: on === undefined || on === 'none' ? null : on,
            ...present({ deputy, dryRun }),
          }),
        ),
      ),
    );
  person(staff, 'deputies', 'name the deputies of a person: the first who is there takes the work')
    .argument('[deputies...]', 'staff codes in their order; none: the branch shares the work')
    .action(
      commandAction((cli, code: string, deputies: string[], { dryRun }: Options) =>
        shown(cli, cli.api.setDeputies(code, { deputies, ...present({ dryRun }) })),
      ),
    );
}

const person = (staff: Command, name: string, description: string): Command =>
  staff.command(name).description(description).argument('<code>', 'staff code').option('--dry-run', trial);

async function shown({ named }: Cli, answer: Promise<Attendance>): Promise<CommandResult> {
  const value = await answer;
  return { value, text: attendancePage(value, await named()) };
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { projectRoot } from '../../config/env.ts';
import { actCommands } from './commands/acts.ts';
import { anchorCommands } from './commands/anchors.ts';
import { bookImportCommands } from './commands/book-imports.ts';
import { calendarCommands } from './commands/calendars.ts';
import { claimsCommands } from './commands/claims.ts';
import { documentCommands } from './commands/documents.ts';
import { keyCommands } from './commands/keys.ts';
import { messageCommands } from './commands/messages.ts';
import { operationsCommands } from './commands/operations.ts';
import { policyCommands } from './commands/policies.ts';
import { partyCommands } from './commands/parties.ts';
import { ruleCommands } from './commands/rules.ts';
import { stackCommands } from './commands/stack.ts';
import { staffCommands } from './commands/staff.ts';
import { templateCommands } from './commands/templates.ts';

/** Every command of `bin/lipei`; `docs/cli.md` is generated from it. */
export function program(): Command {
  const lipei = new Command('lipei')
    .description(
      'The back office of a claims department: file claims, see what they wait for, and do your tasks.',
    )
    .usage('COMMAND [ARGUMENTS] [OPTIONS]')
    .option('--api <url>', 'address of the API (default: the local stack)')
    .option('--as <code>', 'staff code of the person who acts, on the local stack (default: the hotline)')
    .option(
      '--data <dir>',
      'data directory of the local stack (default: LIPEI_DATA, else .lipei in the project)',
    )
    .option('--json', 'print one JSON value and nothing else')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print the help of a command')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', ending);
  for (const add of [
    stackCommands,
    claimsCommands,
    documentCommands,
    actCommands,
    messageCommands,
    templateCommands,
    ruleCommands,
    calendarCommands,
    policyCommands,
    staffCommands,
    bookImportCommands,
    operationsCommands,
    anchorCommands,
    partyCommands,
    keyCommands,
  ])
    add(lipei);
  return lipei;
}

const ending = `
Options may come before or after arguments. Exit codes: 0 done; 1 denied, or Lipei cannot be reached;
2 the command line or a given file is wrong. A sentence on standard error gives the reason.`;

function version(): string {
  const { version: written }: { version: string } = JSON.parse(
    readFileSync(join(projectRoot, 'package.json'), 'utf8'),
  );
  return written;
}

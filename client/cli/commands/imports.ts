import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { wholeNumber } from '../input/arguments.ts';
import type { ImportFlags, UndoFlags } from '../import/importing.ts';

/** Claims that come as files. What does it is loaded when it is asked for. */
export function importCommands(claims: Command): void {
  const command = claims
    .command('import')
    .description('file the rows of a CSV file as claims; importing the same file again files nothing twice')
    .argument('<file>', 'CSV file with a header: UTF-8, UTF-16 or GB18030; commas, semicolons or tabs')
    .option('--map <file>', 'how its rows become notices of loss (docs/import.md)')
    .option('--limit <n>', 'only the first rows', wholeNumber)
    .option('--dry-run', 'read, map and check everything, file nothing')
    .option(
      '--out <dir>',
      'where FILE.import.jsonl goes, for import undo, and FILE.rejects.csv (default: this directory)',
    )
    .action(
      commandAction(async (cli, file: string, flags: ImportFlags) =>
        (await import('../import/importing.ts')).importFile(cli, file, flags),
      ),
    );

  command
    .command('undo')
    .description('withdraw what one import filed, and not what was there before it')
    .argument('<log>', 'the log that the import wrote, or the file that was imported')
    .option('--reason <text>', 'why, for the notes of each claim')
    .option('--dry-run', 'only say how many')
    .option('--out <dir>', 'where the log of a file is (default: this directory)')
    .action(
      commandAction(async (cli, log: string, _: UndoFlags, undo: Command) => {
        const { undoImport } = await import('../import/importing.ts');
        // What `import` itself knows, commander hands to it.
        return undoImport(cli, log, undo.optsWithGlobals<UndoFlags>());
      }),
    );
}

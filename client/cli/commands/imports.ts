import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { encodings } from '../../../config/import-map.ts';
import { wholeNumber } from '../input/arguments.ts';
import { choice } from '../input/choice.ts';
import type { ImportFlags } from '../import/import-file.ts';
import type { UndoFlags } from '../import/undo-import.ts';

/** Claims from files. The modules are loaded when they are needed. */
export function importCommands(claims: Command): void {
  const command = claims
    .command('import')
    .description('file the rows of a CSV file as claims; the same file again files nothing twice')
    .argument('<file>', 'CSV file with a header: UTF-8, UTF-16, GB18030 or Big5; commas, semicolons or tabs')
    .option('--map <file>', 'mapping: how the rows become notices of loss (docs/import.md)')
    .addOption(choice('--encoding <name>', 'encoding of the file, if it is unclear', encodings))
    .option('--limit <n>', 'import only the first n rows', wholeNumber)
    .option('--dry-run', 'read, map and check everything; file nothing')
    .option(
      '--out <dir>',
      'directory for FILE.import.jsonl (for import undo) and FILE.rejects.csv (default: this one)',
    )
    .action(
      commandAction(async (cli, file: string, flags: ImportFlags) =>
        (await import('../import/import-file.ts')).importFile(cli, file, flags),
      ),
    );

  command
    .command('undo')
    .description('withdraw the claims that one import filed; older claims stay')
    .argument('<log>', 'log of the import, or the imported file')
    .option('--reason <text>', 'reason, kept as a note of each claim')
    .option('--dry-run', 'print only how many claims would be withdrawn')
    .option('--out <dir>', 'directory of the log (default: this one)')
    .action(
      commandAction(async (cli, log: string, _: UndoFlags, undo: Command) => {
        const { undoImport } = await import('../import/undo-import.ts');
        // Commander gives it the options of `import` too.
        return undoImport(cli, log, undo.optsWithGlobals<UndoFlags>());
      }),
    );
}

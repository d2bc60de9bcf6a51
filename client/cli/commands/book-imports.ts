import type { Command } from 'commander';
import { bookNames, type BookName } from '../../../config/books/fields.ts';
import { encodings } from '../../../config/import-map.ts';
import { rolesInWords } from '../../../domain/people/permissions.ts';
import { commandAction } from '../command-action.ts';
import type { BookFlags } from '../import/import-book.ts';
import { choice } from '../input/choice.ts';
import { importPage, importsPage } from '../pages/imports-page.ts';

const access = { policies: 'import-policies', staff: 'import-staff' } as const;

/** Policies and staff from files of the company's systems. The modules are loaded when they are needed. */
export function bookImportCommands(lipei: Command): void {
  for (const book of bookNames) importCommand(lipei, book);
  const imports = lipei
    .command('imports')
    .description('look at imports of policies and staff, and undo them');
  imports
    .command('list')
    .description('list the last imports, the newest first')
    .action(
      commandAction(async ({ api }) => {
        const value = await api.imports();
        return { value, text: importsPage(value) };
      }),
    );
  imports
    .command('show')
    .description('show how far an import is, and what it changed')
    .argument('<id>', 'id of the import')
    .action(
      commandAction(async ({ api }, id: string) => {
        const value = await api.importOf(id);
        return { value, text: importPage(value) };
      }),
    );
  imports
    .command('undo')
    .description(
      'make what an import changed as it was before; what a later one has changed again stays ' +
        `(${rolesInWords('import-policies')})`,
    )
    .argument('<id>', 'id of the import')
    .action(
      commandAction(async (cli, id: string) =>
        (await import('../import/undo-book.ts')).undoBookImport(cli, id),
      ),
    );
}

function importCommand(lipei: Command, book: BookName): void {
  const command = lipei.commands
    .find((each) => each.name() === book)
    ?.command('import')
    .description(
      `import ${book === 'staff' ? 'staff and units' : 'policies'} from a file; ` +
        `the same file again changes nothing (${rolesInWords(access[book])})`,
    )
    .argument('<file>', 'JSON Lines (.jsonl), or CSV with a header, as for claims import')
    .option('--map <file>', 'mapping: how the columns of a table fill the fields')
    .addOption(choice('--encoding <name>', 'encoding of the file, if it is unclear', encodings))
    .option('--dry-run', 'read, compare and check everything; change nothing')
    .option('--rejects <file>', 'file for the rows that are not taken (default: FILE.rejects.csv here)')
    .action(
      commandAction(async (cli, file: string, flags: BookFlags) =>
        (await import('../import/import-book.ts')).importBook(cli, book, file, flags),
      ),
    );
  if (book === 'staff')
    command?.option(
      '--first',
      'without the API, on its machine: the first people of a company, who have no token yet',
    );
}

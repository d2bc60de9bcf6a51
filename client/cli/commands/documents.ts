import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { attachmentsPage } from '../pages/attachments-page.ts';
import { notDone } from '../stop.ts';

/** What has come in. */
export function documentCommands(lipei: Command): void {
  const documents = lipei.command('documents').description('look at documents that have come in');
  documents
    .command('list')
    .description('what has come in, the oldest first')
    .argument('<no>', 'number of the claim')
    .action(
      commandAction(async ({ api, named }, no: string) => {
        const [value, names] = await Promise.all([api.attachments(no), named()]);
        return { value, text: attachmentsPage(value, names) };
      }),
    );

  documents
    .command('save')
    .description('save what has come in to a file, to look at it')
    .argument('<no>', 'number of the claim')
    .argument('<sha256>', 'which, as documents list names it; its beginning does')
    .argument('<file>', 'where to')
    .action(
      commandAction(async ({ api }, no: string, named: string, file: string) => {
        const found = (await api.attachments(no)).find(({ sha256 }) => sha256.startsWith(named));
        if (!found)
          throw notDone(`Claim ${no} has no attachment ${named}; documents list shows those that it has.`);
        await writeFile(file, await api.attachment(no, found.sha256));
        return { value: { ...found, file }, text: `${found.document} is in ${file}.` };
      }),
    );
}

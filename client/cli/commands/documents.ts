import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { attachmentsPage } from '../pages/attachments-page.ts';
import { notDone } from '../stop.ts';

/** The documents that a claim has received. */
export function documentCommands(lipei: Command): void {
  const documents = lipei.command('documents').description('list and save the documents of a claim');
  documents
    .command('list')
    .description('list the documents that a claim has received, the oldest first')
    .argument('<claim>', 'number of the claim')
    .action(
      commandAction(async ({ api, named }, no: string) => {
        const [value, names] = await Promise.all([api.attachments(no), named()]);
        return { value, text: attachmentsPage(value, names) };
      }),
    );

  documents
    .command('save')
    .description('save a document to a file, to look at it')
    .argument('<claim>', 'number of the claim')
    .argument('<sha256>', 'hash of the document in documents list, or its beginning')
    .argument('<file>', 'file to write')
    .action(
      commandAction(async ({ api }, no: string, named: string, file: string) => {
        const found = (await api.attachments(no)).find(({ sha256 }) => sha256.startsWith(named));
        if (!found)
          throw notDone(`Claim ${no} has no attachment ${named}; documents list shows its attachments.`);
        await writeFile(file, await api.attachment(no, found.sha256));
        return { value: { ...found, file }, text: `${found.document} is in ${file}.` };
      }),
    );
}

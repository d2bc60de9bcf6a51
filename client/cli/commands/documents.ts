import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { attachmentsPage } from '../pages/attachments-page.ts';
import { looking, withWhy, type Why } from '../input/reading.ts';
import { notDone } from '../stop.ts';

/** The documents that a claim has received. */
export function documentCommands(lipei: Command): void {
  const documents = lipei.command('documents').description('list and save the documents of a claim');
  withWhy(
    documents
      .command('list')
      .description('list the documents that a claim has received, the oldest first')
      .argument('<claim>', 'number of the claim'),
  ).action(
    commandAction(async ({ api, named }, no: string, why: Why) => {
      const all = looking(api, no, why, (purpose) => api.attachments(no, purpose));
      const [value, names] = await Promise.all([all, named()]);
      return { value, text: attachmentsPage(value, names) };
    }),
  );

  withWhy(
    documents
      .command('save')
      .description('save a document to a file, to look at it')
      .argument('<claim>', 'number of the claim')
      .argument('<sha256>', 'hash of the document in documents list, or its beginning')
      .argument('<file>', 'file to write'),
  ).action(
    commandAction(async ({ api }, no: string, named: string, file: string, why: Why) => {
      const all = await looking(api, no, why, (purpose) => api.attachments(no, purpose));
      const found = all.find(({ sha256 }) => sha256.startsWith(named));
      if (!found)
        throw notDone(`Claim ${no} has no attachment ${named}; documents list shows its attachments.`);
      const { sha256 } = found;
      await writeFile(file, await looking(api, no, why, (purpose) => api.attachment(no, sha256, purpose)));
      return { value: { ...found, file }, text: `${found.document} is in ${file}.` };
    }),
  );
}

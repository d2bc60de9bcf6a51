import { existsSync, openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { rejectionReasons } from '../../../domain/documents/requirements.ts';
import { answered, type Answer } from '../answered.ts';
import { attachmentsPage } from '../pages/attachments-page.ts';
import { inWords } from '../../../domain/people/party-fields.ts';
import { isRejectionReason } from '../codes.ts';
import { misuse, refusal } from '../stop.ts';
import { recordedAs } from './recorded-as.ts';

interface About {
  item?: string;
}

const itemFlag = ['--item <id>', 'the item that it belongs to, where several could be meant'] as const;

/** What parties owe: bringing it in and checking it. */
export function documentCommands(lipei: Command): void {
  const documents = lipei.command('documents').description('bring in documents and check them');
  const command = (name: string, description: string): Command =>
    documents
      .command(name)
      .description(description)
      .argument('<no>', 'number of the claim')
      .argument('<kind>', 'kind of document, such as driving-licence')
      .option(...itemFlag);

  command('add', 'add a document that has come in')
    .argument('<file>', 'PDF, JPEG or PNG of up to 20 MB')
    .action(
      answered(async ({ api }, no: string, document: string, file: string, { item }: About) => {
        if (!existsSync(file)) throw misuse(`${file} cannot be read: there is no such file.`);
        return brought(
          document,
          await api.addDocument(no, {
            document,
            item,
            name: basename(file),
            content: await openAsBlob(file),
          }),
          no,
        );
      }),
    );

  command('accept', 'accept a document after checking it').action(
    answered(async ({ api }, no: string, document: string, { item }: About) =>
      accepted(document, await api.act(no, 'accept-document', { document, item }), no),
    ),
  );

  command('reject', 'reject a document; it is asked for again, with the reason')
    .requiredOption(
      '--reason <code>',
      `what is wrong with it: ${inWords(rejectionReasons)}, which the customer reads as a sentence; other words stay in the journal`,
    )
    .action(
      answered(async ({ api }, no: string, document: string, { item, reason }: About & { reason: string }) =>
        rejected(document, await api.act(no, 'reject-document', { document, item, reason }), no, reason),
      ),
    );

  command('waive', 'do without a document (supervisors)').action(
    answered(async ({ api }, no: string, document: string, { item }: About) =>
      waived(document, await api.act(no, 'waive-document', { document, item }), no),
    ),
  );

  documents
    .command('list')
    .description('what has come in, the oldest first')
    .argument('<no>', 'number of the claim')
    .action(
      answered(async ({ api, named }, no: string) => {
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
      answered(async ({ api }, no: string, named: string, file: string) => {
        const found = (await api.attachments(no)).find(({ sha256 }) => sha256.startsWith(named));
        if (!found)
          throw refusal(`Claim ${no} has no attachment ${named}; documents list shows those that it has.`);
        await writeFile(file, await api.attachment(no, found.sha256));
        return { value: { ...found, file }, text: `${found.document} is in ${file}.` };
      }),
    );
}

type Said = (document: string, value: { kind: string; seq?: number }, no: string) => Answer;
const brought: Said = (document, value, no) =>
  value.kind === 'kept'
    ? {
        value,
        text: `${no} has closed: ${document} is kept with it, and operations look whether it changes anything.`,
      }
    : recordedAs(value, `${document} is added to ${no}; a handler checks it`);
const accepted: Said = (document, value, no) => recordedAs(value, `${document} of ${no} is accepted`);
const rejected = (document: string, value: { seq?: number }, no: string, reason: string): Answer => {
  const { text, ...answer } = recordedAs(value, `${document} of ${no} is rejected and asked for again`);
  const unread = `The customer does not read "${reason}": only ${inWords(rejectionReasons)} become sentences.`;
  return { ...answer, text: isRejectionReason(reason) ? text : `${text}\n${unread}` };
};
const waived: Said = (document, value, no) => recordedAs(value, `${no} goes on without ${document}`);

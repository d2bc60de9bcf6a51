import type { Command } from 'commander';
import { optionalFieldsInWords } from '../../../domain/people/party-fields.ts';
import { partyRoles } from '../../../domain/people/people.ts';
import { encodings } from '../../../config/import-map.ts';
import { commandAction } from '../command-action.ts';
import { exampleNotice } from '../example-notice.ts';
import type { Encoding } from '../import/encoding.ts';
import { differencesInWords } from '../input/differences.ts';
import { choice } from '../input/choice.ts';
import { misuse } from '../stop.ts';

const fieldsOfNotice = `
Fields of a notice of loss (JSON):
  source, reference   who reports the loss, and their reference: both together identify the claim
  policy              number of the policy
  lossAt              time of the loss, with its time zone: 2026-11-27T16:10:00+08:00
  place, description  where and how it happened, as text
  parties             a list: role (${partyRoles.join(', ')}) and name;
                      if known ${optionalFieldsInWords()};
                      id only if two parties have the same role
  items               a list: object (such as insured-vehicle), party (its id or role), claimed (4800.00)

  bin/lipei claims file --example > notice.json
  bin/lipei claims file notice.json

If the notice has mistakes, all of them are listed, each with its field.`;

interface Flags {
  example?: true;
  encoding?: Encoding;
}

/** `claims file`. */
export function fileCommand(claims: Command): void {
  claims
    .command('file')
    .description(
      'file a notice of loss (--help lists its fields, --example prints one); again it changes nothing',
    )
    .argument('[file]', 'JSON file of the notice, or - for standard input')
    .addOption(choice('--encoding <name>', 'encoding of the file, if it is not UTF-8', encodings))
    .option('--example', 'print a complete notice, to save, change and file')
    .addHelpText('after', fieldsOfNotice)
    .action(function fileOrShow(this: Command, file: string | undefined, { example, encoding }: Flags) {
      if (!example) return filing.call(this, file, encoding);
      process.stdout.write(`${JSON.stringify(exampleNotice(new Date()), null, 2)}\n`);
      return undefined;
    });
}

const coverWaits =
  ' The policy is not in the book, and its source does not answer: cover waits until it does.';

const filing = commandAction(async ({ api }, file: string | undefined, encoding: Encoding | undefined) => {
  if (file === undefined)
    throw misuse('Name the file of a notice: claims file FILE. claims file --example prints an example.');
  const { noticeFrom } = await import('../input/notice-file.ts');
  const value = await api.file(await noticeFrom(file, encoding));
  const text =
    value.kind === 'filed'
      ? `Filed as claim ${value.claim}.${value.coverWaits ? coverWaits : ''}`
      : [
          `Claim ${value.claim} has this notice already; nothing was changed.`,
          ...(value.differs ? [differencesInWords(value.claim, value.differs)] : []),
        ].join('\n');
  return { value, text };
});

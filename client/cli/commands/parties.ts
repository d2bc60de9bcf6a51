import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { readRetention } from '../../../config/retention.ts';
import { noClaim } from '../../../domain/claim/claims-named.ts';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { erasureLineSchema, type ErasureLine } from '../../own-api/schemas/erasures.ts';
import type { Api } from '../../own-api/api.ts';
import { commandAction } from '../command-action.ts';
import { partyId } from '../input/party-id.ts';
import { erasedPage, erasureListPage } from '../pages/erasure-page.ts';
import { counted } from '../table.ts';
import { misuse, notDone } from '../stop.ts';

/** Erasing people. */
export function partyCommands(lipei: Command): void {
  const parties = lipei.command('parties').description('erase people, and list who was erased');
  eraseCommand(parties);
  parties
    .command('erased')
    .description('list who was erased, the oldest first: codes alone')
    .action(
      commandAction(async ({ api, named }) => {
        const [value, names] = await Promise.all([api.erasures(), named()]);
        return { value, text: erasureListPage(value, names) };
      }),
    );
  againCommand(parties);
}

function eraseCommand(parties: Command): void {
  parties
    .command('erase')
    .description(doesInWords('erase-parties'))
    .argument('<claim>', `number of the claim, or ${noClaim} for an unknown telephone`)
    .argument('<party>', 'party, such as party-1 or policyholder; or telephone-… as work names it')
    .addOption(
      new Option('--reason <code>', 'why').choices(readRetention().erasureReasons).makeOptionMandatory(),
    )
    .option('--dry-run', 'only say what would be erased and what the law wants kept')
    .option('--everywhere', 'also in the other claims of the same person that have closed')
    .action(
      commandAction(async ({ api, named }, claim: string, party: string, options: Options) => {
        const { reason, dryRun, everywhere } = options;
        const id = claim === noClaim ? party : await partyId(api, claim, party);
        const value = await api.erase(claim, id, {
          reason,
          ...(dryRun ? { dryRun } : {}),
          ...(everywhere ? { everywhere } : {}),
        });
        return { value, text: erasedPage(value, await named()) };
      }),
    );
}

interface Options {
  reason: string;
  dryRun?: true;
  everywhere?: true;
}

function againCommand(parties: Command): void {
  parties
    .command('erase-again')
    .description('after a backup was restored: erase again who was erased since it was made')
    .argument('<file>', 'the list that parties erased --json printed')
    .action(
      commandAction(async ({ api, say }, file: string) => {
        const lines = await linesIn(file);
        const done: { claim: string; party: string; kind: string; sentence?: string }[] = [];
        for (const line of lines) {
          const answer = await eraseAgain(api, line);
          done.push(answer);
          if (answer.kind !== 'already-erased') say(`${line.party} of ${line.claim}: ${inWords(answer)}`);
        }
        const [erased, before] = ['erased', 'already-erased'].map(
          (kind) => done.filter((each) => each.kind === kind).length,
        );
        const not = lines.length - (erased ?? 0) - (before ?? 0);
        const text =
          `${counted(lines.length, 'line')}: ${erased} erased again, ${before} erased already, ` +
          `${not} not.`;
        if (not > 0) throw notDone(`${text} Handle what stands in the way, and repeat the command.`);
        return { value: done, text };
      }),
    );
}

const inWords = ({ kind, sentence }: { kind: string; sentence?: string }): string =>
  kind === 'erased' ? 'erased again' : (sentence ?? kind);

/** One that cannot be erased now stops none of the others. */
async function eraseAgain(
  api: Api,
  { claim, party, reason }: ErasureLine,
): Promise<{ claim: string; party: string; kind: string; sentence?: string }> {
  try {
    const { kind } = await api.erase(claim, party, { reason });
    return { claim, party, kind };
  } catch (fault) {
    return { claim, party, kind: 'not', sentence: fault instanceof Error ? fault.message : String(fault) };
  }
}

async function linesIn(file: string): Promise<ErasureLine[]> {
  const text = await readFile(file, 'utf8').catch((fault: unknown) => {
    throw misuse(`${file} cannot be read: ${fault instanceof Error ? fault.message : String(fault)}.`);
  });
  const { data } = z.array(erasureLineSchema).safeParse(parsed(text));
  if (!data) throw misuse(`${file} is no list of erasures; parties erased --json prints one.`);
  return data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

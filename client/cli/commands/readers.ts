import type { Command } from 'commander';
import { commandAction } from '../command-action.ts';
import { wholeNumber } from '../input/arguments.ts';
import { readersPage } from '../pages/readers-page.ts';
import { misuse } from '../stop.ts';
import { leftOut, limitInWords, usualLimit } from './limit.ts';

/** Who read personal data of a claim, and what a person has read. */
export const readersCommand = (claims: Command): Command =>
  claims
    .command('readers')
    .description('show who read personal data of a claim, when, what for, and by what right')
    .argument('[claim]', 'number of the claim')
    .option('--by <code>', 'instead of a claim: what this person has read')
    .option('--limit <n>', limitInWords, wholeNumber)
    .action(
      commandAction(
        async (
          { api, named },
          no: string | undefined,
          { by, limit = usualLimit }: { by?: string; limit?: number },
        ) => {
          if ((no === undefined) === (by === undefined))
            throw misuse('Give the number of a claim, or --by with the code of a person.');
          const found = no === undefined ? await api.looksBy(by ?? '', limit) : await api.readers(no, limit);
          return { value: found.all, text: readersPage(found.all, await named()), leftOut: leftOut(found) };
        },
      ),
    );

import type { Command } from 'commander';
import { readingRules } from '../../../config/reading.ts';
import { ApiFailure } from '../../own-api/failure.ts';
import type { Api } from '../../own-api/api.ts';
import { choice } from './choice.ts';

/** Why a person without a task reads personal data. */
export interface Why {
  purpose?: string;
  breakGlass?: string;
}

const codes = Object.keys(readingRules.purposes);
const { glassMinutes } = readingRules;

/** The option of a command that shows personal data of no claim. */
export const withPurpose = (command: Command): Command =>
  command.addOption(choice('--purpose <code>', 'why I look, where no task of mine needs it', codes));

/** The options of every command that shows personal data of a claim. */
export const withWhy = (command: Command): Command =>
  withPurpose(command).option(
    '--break-glass <reason>',
    `why it cannot wait, where nothing else opens it: the claim is open for ${glassMinutes} minutes, ` +
      'and a supervisor of its branch looks at why',
  );

/** Reads personal data of a claim. Breaks the glass if a reason was given and nothing else opens them. */
export async function looking<T>(
  api: Api,
  no: string,
  { purpose, breakGlass }: Why,
  look: (purpose?: string) => Promise<T>,
): Promise<T> {
  try {
    return await look(purpose);
  } catch (fault) {
    const isBarred = fault instanceof ApiFailure && fault.problem.reason === 'no-need';
    if (breakGlass === undefined || !isBarred) throw fault;
    await api.breakGlass(no, breakGlass);
    return look(purpose);
  }
}

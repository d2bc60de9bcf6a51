import type { Command } from 'commander';
import { partyKinds } from '../../../domain/people/people.ts';
import { stages } from '../../../domain/road/steps.ts';
import { filters, sortNames, sortsInWords, type ListQuery } from '../../own-api/schemas/lists.ts';
import { commandAction, type Cli } from '../command-action.ts';
import { wholeNumber } from '../input/arguments.ts';
import { choice } from '../input/choice.ts';
import { claimsPage } from '../pages/claims-page.ts';
import { whoIsThere } from '../pages/staff-page.ts';
import { misuse } from '../stop.ts';
import { leftOut, limitInWords, usualLimit } from './limit.ts';

interface Limited {
  limit?: number;
}

/** `claims list`. */
export const listCommand = (claims: Command): Command =>
  claims
    .command('list')
    .description('list open claims, the longest waiting first')
    .option('--all', filters.all)
    .addOption(choice('--waiting-on <party>', filters.waitingOn, partyKinds))
    .option('--overdue', filters.overdue)
    .option('--silent', filters.silent)
    .option('--handler <code>', filters.handler)
    .addOption(choice('--stage <stage>', filters.stage, stages))
    .addOption(choice('--sort <by>', sortsInWords, sortNames))
    .option('--limit <n>', limitInWords, wholeNumber)
    .action(commandAction(listed));

async function listed({ api, named }: Cli, { limit = usualLimit, ...flags }: ListQuery & Limited) {
  const { all, waitingOn, overdue, silent, handler, stage, sort } = flags;
  if (handler !== undefined) await mustExist(api, handler);
  const found = await api.list({ all, waitingOn, overdue, silent, handler, stage, sort }, limit);
  return {
    value: found.all,
    text: claimsPage(found.all, await named(), silent === true || sort === 'silence'),
    leftOut: leftOut(found),
  };
}

/** A staff code that nobody has is a slip, and "No claims." would hide it. Throws a Stop. */
async function mustExist(api: Cli['api'], code: string): Promise<void> {
  const staff = await api.staff();
  if (staff.some((each) => each.code === code) || code === 'nobody') return;
  const similar = staff.find(({ name, code: other }) => name === code || other === code.toUpperCase());
  if (similar) throw misuse(`--handler takes a staff code: ${similar.name} has ${similar.code}.`);
  const handlers = staff.filter(({ roles, active }) => active && roles.includes('handler'));
  throw misuse(`Nobody has the staff code "${code}". The handlers are:\n${whoIsThere(handlers)}`);
}

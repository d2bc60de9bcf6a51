import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import type { Command } from 'commander';
import { handOverLimits } from '../../../config/hand-overs.ts';
import { partyKinds } from '../../../domain/people/people.ts';
import { rolesInWords } from '../../../domain/people/permissions.ts';
import { present } from '../../../domain/present.ts';
import { stages } from '../../../domain/road/steps.ts';
import {
  handOverRoles,
  heldFilters,
  type HandedClaim,
  type HandOvers,
} from '../../own-api/schemas/hand-overs.ts';
import { commandAction, type Cli, type CommandResult } from '../command-action.ts';
import { choice } from '../input/choice.ts';
import { handOversPage, inShort } from '../pages/hand-overs-page.ts';
import { progressLine } from '../progress.ts';
import type { Named } from '../staff-names.ts';
import { misuse, notDone } from '../stop.ts';
import { counted } from '../table.ts';

interface Given extends NonNullable<HandOvers['filter']> {
  from: string;
  to?: string;
  toDeputy?: true;
  spread?: true;
  role: 'handler' | 'surveyor';
  dryRun?: true;
  yes?: true;
}

/** `claims hand-over`: many claims of one person, by the same act as a single one. */
export const handOversCommand = (claims: Command): Command =>
  claims
    .command('hand-over')
    .description(
      'hand all open claims of somebody, or some of them, to others; each is decided and signed by itself ' +
        `(${rolesInWords('hand-over')})`,
    )
    .requiredOption('--from <code>', 'whose claims; nobody: those that nobody has')
    .option('--to <code>', 'who takes them over')
    .option('--to-deputy', 'the deputy takes them over')
    .option('--spread', "those of each claim's branch with the fewest open claims take them over")
    .addOption(choice('--role <role>', 'what is handed over', handOverRoles).default('handler'))
    .option('--line <line>', heldFilters.line)
    .addOption(choice('--stage <stage>', heldFilters.stage, stages))
    .option('--urgency <urgency>', heldFilters.urgency)
    .option('--branch <code>', heldFilters.branch)
    .addOption(choice('--waiting-on <party>', heldFilters.waitingOn, partyKinds))
    .option('--overdue', heldFilters.overdue)
    .option('--dry-run', 'only say who would have which claim, and what would stop it')
    .option('--yes', `do not ask, also for more than ${handOverLimits.askAbove} claims`)
    .action(commandAction(handOver));

async function handOver(cli: Cli, given: Given): Promise<CommandResult> {
  const { from, to, toDeputy, spread, role, dryRun, yes, ...filter } = given;
  if ([to, toDeputy, spread].filter((each) => each !== undefined).length !== 1)
    throw misuse('Say once who takes them over: --to CODE, --to-deputy or --spread.');
  const asked: HandOvers = { from, role, filter, ...takingIn(given) };
  const { claims, notes } = await cli.api.handOvers({ ...asked, dryRun: true });
  const named = await cli.named();
  const going = claims.filter(({ outcome }) => outcome === 'planned');
  if (dryRun || going.length === 0)
    return {
      value: claims,
      text: handOversPage(claims, { from, role, notes, isDryRun: true }, named),
      ...present({ bad: dryRun || claims.length === 0 ? undefined : 'All of them are denied.' }),
    };
  if (!yes && going.length > handOverLimits.askAbove && !(await isMeant(cli, going, given, named)))
    throw notDone('Nothing was handed over.');
  const answers = await sentAll(cli, asked, claims.length);
  return { value: answers, text: handOversPage(answers, { from, role, notes, isDryRun: false }, named) };
}

function takingIn({ to, toDeputy }: Given): Pick<HandOvers, 'to' | 'taking'> {
  if (to !== undefined) return { to };
  return { taking: toDeputy ? 'deputy' : 'spread' };
}

/** Asks only where a person can answer. */
async function isMeant(
  { isQuiet }: Cli,
  going: readonly HandedClaim[],
  { from, role }: Given,
  named: Named,
): Promise<boolean> {
  const what = `${counted(going.length, 'claim')} of ${from} as ${role}`;
  if (isQuiet || !process.stdin.isTTY)
    throw misuse(`${named(what)} would be handed over. Look with --dry-run, then repeat with --yes.`);
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question(named(`Hand over ${what}: ${inShort(going)}? [y/N] `));
  asking.close();
  return /^y(es)?$/i.test(answer.trim());
}

/** In parts, so that each answer comes soon. The same command again takes what is left. */
async function sentAll(cli: Cli, asked: HandOvers, size: number): Promise<HandedClaim[]> {
  const plan = randomUUID();
  const progress = progressLine(cli, size);
  const answers: HandedClaim[] = [];
  for (let [after, isMore]: [string | undefined, boolean] = [undefined, true]; isMore;) {
    const { claims, next } = await cli.api.handOvers({ ...asked, plan, ...present({ after }) });
    answers.push(...claims);
    progress.show(answers.length, inShort(answers));
    after = next;
    isMore = next !== undefined;
  }
  progress.end();
  return answers;
}

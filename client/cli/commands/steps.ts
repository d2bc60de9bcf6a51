import { Option, type Command } from 'commander';
import { itemSteps } from '../../../domain/road/steps.ts';
import type { Shown } from '../../own-api/schemas/claims.ts';
import type { ShownItem } from '../../own-api/schemas/items.ts';
import { answered, type Answer, type Desk } from '../answered.ts';
import { inWords } from '../../../domain/people/party-fields.ts';
import { clauseCodes } from '../codes.ts';
import { amount, cut, list, type Cut } from '../input/given.ts';
import { misuse } from '../stop.ts';
import { choice, oneOf } from '../input/choice.ts';
import { recordedAs } from './recorded-as.ts';

/** The steps of the road that people take. */
export function stepCommands(lipei: Command): void {
  lipei
    .command('survey')
    .description('report the survey (the surveyor)')
    .argument('<no>', 'number of the claim')
    .addOption(new Option('--on-scene', 'the damage was seen where it happened').conflicts('notOnScene'))
    .option('--not-on-scene', 'it was seen elsewhere')
    .option('--report <text>', 'what was found')
    .action(
      answered(
        async (
          { api },
          no: string,
          { onScene, notOnScene, report }: { onScene?: true; notOnScene?: true; report?: string },
        ) => {
          if (!onScene && !notOnScene)
            throw misuse('Say --on-scene or --not-on-scene: the score of risk counts it.');
          return recordedAs(
            await api.act(no, 'report-survey', { onScene: onScene === true, report }),
            `The survey of ${no} is reported`,
          );
        },
      ),
    );

  lipei
    .command('assess')
    .description('fix the loss of an item; what was verified or approved on another amount falls')
    .argument('<no>', 'number of the claim')
    .argument('<item>', 'item, such as item-1')
    .argument('<amount>', 'in the claim’s currency, such as 4800.50', amount)
    .option(
      '--cut <reason=amount>',
      'why it is below what is claimed, such as depreciation=1200.50; without an amount: the rest of the difference; may be repeated',
      cut,
    )
    .action(
      answered(async ({ api }, no: string, item: string, given: string, { cut: cuts }: { cut?: Cut[] }) =>
        recordedAs(
          await api.act(no, 'assess', { item, amount: given, cuts }),
          `${item} of ${no} is assessed at ${given}`,
        ),
      ),
    );

  lipei
    .command('verify')
    .description('confirm an assessment as it stands (a verifier, never whoever made it)')
    .argument('<no>', 'number of the claim')
    .argument('<item>', 'item, such as item-1')
    .action(
      answered(async ({ api, say, named }, no: string, item: string) => {
        const [{ currency, items }, names] = await Promise.all([api.claim(no), named()]);
        const assessment = items.find(({ id }) => id === item)?.assessment;
        if (assessment)
          say(`Verifying ${currency} ${assessment.amount}, assessed by ${names(assessment.by)}.`);
        return recordedAs(
          await api.act(no, 'verify', { item, version: assessment?.version }),
          `The assessment of ${item} is verified`,
        );
      }),
    );

  lipei
    .command('decide')
    .description('review a payment: approve it exactly as it stands, send it back, or refuse it')
    .argument('<no>', 'number of the claim')
    .argument('<item>', 'item, such as item-1')
    .addArgument(
      oneOf('<decision>', 'a refusal is proposed by one person and confirmed by another, each with refuse', [
        'approve',
        'return',
        'refuse',
      ]),
    )
    .option('--of <hash>', 'approve: what was looked at, if not what stands now')
    .addOption(choice('--to <step>', 'return: the step to go back to', itemSteps))
    .option(
      '--reason <code>',
      'return: a code such as price-too-high; refuse: a reason; a wrong code is answered with those there are',
    )
    .option('--documents <kinds>', 'return: the documents that are wrong, with commas', list)
    .option('--clause <code>', `refuse: the clause that is cited: ${inWords(clauseCodes())}`)
    .action(answered(decide));
}

interface DecideFlags {
  of?: string;
  to?: string;
  reason?: string;
  documents?: string[];
  clause?: string;
}

async function decide(
  desk: Desk,
  no: string,
  item: string,
  decision: string,
  flags: DecideFlags,
): Promise<Answer> {
  if (decision === 'approve') return approve(desk, no, item, flags);
  if (decision === 'return') return sendBack(desk, no, item, flags);
  return refuse(desk, no, item, flags);
}

/**
 * The answer says what was approved. Where there is nothing to approve, the claim itself says why not, and
 * keeps it.
 */
async function approve({ api }: Desk, no: string, item: string, { of }: DecideFlags): Promise<Answer> {
  const claim = await api.claim(no);
  const shown = claim.items.find(({ id }) => id === item);
  const what = shown?.payable ? `, ${payment(claim, shown)},` : '';
  return recordedAs(
    await api.act(no, 'approve', { item, of: of ?? shown?.of ?? hashOfNothing }),
    `Your approval of ${item}${what} is recorded`,
  );
}

/** Well formed, and no payment's. */
const hashOfNothing = '0'.repeat(64);

async function sendBack(
  { api }: Desk,
  no: string,
  item: string,
  { to, reason, documents }: DecideFlags,
): Promise<Answer> {
  if (!to || !reason)
    throw misuse(
      'Sending back names the step and the reason: --to STEP --reason CODE, such as --to assess --reason price-too-high.',
    );
  return recordedAs(
    await api.act(no, 'return-for-rework', { item, to, reason, documents }),
    `${item} goes back to ${to}`,
  );
}

async function refuse(
  { api }: Desk,
  no: string,
  item: string,
  { clause, reason }: DecideFlags,
): Promise<Answer> {
  if (!clause || !reason)
    throw misuse(
      `A refusal cites a clause and gives a reason: --clause CODE --reason TEXT, such as --clause not-in-force --reason "the policy had ended". The clause is ${inWords(clauseCodes())}.`,
    );
  return recordedAs(
    await api.act(no, 'refuse', { item, clause, reasons: [reason] }),
    `The refusal of ${item} is recorded`,
  );
}

/** `CNY 380000.00 to party-1 (policyholder)`. */
function payment({ currency, parties }: Shown, { payable, party }: ShownItem): string {
  const role = parties.find(({ id }) => id === party)?.role;
  return `${currency} ${payable} to ${party}${role ? ` (${role})` : ''}`;
}

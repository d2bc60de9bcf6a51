import { Option, type Command } from 'commander';
import { callOutcomes } from '../../../domain/claim/journal.ts';
import {
  correctableFields,
  inWords,
  partyFields,
  picked,
  type CorrectableField,
} from '../../../domain/people/party-fields.ts';
import { answered } from '../answered.ts';
import { amount, dayOrMoment, list, moment } from '../input/given.ts';
import { misuse } from '../stop.ts';
import { choice, oneOf } from '../input/choice.ts';
import { partyId } from '../input/party-id.ts';
import { recordedAs } from './recorded-as.ts';

/** Telephone calls, hand-overs, withdrawals, notes, and putting right what was mistyped. */
export function amendmentCommands(lipei: Command): void {
  onClaim(
    lipei.command('calls').description('telephone calls to parties'),
    'record',
    'record what a call gave; a promised date holds the chasing until then',
  )
    .argument('<party>', 'whom, such as party-1 or policyholder')
    .addArgument(oneOf('<outcome>', 'how it ended', callOutcomes))
    .option('--promised <date>', 'the day that they gave', dayOrMoment)
    .option('--documents <kinds>', 'only these documents are promised, with commas', list)
    .action(
      answered(
        async (
          { api },
          no: string,
          party: string,
          outcome: string,
          { promised, documents }: { promised?: string; documents?: string[] },
        ) => {
          if (outcome === 'busy-will-go-later' && !promised)
            throw misuse('busy-will-go-later needs the date that they gave: --promised 2026-11-27.');
          return recordedAs(
            await api.act(no, 'record-call', {
              party: await partyId(api, no, party),
              outcome,
              promised,
              documents,
            }),
            `The call to ${party} is recorded`,
          );
        },
      ),
    );

  onClaim(lipei, 'hand-over', 'hand a claim, or its survey, to somebody else')
    .argument('<code>', 'staff code of whoever takes over')
    .addOption(choice('--role <role>', 'what they take over', ['handler', 'surveyor']).default('handler'))
    .action(
      answered(async ({ api }, no: string, to: string, { role }: { role: string }) =>
        recordedAs(await api.act(no, 'hand-over', { to, role }), `${to} is the ${role} of ${no}`),
      ),
    );

  onClaim(lipei, 'withdraw', 'the customer withdraws an item, or everything that is open')
    .option('--item <id>', 'only this item')
    .action(
      answered(async ({ api }, no: string, { item }: { item?: string }) =>
        recordedAs(
          await api.act(no, 'withdraw', { item }),
          `${item ?? 'Everything open'} of ${no} is withdrawn`,
        ),
      ),
    );

  onClaim(lipei, 'keep-open', 'the customer did not mean to withdraw').action(
    answered(async ({ api }, no: string) =>
      recordedAs(await api.act(no, 'cancel-withdrawal', {}), `${no} stays open`),
    ),
  );

  onClaim(lipei, 'note', 'write a note to a claim')
    .argument('<text>', 'what is to be kept')
    .action(
      answered(async ({ api }, no: string, text: string) =>
        recordedAs(await api.note(no, text), `The note is kept with ${no}`),
      ),
    );

  onClaim(lipei, 'payee', 'set the account that an item is paid to; approvals of another one fall')
    .argument('<item>', 'item, such as item-1')
    .argument('<account>', 'number of the bank account')
    .option('--party <party>', 'whose account it is, if not that of the item’s party')
    .action(
      answered(async ({ api }, no: string, item: string, account: string, { party }: { party?: string }) => {
        const whose = party === undefined ? undefined : await partyId(api, no, party);
        return recordedAs(
          await api.payee(no, item, { account, party: whose }),
          `The payee of ${item} is set`,
        );
      }),
    );

  onClaim(lipei, 'consent', 'a party that had opted out, or seemed lost, wants to be written to again')
    .argument('<party>', 'who, such as party-1 or policyholder')
    .addOption(choice('--by <channel>', 'by text or by email', ['sms', 'email']).default('sms'))
    .requiredOption('--source <words>', 'how they said so, such as "called on 24 November"')
    .action(
      answered(async ({ api }, no: string, party: string, { by, source }: { by: string; source: string }) => {
        const value = await api.consent(no, await partyId(api, no, party), { channel: by, source });
        return {
          value,
          text: `${party} is written to by ${by} again${value.claims.length > 1 ? `, in ${value.claims.length} claims` : ''}. A telephone that has answered STOP must answer START too: the provider goes by that.`,
        };
      }),
    );

  const correct = lipei.command('correct').description('put right what was mistyped');

  onClaim(correct, 'notice', 'correct the notice of loss')
    .option('--policy <number>', 'the right policy')
    .option('--loss-at <moment>', 'when the loss happened', moment)
    .option('--item <id>', 'the item whose claimed amount was wrong')
    .option('--claimed <amount>', 'the right amount, with --item', amount)
    .action(
      answered(
        async (
          { api },
          no: string,
          {
            policy,
            lossAt,
            item,
            claimed,
          }: { policy?: string; lossAt?: string; item?: string; claimed?: string },
        ) => {
          if ((item === undefined) !== (claimed === undefined))
            throw misuse('A claimed amount is corrected with both --item and --claimed.');
          if (!policy && !lossAt && !item)
            throw misuse('Say what is to be corrected: --policy, --loss-at, or --item with --claimed.');
          return recordedAs(
            await api.act(no, 'correct-claim', { policy, lossAt, item, claimed }),
            `The notice of ${no} is corrected`,
          );
        },
      ),
    );

  const contact = onClaim(correct, 'contact', 'correct how a party is reached').argument(
    '<party>',
    'whom, such as party-1 or policyholder',
  );
  for (const name of correctableFields) contact.addOption(correction(name));
  contact.action(
    answered(async ({ api }, no: string, party: string, flags: Partial<Record<CorrectableField, string>>) => {
      const right = picked(flags, correctableFields);
      if (Object.keys(right).length === 0)
        throw misuse(`Say what is to be corrected: ${inWords(correctableFields.map(flagOf))}.`);
      return recordedAs(
        await api.contact(no, await partyId(api, no, party), right),
        `The contact of ${party} is corrected`,
      );
    }),
  );
}

/** `--time-zone <zone>`. */
function correction(name: CorrectableField): Option {
  const { correction: of, ...field } = partyFields[name];
  const option = new Option(`${flagOf(name)} <${of.argument}>`, of.help);
  return 'values' in field ? option.choices([...field.values]) : option;
}

const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

const onClaim = (parent: Command, name: string, description: string): Command =>
  parent.command(name).description(description).argument('<no>', 'number of the claim');

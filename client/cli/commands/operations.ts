import { resolve } from 'node:path';
import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { checkCommand } from './anchors.ts';
import { commandAction, print } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { longestCodecHours, longestStaffDays } from '../../../security/tokens.ts';
import { retentionCommand } from './retention.ts';
import { codecHours, tokenDays } from '../input/arguments.ts';

/** Commands for operations. */
export function operationsCommands(lipei: Command): void {
  recordsCommands(lipei);
  tokensCommands(lipei);
}

function recordsCommands(lipei: Command): void {
  const records = lipei
    .command('records')
    .description('check them, rebuild the read model, and delete what its time is over for');
  retentionCommand(records);

  records
    .command('rebuild')
    .description(doesInWords('rebuild-records'))
    .argument('[claim]', 'number of one claim (default: all claims)')
    .action(
      commandAction(async ({ api }, no?: string) => {
        const value = await api.rebuild(no);
        return { value, text: `${value.claims} claims rebuilt from ${value.entries} journal entries.` };
      }),
    );

  checkCommand(records);
}

function tokensCommands(lipei: Command): void {
  const tokens = lipei.command('tokens').description('issue and revoke the tokens of members of staff');

  tokens
    .command('issue')
    .description('issue a token for a member of staff; needs the keys of LIPEI_KEYS')
    .argument('<code>', 'staff code')
    .option('--days <n>', `valid for so many days, at most ${longestStaffDays} (default: 30)`, tokenDays)
    .action(async function issue(this: Command, code: string, { days: wanted = 30 }: { days?: number }) {
      const globals = this.optsWithGlobals<Globals>();
      const { issueStaffToken } = await import('../staff-token.ts');
      const value = await issueStaffToken(
        { staff: code, days: wanted },
        globals.data && resolve(globals.data),
      );
      print(
        { value, text: `Token ${value.id} of ${code}, valid for ${wanted} days:\n${value.token}` },
        globals,
      );
    });

  tokens
    .command('codec')
    .description('issue a token for the codec server, which decrypts payloads; needs the keys of LIPEI_KEYS')
    .argument('<code>', 'staff code')
    .option('--hours <n>', `valid for so many hours, at most ${longestCodecHours} (default: 8)`, codecHours)
    .action(async function codec(this: Command, code: string, { hours = 8 }: { hours?: number }) {
      const globals = this.optsWithGlobals<Globals>();
      const { issueStaffToken } = await import('../staff-token.ts');
      const asked = { staff: code, days: hours / 24, audience: 'lipei-codec' as const };
      const value = await issueStaffToken(asked, globals.data && resolve(globals.data));
      print(
        {
          value,
          text: `Codec token ${value.id} of ${code}, valid for ${hours} hours:\n${value.token}`,
        },
        globals,
      );
    });

  tokens
    .command('revoke')
    .description(doesInWords('revoke-tokens'))
    .argument('<id>', 'the token’s id')
    .action(
      commandAction(async ({ api }, id: string) => ({
        value: await api.revoke(id),
        text: `Token ${id} is revoked.`,
      })),
    );
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { doesInWords } from '../../../domain/people/permissions.ts';
import { commandAction, print } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { days } from '../input/arguments.ts';

/** For those who keep Lipei running. */
export function operationsCommands(lipei: Command): void {
  const records = lipei.command('records').description('the journal and what is made from it');

  records
    .command('rebuild')
    .description(doesInWords('rebuild-records'))
    .argument('[no]', 'number of one claim; default: all')
    .action(
      commandAction(async ({ api }, no?: string) => {
        const value = await api.rebuild(no);
        return { value, text: `${value.claims} claims made anew from ${value.entries} journal entries.` };
      }),
    );

  records
    .command('check')
    .description(doesInWords('check-records'))
    .argument('[no]', 'number of one claim; default: all')
    .action(
      commandAction(async ({ api }, no?: string) => {
        const value = await api.check(no);
        const broken = value.broken.map(({ claim, at }) => `${claim} is broken at entry ${at}`);
        return {
          value,
          text: [
            `${value.claims} claims, ${value.entries} entries: ${broken.length === 0 ? 'all intact.' : ''}`,
            ...broken,
          ].join('\n'),
        };
      }),
    );

  const tokens = lipei.command('tokens').description('what people prove with who they are');

  tokens
    .command('issue')
    .description('make a token for a member of staff, where the keys are (LIPEI_KEYS)')
    .argument('<code>', 'staff code')
    .option('--days <n>', 'how long it is good (default: 30)', days)
    .action(async function issue(this: Command, code: string, { days: wanted = 30 }: { days?: number }) {
      const globals = this.optsWithGlobals<Globals>();
      const { issueStaffToken } = await import('../staff-token.ts');
      const value = await issueStaffToken(code, wanted, globals.data && resolve(globals.data));
      print(
        { value, text: `Token ${value.id} of ${code}, good for ${wanted} days:\n${value.token}` },
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

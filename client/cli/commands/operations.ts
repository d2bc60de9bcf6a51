import { resolve } from 'node:path';
import type { Command } from 'commander';
import { answered, print } from '../answered.ts';
import type { Globals } from '../connection.ts';
import { days } from '../given.ts';
import { recordedAs } from './recorded-as.ts';

/** For those who keep Lipei running. */
export function operationsCommands(lipei: Command): void {
  lipei
    .command('retry')
    .description('what was broken is mended: the claim goes on where it stood')
    .argument('<no>', 'number of the claim')
    .option('--problem <id>', 'only this problem')
    .action(answered(async ({ api }, no: string, { problem }: { problem?: string }) => recordedAs(await api.act(no, 'retry', { problem }), `${no} goes on`)));

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
      print({ value, text: `Token ${value.id} of ${code}, good for ${wanted} days:\n${value.token}` }, globals);
    });

  tokens
    .command('revoke')
    .description('a token is no longer good (managers)')
    .argument('<id>', 'the token’s id')
    .action(answered(async ({ api }, id: string) => ({ value: (await api.revoke(id)) ?? { kind: 'revoked', id }, text: `Token ${id} is revoked.` })));
}

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { print } from '../answered.ts';
import type { Globals } from '../connection.ts';

/** The keys that everything is encrypted with, where they lie (LIPEI_KEYS). */
export function keyCommands(lipei: Command): void {
  const keys = lipei.command('keys').description('the keys that everything is encrypted with');

  keys
    .command('list')
    .description('the encryption keys on this machine, from old to new; the newest encrypts, all decrypt')
    .action(async function list(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      const { listKeys } = await import('../keyring.ts');
      const ids = listKeys(globals.data && resolve(globals.data));
      print({ value: ids.map((id, index) => ({ id, encrypts: index === ids.length - 1 })), text: ids.map((id, index) => (index === ids.length - 1 ? `${id}  encrypts` : id)).join('\n') || 'There are none.' }, globals);
    });

  keys
    .command('rotate')
    .description('add an encryption key; running claims go on, and what was encrypted before stays readable')
    .action(async function rotate(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      const { rotateKeys } = await import('../keyring.ts');
      const value = rotateKeys(globals.data && resolve(globals.data));
      print({ value, text: `Key ${value.id} is in ${value.directory}. Whoever runs already reads it, and encrypts with it once started again. Other machines: copy it there first. Keep the old keys.` }, globals);
    });
}

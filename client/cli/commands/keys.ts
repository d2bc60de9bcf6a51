import { resolve } from 'node:path';
import type { Command } from 'commander';
import { doesInWords, rolesInWords } from '../../../domain/people/permissions.ts';
import { commandAction, print, type CommandResult } from '../command-action.ts';
import { apiAt } from '../../own-api/api.ts';
import { connectionFor, type Globals } from '../connection.ts';
import { keysPage } from '../pages/keys-page.ts';
import { counted } from '../table.ts';

/** The encryption keys in the directory of LIPEI_KEYS. */
export function keyCommands(lipei: Command): void {
  const keys = lipei.command('keys').description('list, add and replace the encryption keys');

  keys
    .command('list')
    .description(
      'list the encryption keys on this machine, from old to new; the newest encrypts, all decrypt',
    )
    .option(
      '--needed',
      'ask the API instead what each key is still needed for, and which you may remove ' +
        `(${rolesInWords('look-at-keys')})`,
    )
    .action(async function list(this: Command, { needed }: { needed?: true }) {
      const globals = this.optsWithGlobals<Globals>();
      if (needed) return print(await neededKeys(globals), globals);
      const { listKeys } = await import('../keyring.ts');
      const ids = listKeys(globals.data && resolve(globals.data));
      return print(
        {
          value: ids.map((id, index) => ({ id, encrypts: index === ids.length - 1 })),
          text:
            ids.map((id, index) => (index === ids.length - 1 ? `${id}  encrypts` : id)).join('\n') ||
            'There are no keys.',
        },
        globals,
      );
    });

  rotateCommand(keys);
  rewrapCommand(keys);
}

function rotateCommand(keys: Command): void {
  keys
    .command('rotate')
    .description('add an encryption key; running claims continue, and older data stay readable')
    .action(async function rotate(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      const { rotateKeys } = await import('../keyring.ts');
      const value = rotateKeys(globals.data && resolve(globals.data));
      print(
        {
          value,
          text:
            `Key ${value.id} is in ${value.directory}. Running programs can decrypt with it now. ` +
            'Copy it to your other machines and restart all programs: they encrypt with it. ' +
            'Keep the old keys.',
        },
        globals,
      );
    });
}

function rewrapCommand(keys: Command): void {
  keys
    .command('rewrap')
    .description(`${doesInWords('rewrap-keys')}; may run at any time, and may be repeated`)
    .action(
      commandAction(async ({ api, say }) => {
        const done = { parties: 0, messages: 0 };
        for (let next: string | undefined, more = true; more;) {
          const batch = await api.rewrap(next);
          done.parties += batch.parties;
          done.messages += batch.messages;
          [next, more] = [batch.next, batch.next !== undefined];
          if (more && batch.parties + batch.messages > 0) say(inWords(done));
        }
        return {
          value: { kind: 'rewrapped', ...done },
          text: `${inWords(done)} wrapped with the newest key. keys list --needed shows what you may remove.`,
        };
      }),
    );
}

const inWords = ({ parties, messages }: { parties: number; messages: number }): string =>
  `${counted(parties, 'party key')}, ${counted(messages, 'message')}`;

async function neededKeys(globals: Globals): Promise<CommandResult> {
  const value = await apiAt(() => connectionFor(globals)).keys();
  return { value, text: keysPage(value) };
}

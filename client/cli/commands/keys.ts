import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { doesInWords, rolesInWords } from '../../../domain/people/permissions.ts';
import { commandAction, print, type CommandResult } from '../command-action.ts';
import { apiAt } from '../../own-api/api.ts';
import { connectionFor, type Globals } from '../connection.ts';
import { keysPage } from '../pages/keys-page.ts';
import { counted } from '../table.ts';

/** The keys in the directory of LIPEI_KEYS: encryption keys, root keys and the signing key. */
export function keyCommands(lipei: Command): void {
  const keys = lipei.command('keys').description('list, add and replace keys');

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
  rootCommand(keys);
  anchorCommand(keys);
  archiveCommand(keys);
  certifyCommand(keys);
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
        const done = { parties: 0, policies: 0 };
        for (let next: string | undefined, more = true; more;) {
          const batch = await api.rewrap(next);
          done.parties += batch.parties;
          done.policies += batch.policies;
          [next, more] = [batch.next, batch.next !== undefined];
          if (more) say(inWords(done));
        }
        return {
          value: { kind: 'rewrapped', ...done },
          text: `${inWords(done)} wrapped with the newest key. keys list --needed shows what you may remove.`,
        };
      }),
    );
}

const inWords = ({ parties, policies }: { parties: number; policies: number }): string =>
  `${counted(parties, 'party key')} and ${counted(policies, 'policy key')}`;

async function neededKeys(globals: Globals): Promise<CommandResult> {
  const value = await apiAt(() => connectionFor(globals)).keys();
  return { value, text: keysPage(value) };
}

function rootCommand(keys: Command): void {
  keys
    .command('root')
    .description('make a root key pair; the root key certifies the key that signs messages to claims')
    .requiredOption('--private <file>', 'where to put the private root key; it must not exist yet')
    .action(async function root(this: Command, options: { private: string }) {
      const globals = this.optsWithGlobals<Globals>();
      const { newPair } = await import('../keyring.ts');
      const value = newPair('root', options.private, globals.data && resolve(globals.data));
      print(
        {
          value,
          text:
            `The private root key is in ${value.file}: keep it away from all programs, such as in a safe. ` +
            `The public one is roots/${value.id}.pem in ${value.directory}: copy it to the keys ` +
            'of all machines, and restart all programs. Then certify the signing key: keys certify. ' +
            'Keep older root keys.',
        },
        globals,
      );
    });
}

function archiveCommand(keys: Command): void {
  keys
    .command('archive')
    .description('make an archive key pair; what the law wants kept of an erased person is set aside for it')
    .requiredOption('--private <file>', 'where to put the private half; it must not exist yet')
    .action(async function archive(this: Command, options: { private: string }) {
      const globals = this.optsWithGlobals<Globals>();
      const { newPair } = await import('../keyring.ts');
      const value = newPair('archive', options.private, globals.data && resolve(globals.data));
      print(
        {
          value,
          text:
            `The private archive key is in ${value.file}: keep it away from all programs, such as in a ` +
            `safe. The public one is archive.public.pem in ${value.directory}: copy it to the machines of ` +
            'the API. Keep older private keys: what was set aside with them opens with them alone.',
        },
        globals,
      );
    });
}

function anchorCommand(keys: Command): void {
  keys
    .command('anchor')
    .description('make an anchor key pair; an auditor signs the daily files of heads with it')
    .requiredOption('--private <file>', 'where to put the private anchor key; it must not exist yet')
    .action(async function anchor(this: Command, options: { private: string }) {
      const globals = this.optsWithGlobals<Globals>();
      const { newPair } = await import('../keyring.ts');
      const value = newPair('anchor', options.private, globals.data && resolve(globals.data));
      print(
        {
          value,
          text:
            `The private anchor key is in ${value.file}: keep it on a machine of the auditors, ` +
            'where no program of Lipei runs. ' +
            `The public one is anchors/${value.id}.pem in ${value.directory}: copy it to wherever ` +
            'records check runs. Keep older ones.',
        },
        globals,
      );
    });
}

/** A longer certificate would outlive the people who can end it. */
const mostDays = 400;

function certifyCommand(keys: Command): void {
  keys
    .command('certify')
    .description('make the key that signs messages to claims, or renew its certificate')
    .requiredOption('--root <file>', 'the private root key')
    .requiredOption('--days <n>', `for how many days, at most ${mostDays}`, daysOf)
    .option('--anew', 'make a new signing key; the old one stays certified until its certificate ends')
    .action(async function certify(this: Command, options: { root: string; days: number; anew?: true }) {
      const globals = this.optsWithGlobals<Globals>();
      const { certifyKey } = await import('../keyring.ts');
      const { root, days, anew = false } = options;
      const value = certifyKey({ root, days, anew }, globals.data && resolve(globals.data));
      const { until, directory } = value;
      print(
        {
          value: { until, directory },
          text:
            `The signing key in ${directory} is certified until ${until}. ` +
            'Copy signing.private.pem and signing.certificate.json to the machines of the API, ' +
            'and restart it.',
        },
        globals,
      );
    });
}

function daysOf(text: string): number {
  const days = Number(text);
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    throw new InvalidArgumentError(`It must be a whole number from 1 to ${mostDays}.`);
  return days;
}

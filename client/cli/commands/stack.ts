import { resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { portsFrom } from '../../../local/processes/ports.ts';
import { print } from '../command-action.ts';
import type { Globals } from '../connection.ts';
import { asStop, Stop } from '../stop.ts';

interface UpFlags extends Globals {
  portBase?: number;
  pace?: string;
  samples: boolean;
}

/** Starts the local stack, and checks its programs. The modules are loaded when they are needed. */
export function stackCommands(lipei: Command): void {
  lipei
    .command('up')
    .description('start the whole stack on this machine, until Ctrl-C; the same as npm start')
    .option('--port-base <n>', 'first of ten consecutive ports (default: 7400)', portNumber)
    .option('--pace <name>', 'pace of the rules for new claims: ordinary, or demo (a second for a day)')
    .option('--no-samples', 'file no sample claims')
    .action(async function bringUp(this: Command) {
      const { data, portBase, pace, samples, json } = this.optsWithGlobals<UpFlags>();
      const { up } = await import('../../../local/up.ts');
      await up({
        dataDir: data === undefined ? undefined : resolve(data),
        portBase,
        pace,
        samples,
        json,
      }).catch(ended);
    });

  lipei
    .command('doctor')
    .description('check which programs can be reached')
    .action(async function look(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      const { examine } = await import('../doctor.ts');
      const { answer, healthy } = await examine(globals);
      print(answer, globals);
      if (!healthy)
        throw new Stop(1, { title: 'Not well', detail: 'At least one part is not as it should be.' }, true);
    });
}

/** The JSON value of `up` is its line "ready", which may be printed already. */
function ended(fault: unknown): never {
  throw new Stop(1, asStop(fault).problem, true);
}

function portNumber(written: string): number {
  const base = /^\d{1,6}$/.test(written) ? Number(written) : NaN;
  try {
    portsFrom(base);
  } catch (fault) {
    throw new InvalidArgumentError(
      fault instanceof Error ? fault.message.replace(/^.*: it/, 'It') : 'It should be a port number.',
    );
  }
  return base;
}

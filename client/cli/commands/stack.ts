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

/**
 * The local stack: running it, and looking at what of it can be reached. Their modules are loaded when they
 * are asked for.
 */
export function stackCommands(lipei: Command): void {
  lipei
    .command('up')
    .description('run everything on this machine until Ctrl-C; what npm start does')
    .option('--port-base <n>', 'first of ten ports in a row (default: 7400)', portNumber)
    .option('--pace <name>', 'pace of the rules for new claims: ordinary, or demo with seconds for days')
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
    .description('say what can be reached and what cannot')
    .action(async function look(this: Command) {
      const globals = this.optsWithGlobals<Globals>();
      const { examine } = await import('../doctor.ts');
      const { answer, healthy } = await examine(globals);
      print(answer, globals);
      if (!healthy) throw new Stop(1, { title: 'Not well', detail: 'Not everything can be reached.' }, true);
    });
}

/** Its one value is the line that says it is ready, which may be out already. */
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

import type { Cli, CommandResult } from '../command-action.ts';
import { importPage } from '../pages/imports-page.ts';
import { progressLine } from '../progress.ts';
import { notDone } from '../stop.ts';
import { untilEnded } from './import-book.ts';
import { untilInterrupted } from './interruption.ts';
import { withoutBacklog } from './pace.ts';

/** Undoes an import, and waits for it. Throws a Stop when it cannot be undone. */
export async function undoBookImport(cli: Cli, id: string): Promise<CommandResult> {
  const { id: undoing } = await cli.api.undoImport(id);
  const { waits } = progressLine(cli, 0);
  const value = await untilInterrupted((stop) =>
    untilEnded(cli, undoing, { ...withoutBacklog, waits, stop }, () => undefined),
  );
  const { restored = 0, left = [], fault } = value.counts;
  if (fault !== undefined) throw notDone(fault);
  const stays = left.length > 0 ? ` ${left.length} stay, because a later import has changed them again:` : '';
  return { value, text: `${restored} are as they were before.${stays}\n${importPage(value)}` };
}

import { basename } from 'node:path';
import type { CommandResult, Cli } from '../command-action.ts';
import { progressLine } from '../progress.ts';
import { notDone } from '../stop.ts';
import { problemIn, sentence, unavailable, waitingTasks } from './failures.ts';
import { untilInterrupted } from './interruption.ts';
import { logOf, openLog, ownClaims, type Own } from './log.ts';
import type { Unavailable } from './pace.ts';
import { undoAll, type LookAnswer, type Undone, type WithdrawalAnswer } from './undo.ts';

export interface UndoFlags {
  reason?: string;
  dryRun?: true;
  out?: string;
}

/** Withdraws the claims that one import filed. */
export async function undoImport(
  cli: Cli,
  file: string,
  { reason, dryRun, out = '.' }: UndoFlags,
): Promise<CommandResult> {
  const logFile = logOf(file, out);
  const own = sentence(() => ownClaims(logFile));
  if (dryRun) return { value: { claims: own.length }, text: wouldBeWithdrawn(own) };
  await cli.api.health();
  const log = sentence(() => openLog(logFile));
  const note =
    reason === undefined ? undefined : `The import of ${basename(log.of.import)} was undone: ${reason}`;
  const progress = progressLine(cli, own.length);
  const undone = await untilInterrupted((stop) =>
    undoAll(own, {
      look: (claim) => looked(cli, claim),
      withdraw: (claim) => withdrawn(cli, claim, note),
      waitingTasks: () => waitingTasks(cli),
      progress: (so) => progress.show(doneOf(so), `${so.withdrawn} withdrawn · ${so.kept.length} stay`),
      waits: progress.waits,
      log,
      stop,
    }),
  );
  progress.end();
  return undoEnded(undone, own.length);
}

function wouldBeWithdrawn(own: Own[]): string {
  const uncertain = own.filter(({ certain }) => !certain).length;
  const doubt = `, ${uncertain} of them only if this import filed them: the answer to their filing was lost`;
  return `${own.length} claims would be withdrawn${uncertain > 0 ? doubt : ''}.`;
}

async function looked({ api }: Cli, claim: string): Promise<LookAnswer | Unavailable> {
  try {
    return { kind: 'found', noticedAt: (await api.claim(claim)).noticedAt };
  } catch (fault) {
    return problemIn(fault).status === 404 ? { kind: 'unknown' } : unavailable(fault);
  }
}

/**
 * Sends the note first, because a closed claim takes no notes. Both count once, however often they are sent.
 */
async function withdrawn(
  { api }: Cli,
  claim: string,
  note: string | undefined,
): Promise<WithdrawalAnswer | Unavailable> {
  try {
    if (note !== undefined) await api.act(claim, 'add-note', { note }, `import-undo-note-${claim}`);
    await api.act(claim, 'withdraw', {}, `import-undo-${claim}`);
    return { kind: 'withdrawn' };
  } catch (fault) {
    const { status, detail, reason } = problemIn(fault);
    if (status === 404) return { kind: 'unknown' };
    if (status !== 409 && status !== 422) return unavailable(fault);
    // It may be closed because we withdrew it and the answer was lost.
    const wasWithdrawn =
      reason === 'claim-closed' && (await api.claim(claim).catch(() => undefined))?.outcome === 'withdrawn';
    return wasWithdrawn ? { kind: 'withdrawn' } : { kind: 'denied', reason: detail };
  }
}

const doneOf = ({ withdrawn: done, neverFiled, kept }: Undone): number => done + neverFiled + kept.length;

const shownKept = 20;

function undoEnded(undone: Undone, size: number): CommandResult {
  const { kept } = undone;
  const text = [
    `${undone.withdrawn} of ${size} claims withdrawn.`,
    ...kept.slice(0, shownKept).map(({ claim, reason }) => `${claim} stays: ${reason}`),
    ...(kept.length > shownKept ? [`${kept.length - shownKept} more stay; --json lists them.`] : []),
  ].join('\n');
  if (doneOf(undone) >= size) return { value: undone, text };
  throw notDone(`Stopped: ${text} Run the same command again to continue.`);
}

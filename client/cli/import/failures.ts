import { present } from '../../../domain/present.ts';
import { ApiFailure, type Problem } from '../../own-api/failure.ts';
import type { Cli } from '../command-action.ts';
import { asStop, misuse, Stop } from '../stop.ts';
import type { Unavailable } from './pace.ts';

export async function waitingTasks({ api }: Cli): Promise<number | undefined> {
  try {
    const { parts } = await api.health();
    return parts.find(({ name }) => name === 'worker')?.waiting ?? undefined;
  } catch {
    return undefined;
  }
}

export function problemIn(fault: unknown): Problem {
  if (fault instanceof Stop || fault instanceof ApiFailure) return fault.problem;
  throw fault;
}

/** Throws a fault that waiting does not fix: a person who may not act, or a wrong request. */
export function unavailable(fault: unknown): Unavailable {
  const { status, detail } = problemIn(fault);
  const passes = status === undefined ? asStop(fault).exitCode === 1 : status === 429 || status >= 500;
  if (!passes) throw fault;
  return {
    kind: 'unavailable',
    why: detail,
    ...present({
      broken:
        status !== undefined && status >= 500 && ![502, 503, 504].includes(status)
          ? (true as const)
          : undefined,
    }),
  };
}

/** Reads a file or an option; its Error ends the command as misuse, with the same sentence. */
export function sentence<T>(read: () => T): T {
  try {
    return read();
  } catch (fault) {
    throw asMisuse(fault);
  }
}

export function asMisuse(fault: unknown): never {
  throw misuse(fault instanceof Error ? fault.message : String(fault));
}

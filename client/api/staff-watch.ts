import type { FastifyBaseLogger } from 'fastify';
import { instantOf } from '../../domain/time/time.ts';
import { sweepUnseen } from '../../records/claims/looks.ts';
import { dueAbsences, dueHandOvers, type StaffReport } from '../../records/claims/successors.ts';
import type { Database } from '../../records/database.ts';
import type { SigningKey } from '../../security/signing.ts';
import type { Claims } from '../engine/claims.ts';
import { signReport, withoutKey } from './signing.ts';

interface Parts {
  database: Database;
  claims: Claims;
  signing: SigningKey | undefined;
  log: FastifyBaseLogger;
}

/** Reports to claims who of their people has left, is away or is back, and finds claims that nobody sees. */
export interface StaffWatch {
  /** One part of all that is due; the next round continues after it. */
  round(): Promise<void>;
  stop(): void;
}

const everyMs = 15_000;

/** Several machines may do it at the same time: a claim takes each report once, by its id. */
export function staffWatch(parts: Parts): StaffWatch {
  const { database, log } = parts;
  const last = { handOvers: '', absences: '', unseen: '' };
  const isRunning = { now: false };
  const round = async (): Promise<void> => {
    if (isRunning.now) return;
    isRunning.now = true;
    try {
      const now = instantOf(Date.now());
      const handOvers = await dueHandOvers(database, now, last.handOvers);
      last.handOvers = handOvers.last;
      const absences = await dueAbsences(database, now, last.absences);
      last.absences = absences.last;
      await send(parts, [...handOvers.reports, ...absences.reports]);
      last.unseen = await sweepUnseen(database, now, last.unseen);
    } catch (fault) {
      log.warn(
        { fault: fault instanceof Error ? fault.name : 'unknown' },
        'claims could not be compared with the staff book; it is tried again',
      );
    } finally {
      isRunning.now = false;
    }
  };
  const timer = setInterval(() => void round(), everyMs).unref();
  return { round, stop: () => clearInterval(timer) };
}

/** Without a key nothing is sent: the next round finds the same again. */
async function send({ claims, signing, log }: Parts, reports: readonly StaffReport[]): Promise<void> {
  if (!signing || withoutKey(signing, new Date())) return;
  for (const { claim, name, id, fields } of reports) {
    await claims.report(claim, name, signReport(signing, 'system', { claim, name, id, fields }));
    log.info({ claim, name }, 'reported');
  }
}

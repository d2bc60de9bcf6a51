import type { FastifyBaseLogger } from 'fastify';
import { instantOf } from '../../domain/time/time.ts';
import { sweepUnseen } from '../../records/claims/looks.ts';
import { dueAbsences, dueHandOvers, type StaffReport } from '../../records/claims/successors.ts';
import type { Database } from '../../records/database.ts';
import type { SigningKey } from '../../security/signing.ts';
import type { Claims } from '../engine/claims.ts';
import { inRounds, type Rounds } from './rounds.ts';
import { signReport, withoutKey } from './signing.ts';

interface Parts {
  database: Database;
  claims: Claims;
  signing: SigningKey | undefined;
  log: FastifyBaseLogger;
}

const everyMs = 15_000;

/**
 * Reports to claims who of their people has left, is away or is back, and finds claims that nobody sees. A
 * round does one part of all that is due, and the next one continues after it. Several machines may do it at
 * the same time: a claim takes each report once, by its id.
 */
export function staffWatch(parts: Parts): Rounds {
  const { database, log } = parts;
  const last = { handOvers: '', absences: '', unseen: '' };
  const work = async (): Promise<void> => {
    const now = instantOf(Date.now());
    const handOvers = await dueHandOvers(database, now, last.handOvers);
    last.handOvers = handOvers.last;
    const absences = await dueAbsences(database, now, last.absences);
    last.absences = absences.last;
    await send(parts, [...handOvers.reports, ...absences.reports]);
    last.unseen = await sweepUnseen(database, now, last.unseen);
  };
  return inRounds(work, { everyMs, log, failed: 'claims could not be compared with the staff book' });
}

/** Without a key nothing is sent: the next round finds the same again. */
async function send({ claims, signing, log }: Parts, reports: readonly StaffReport[]): Promise<void> {
  if (!signing || withoutKey(signing, new Date())) return;
  for (const { claim, name, id, fields } of reports) {
    await claims.report(claim, name, signReport(signing, 'system', { claim, name, id, fields }));
    log.info({ claim, name }, 'reported');
  }
}

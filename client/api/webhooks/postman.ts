import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../../../records/database.ts';
import { noReportAfterHours } from '../../../config/delivery-reports.ts';
import type { Reporter } from '../../../domain/claim/reports.ts';
import type { SigningKey } from '../../../security/signing.ts';
import type { Claims } from '../../engine/claims.ts';
import { isProblem } from '../problem.ts';
import { inRounds, type Rounds } from '../rounds.ts';
import { signingKey, signReport } from '../signing.ts';
import { followUpAfterClosing } from '../../../records/claims/follow-ups.ts';
import {
  keepForClaim,
  markForwarded,
  notForwarded,
  type InboxMessage,
} from '../../../records/inbox/inbox.ts';

interface Parts {
  database: Database;
  claims: Claims;
  signing: SigningKey | undefined;
  log: FastifyBaseLogger;
}

/** Signs messages from the inbox, and forwards them to their claims. Without a signing key they wait. */
export interface Postman extends Rounds {
  /** Forwards the messages with these ids at once. A later round repeats what fails. */
  forward(...ids: string[]): Promise<void>;
  /** Forwards all messages that have waited for a while, and reports texts without a delivery report. */
  round(): Promise<void>;
}

const everyMs = 15_000;

/** Younger messages are being forwarded already. */
const waitMs = 10_000;

/** Rounds may run on several machines at the same time: a claim takes each message once, by its id. */
export function postman(parts: Parts): Postman {
  const work = async (): Promise<void> => {
    await noteMissingReports(parts.database);
    for (const each of await notForwarded(parts.database, { before: new Date(Date.now() - waitMs) }))
      await deliver(parts, each);
    await followUpAfterClosing(parts.database);
  };
  const failed = 'the inbox could not be forwarded to claims';
  return {
    ...inRounds(work, { everyMs, log: parts.log, failed }),
    async forward(...ids) {
      for (const id of ids)
        for (const each of await notForwarded(parts.database, { id })) await deliver(parts, each);
    },
  };
}

/**
 * A claim that has ended takes no more messages. What people must do then is found afterwards, by comparing
 * the records.
 */
async function deliver(
  { claims, database, signing }: Parts,
  { id, claim, name, fields }: InboxMessage,
): Promise<void> {
  const key = signingKey({ signing });
  if (isProblem(key)) throw new Error(key.detail);
  const answer = await claims.report(
    claim,
    name,
    signReport(key, reporterOf(id), { claim, name, id, fields }),
  );
  if (answer.kind !== 'unavailable') await markForwarded(database, id);
}

/**
 * Who reported it. An id begins with the door that kept the message, after that door had checked a signature
 * or a keyed address; all other messages are our own.
 */
function reporterOf(id: string): Reporter {
  if (id.startsWith('twilio:')) return 'sms';
  return id.startsWith('dsn:') ? 'mail' : 'system';
}

const longestAgo = '3 days';

/**
 * Reports texts that a provider accepted hours ago and that have no delivery report. The claim then also uses
 * another channel (effects.md §2). The row stays open for a late report.
 */
async function noteMissingReports(database: Database): Promise<void> {
  const rows = await database.$queryRaw<{ claim: string; reference: string }[]>`
    SELECT n.claim, n.reference FROM notification n
    WHERE n.channel = 'sms' AND n.state = 'accepted' AND n.contact IS NOT NULL
      AND n.at < now() - make_interval(hours => ${noReportAfterHours}::int)
      AND n.at > now() - ${longestAgo}::interval
      AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.id = 'no-report:' || n.reference)
    ORDER BY n.at LIMIT 200`;
  for (const { claim, reference } of rows) {
    const fields = {
      notification: reference.split('/')[1] ?? '',
      outcome: 'undelivered',
      code: 'no-report',
      arrived: new Date().toISOString(),
    };
    await keepForClaim(
      database,
      { id: `no-report:${reference}`, claim, name: 'delivery-reported', fields },
      'receipt',
    );
  }
}

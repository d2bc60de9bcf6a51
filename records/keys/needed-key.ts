import { claimOfWorkflow } from '../../domain/ids.ts';
import type { NeedsKey } from '../../security/payload-codec.ts';
import type { Database } from '../database.ts';
import { registeredWithinMs } from './key-use.ts';

/**
 * Whether a claim needs a key: the records know it by this fingerprint, and it encrypted while the claim was
 * open. A claim that is not stored yet may need any key that ever encrypted. A key that somebody invented is
 * never needed. Rejects with a sentence when the records do not answer.
 */
export const neededKey =
  (database: Database): NeedsKey =>
  async (workflowId, { id, check }) => {
    try {
      const [row] = await database.prepared<{ needed: boolean }>('needed-key', question, [
        id,
        check,
        claimOfWorkflow(workflowId) ?? '',
        registeredWithinMs / 1000,
      ]);
      return row?.needed === true;
    } catch (fault) {
      throw new Error(
        'A payload names an encryption key that is missing here. The records do not answer, so it is ' +
          'unknown whether the claim needs the key; this is tried again.',
        { cause: fault },
      );
    }
  };

const question = `
  SELECT EXISTS (
    SELECT 1 FROM encryption_key k LEFT JOIN claim c ON c.number = $3
    WHERE k.id = $1 AND k.fingerprint = $2 AND k.encrypted_at IS NOT NULL
      AND (c.number IS NULL OR (
        k.encrypted_at + make_interval(secs => $4) >= c.opened_at
        AND k.encrypted_from <= COALESCE(
          (SELECT max(j.at) FROM journal_entry j
            WHERE j.claim = c.number AND j.kind = 'claim-closed' AND c.outcome IS NOT NULL),
          now())))
  ) AS needed`;

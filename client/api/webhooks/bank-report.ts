import type { ReportName } from '../../../domain/claim/reports.ts';
import type { ClaimNumber } from '../../../domain/ids.ts';
import { isOnRecord } from '../../../records/claims/stored-claim.ts';
import type { SignedMessage } from '../../engine/act.ts';
import type { Unavailable } from '../../engine/faults.ts';
import type { ApiContext } from '../context.ts';

/**
 * Brings the bank's word to the claim. One that has ended is taken up from the records: money that came back
 * must reach a person. `unknown`: there was never such a claim.
 */
export async function deliverReport(
  { claims, database }: Pick<ApiContext, 'claims' | 'database'>,
  claim: ClaimNumber,
  name: ReportName,
  message: SignedMessage,
): Promise<{ kind: 'sent' | 'unknown' } | Unavailable> {
  const answer = await claims.report(claim, name, message);
  if (answer.kind === 'sent' || answer.kind === 'unavailable') return answer;
  return (await isOnRecord(database, claim)) ? claims.reportAnew(claim, name, message) : { kind: 'unknown' };
}

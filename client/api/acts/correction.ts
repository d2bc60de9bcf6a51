import { claimedMinor } from '../../../config/notice/claimed-amount.ts';
import { lossMistake } from '../../../config/notice/loss-date.ts';
import { present } from '../../../domain/present.ts';
import { instantOf, msOf } from '../../../domain/time/time.ts';
import { unknownPolicy } from '../../../records/claims/intake.ts';
import { whenUp } from '../context.ts';
import { problem, type ApiProblem } from '../problem.ts';
import type { Content } from './body.ts';
import type { Errand } from './door.ts';

interface Corrected {
  policy?: string | undefined;
  lossAt?: string | undefined;
  item?: string | undefined;
  claimed?: string | number | undefined;
}

/** What the claim is sent for a correction of the claim, or the mistake in the body. */
export async function correction(
  { policy, lossAt: at, item, claimed }: Corrected,
  { found: { claim }, context: { database } }: Errand,
): Promise<Content | ApiProblem> {
  if (policy === undefined && at === undefined && item === undefined && claimed === undefined)
    return problem(400, 'The body must say what is corrected: policy, lossAt, or item with claimed.');
  const lacking = item === undefined ? 'item' : 'claimed';
  if ((item === undefined) !== (claimed === undefined))
    return problem(400, `${lacking} is missing: a claimed amount is corrected with both item and claimed.`, {
      field: lacking,
    });
  const lossAt = at === undefined ? undefined : instantOf(msOf(at));
  const mistake = lossAt === undefined ? undefined : lossMistake(lossAt, instantOf(Date.now()));
  if (mistake) return problem(422, mistake.sentence, { field: mistake.field });
  const known = policy === undefined ? 1 : await whenUp(database.policy.count({ where: { number: policy } }));
  if (known === 0) return problem(422, unknownPolicy.sentence, { field: unknownPolicy.field });
  const rest = present({ policy, lossAt });
  if (item === undefined || claimed === undefined) return rest;
  const read = claimedMinor(claimed, claim.currency, 'claimed');
  return read.kind === 'read'
    ? { ...rest, item: { id: item, claimedMinor: read.minor } }
    : problem(422, read.sentence, { field: 'claimed' });
}

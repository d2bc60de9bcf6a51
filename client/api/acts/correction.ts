import { claimedMinor } from '../../../config/notice/claimed-amount.ts';
import { lossMistake } from '../../../config/notice/loss-date.ts';
import { itemOf } from '../../../domain/claim/claim.ts';
import { present } from '../../../domain/present.ts';
import { instantOf, msOf } from '../../../domain/time/time.ts';
import { policyFor } from '../../../records/policies/from-source.ts';
import { unknownPolicy } from '../../../records/claims/intake.ts';
import { marking } from '../../../records/keys/contact-key.ts';
import { keepPlate } from '../../../records/parties/contacts.ts';
import { whenUp } from '../context.ts';
import { problem, type ApiProblem } from '../problem.ts';
import type { Content } from './body.ts';
import type { Errand } from './door.ts';

interface Corrected {
  policy?: string | undefined;
  lossAt?: string | undefined;
  cause?: string | undefined;
  item?: string | undefined;
  claimed?: string | number | undefined;
  plate?: string | undefined;
}

/** What the claim is sent for a correction of the claim, or the mistake in the body. */
export async function correction(
  { policy, lossAt: at, cause, item, claimed, plate }: Corrected,
  { found: { claim }, context: { database, keyring, policies } }: Errand,
): Promise<Content | ApiProblem> {
  const ofItem = claimed ?? plate;
  if ([policy, at, cause, item, ofItem].every((each) => each === undefined))
    return problem(
      400,
      'The body must say what is corrected: policy, lossAt, cause, or item with claimed or plate.',
    );
  const lacking = item === undefined ? 'item' : 'claimed';
  if ((item === undefined) !== (ofItem === undefined))
    return problem(400, `${lacking} is missing: an item is corrected with item, and claimed or plate.`, {
      field: lacking,
    });
  const lossAt = at === undefined ? undefined : instantOf(msOf(at));
  const mistake = lossAt === undefined ? undefined : lossMistake(lossAt, instantOf(Date.now()));
  if (mistake) return problem(422, mistake.sentence, { field: mistake.field });
  const known =
    policy === undefined
      ? 'down'
      : await whenUp(policyFor(database, policies, policy, lossAt ?? claim.lossAt));
  if (known === undefined) return problem(422, unknownPolicy.sentence, { field: unknownPolicy.field });
  const rest = present({ policy, lossAt, cause });
  if (item === undefined) return rest;
  const vehicle = plate === undefined ? undefined : (await marking(database, keyring))('vehicle', plate);
  if (claimed === undefined) return { ...rest, item: present({ id: item, vehicle }) };
  const read = claimedMinor(claimed, claim.currency, 'claimed');
  return read.kind === 'read'
    ? { ...rest, item: present({ id: item, claimedMinor: read.minor, vehicle }) }
    : problem(422, read.sentence, { field: 'claimed' });
}

/** After the claim has taken it. The same correction again keeps what was not kept. */
export async function keepCorrectedPlate(
  { item, plate }: Corrected,
  { found: { claim }, context: { database, keyring } }: Errand,
): Promise<void> {
  const party = item === undefined ? undefined : itemOf(claim, item)?.party;
  if (item === undefined || plate === undefined || party === undefined) return;
  await keepPlate(database, keyring, { claim: claim.number, party, item, plate });
}

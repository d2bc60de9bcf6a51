import { assertNever } from '../../assert-never.ts';
import { withElsewhere } from '../../money/elsewhere.ts';
import type { RulePack } from '../../rules/pack.ts';
import type { Claim } from '../claim.ts';
import type { Of } from './change.ts';

export const togetherKinds = ['claims-related', 'related-claim-named', 'claims-joined'] as const;

/** The claim after an entry about other claims that are counted together with it. */
export function afterTogether(
  claim: Claim,
  entry: Of<(typeof togetherKinds)[number]>,
  pack: RulePack,
): Claim {
  switch (entry.kind) {
    case 'claims-related':
      return withElsewhere(claim, entry, pack);
    case 'claims-joined':
      return withElsewhere(
        { ...claim, joined: { ...claim.joined, [entry.other]: entry.finding } },
        claim,
        pack,
      );
    case 'related-claim-named':
      return claim;
    default:
      return assertNever(entry);
  }
}

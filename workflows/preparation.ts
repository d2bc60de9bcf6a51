import { nextClaimStep } from '../domain/road/road.ts';
import type { ClaimStep } from '../domain/road/steps.ts';
import { read } from './effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * The claim's own steps, before and beside its items: a notice that is corrected sends it through cover
 * again.
 */
export async function prepare(claim: RunningClaim): Promise<void> {
  while (!claim.over) {
    const step = nextClaimStep(claim.state);
    if (step) await take[step](claim);
    else await claim.until(() => nextClaimStep(claim.state) !== undefined);
  }
}

const take: Record<ClaimStep, (claim: RunningClaim) => Promise<void>> = {
  async acknowledge(claim) {
    claim.decide({ kind: 'acknowledge' });
  },

  async cover(claim) {
    const { policy, lossAt } = claim.state;
    const known = claim.usePolicyAtOpening();
    const found = known
      ? (known.facts ?? undefined)
      : await claim.effect({ place: 'cover', usual: 'records' }, (options) =>
          read.readPolicy.executeWithOptions({ summary: `cover of policy on the day of loss`, ...options }, [
            { policy, lossAt },
          ]),
        );
    // Corrected while it was being read: cover is checked on what the notice says now.
    if (claim.state.policy === policy && claim.state.lossAt === lossAt)
      claim.decide({ kind: 'check-cover', policy: found });
  },

  async survey(claim) {
    await claim.until(() => nextClaimStep(claim.state) !== 'survey');
  },
};

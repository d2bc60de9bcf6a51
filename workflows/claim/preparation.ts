import { nextClaimStep } from '../../domain/road/road.ts';
import type { ClaimStep } from '../../domain/road/steps.ts';
import { read } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * The claim's own steps, before and beside its items. The opening has taken the first two. After a correction
 * of the notice, cover is checked again.
 */
export async function prepare(run: RunningClaim): Promise<void> {
  while (!run.over) {
    const step = nextClaimStep(run.state);
    if (step) await take[step](run);
    else await run.until(() => nextClaimStep(run.state) !== undefined);
  }
}

const take: Record<ClaimStep, (run: RunningClaim) => Promise<void>> = {
  async acknowledge(claim) {
    claim.execute({ kind: 'acknowledge' });
  },

  async cover(claim) {
    const { policy, lossAt } = claim.state;
    const found = await claim.effect({ place: 'cover', usual: 'records' }, (options) =>
      read.readPolicy.executeWithOptions({ summary: `cover of policy on the day of loss`, ...options }, [
        { policy, lossAt },
      ]),
    );
    // The notice may have been corrected during the read: then cover is checked on the corrected notice.
    if (claim.state.policy === policy && claim.state.lossAt === lossAt)
      claim.execute({ kind: 'check-cover', policy: found });
  },

  async survey(claim) {
    await claim.until(() => nextClaimStep(claim.state) !== 'survey');
  },
};

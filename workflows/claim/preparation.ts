import type { Claim } from '../../domain/claim/claim.ts';
import { coverStep } from '../../domain/money/cover.ts';
import { present } from '../../domain/present.ts';
import { nextClaimStep } from '../../domain/road/road.ts';
import type { ClaimStep } from '../../domain/road/steps.ts';
import { read } from '../effects.ts';
import type { RunningClaim } from './running-claim.ts';

/**
 * The claim's own steps, before and beside its items. The opening has taken the first two. After a correction
 * of the notice or of the policy, cover is checked again.
 */
export async function prepare(run: RunningClaim): Promise<void> {
  while (!run.over) {
    const step = nextClaimStep(run.state);
    if (step) await take[step](run);
    else await run.until(() => nextClaimStep(run.state) !== undefined);
  }
}

/** Its source is asked by the API, which reports what it finds. */
const isAwaited = ({ policyNews }: Claim): boolean => policyNews?.what === 'awaited';

const take: Record<ClaimStep, (run: RunningClaim) => Promise<void>> = {
  async acknowledge(claim) {
    claim.execute({ kind: 'acknowledge' });
  },

  async cover(claim) {
    if (isAwaited(claim.state)) return claim.until(() => !isAwaited(claim.state));
    const { policy, lossAt, policyNews } = claim.state;
    const items = claim.state.items.map(({ object, vehicle }) => present({ object, vehicle }));
    const answer = await claim.effect({ place: 'cover', usual: 'records' }, (options) =>
      read.readPolicy.executeWithOptions({ summary: `cover of policy at the moment of loss`, ...options }, [
        { policy, lossAt, items },
      ]),
    );
    // The notice or the policy may have been corrected during the read: then the policy is read again.
    const isCurrent =
      claim.state.policy === policy &&
      claim.state.lossAt === lossAt &&
      claim.state.policyNews?.seq === policyNews?.seq &&
      claim.state.items.every(({ vehicle }, index) => vehicle === items[index]?.vehicle);
    if (isCurrent) claim.execute(coverStep(answer));
  },

  async survey(claim) {
    await claim.until(() => nextClaimStep(claim.state) !== 'survey');
  },
};

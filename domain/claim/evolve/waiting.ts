import { assertNever } from '../../assert-never.ts';
import { present } from '../../present.ts';
import type { Expectation } from '../../waiting/expectation.ts';
import type { Claim } from '../claim.ts';
import type { Of } from './change.ts';

export const waitingKinds = ['expectation-opened', 'expectation-ended', 'rung-taken', 'promised'] as const;

/** The claim after an entry about one of the things that it waits for. */
export function afterWaiting(claim: Claim, entry: Of<(typeof waitingKinds)[number]>): Claim {
  switch (entry.kind) {
    case 'expectation-opened':
      return { ...claim, expectations: [...claim.expectations, entry.expectation] };
    case 'expectation-ended':
      return { ...claim, expectations: claim.expectations.filter(({ id }) => id !== entry.expectation) };
    case 'rung-taken':
      return onExpectation(claim, entry.expectation, (open) => risen(open, entry));
    case 'promised':
      return onExpectation(claim, entry.expectation, () => ({ promised: entry.promised, next: entry.next }));
    default:
      return assertNever(entry);
  }
}

const onExpectation = (
  claim: Claim,
  id: string,
  change: (open: Expectation) => Partial<Expectation>,
): Claim => ({
  ...claim,
  expectations: claim.expectations.map((open) => (open.id === id ? { ...open, ...change(open) } : open)),
});

function risen(open: Expectation, { did, to, rung, next, from }: Of<'rung-taken'>): Partial<Expectation> {
  const isEscalated = did === 'escalate' && to;
  return {
    rung,
    next,
    promised: undefined,
    ...present({
      from,
      callDue: did === 'call' ? true : undefined,
      escalatedTo: isEscalated ? [...new Set([...open.escalatedTo, to])] : undefined,
    }),
  };
}

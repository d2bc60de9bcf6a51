import { after, type Offset } from '../time/calendar.ts';
import type { Expectation } from './expectation.ts';
import type { Rules, Rung } from '../rules/pack.ts';
import { instantOf, isBefore, latest, msOf, type Instant } from '../time/time.ts';

type LadderPosition = Pick<Expectation, 'ladder' | 'since' | 'notBefore' | 'rung' | 'promised'>;

/**
 * The next rung of an expectation, and its time. Offsets count from the latest of `since` and `notBefore`. A
 * promise pauses the rung; when the promise is broken, it is taken at once. A rung is taken at its time, also
 * at night: its message to a party waits for the reader's own morning (`messages/contact-hours.ts`).
 */
export function nextRung(expectation: LadderPosition, rules: Rules, now: Instant): Expectation['next'] {
  const rung = currentRung(expectation, rules);
  const planned = expectation.promised ?? startOf(expectation, rung.after, rules);
  return { do: rung.do, at: isBefore(planned, now) ? now : planned };
}

/**
 * The rung after the one that is taken now. If that one was late (a promise, a stopped server), the ladder
 * keeps its distances: two rungs are never due together. The last rung repeats, so no claim is dropped.
 */
export function rungAfter(
  expectation: LadderPosition,
  rules: Rules,
  now: Instant,
): { rung: number; next: Expectation['next'] } {
  const ladder = rules.pack.ladders[expectation.ladder] ?? [];
  const rung = Math.min(expectation.rung + 1, ladder.length - 1);
  const next = rungAt(expectation, rung, rules);
  const before =
    rung > expectation.rung ? currentRung(expectation, rules).after : (ladder[rung - 1]?.after ?? 'PT0S');
  const distance = msOf(startOf(expectation, next.after, rules)) - msOf(startOf(expectation, before, rules));
  return {
    rung,
    next: { do: next.do, at: instantOf(msOf(now) + distance) },
  };
}

export const currentRung = (expectation: LadderPosition, rules: Rules): Rung =>
  rungAt(expectation, expectation.rung, rules);

/** `chase`, `escalate to supervisor`: the next action in words. */
export function nextInWords(expectation: LadderPosition, rules: Rules): string {
  const { do: act, to } = currentRung(expectation, rules);
  return to ? `${act} to ${to}` : act;
}

function rungAt({ ladder }: LadderPosition, index: number, { pack }: Rules): Rung {
  const rung = pack.ladders[ladder]?.[index];
  if (!rung)
    throw new RangeError(
      `The rules ${JSON.stringify(pack.versions)} have no rung ${index} on the ladder "${ladder}"`,
    );
  return rung;
}

const startOf = ({ since, notBefore }: LadderPosition, offset: Offset, { calendar }: Rules): Instant =>
  after(latest(since, notBefore), offset, calendar);

import { after, type Offset } from '../time/calendar.ts';
import type { Expectation } from './expectation.ts';
import type { Rules, Rung } from '../rules/pack.ts';
import { instantOf, isBefore, latest, msOf, type Instant } from '../time/time.ts';

type Standing = Pick<Expectation, 'ladder' | 'since' | 'notBefore' | 'rung' | 'promised'>;

/**
 * The rung that an expectation stands before, and when it is taken. Offsets count from the latest of `since`
 * and `notBefore`.
 * A promise holds it; broken, it is taken at once. A rung is taken at its time, by night too: what it says
 * to a party waits for the reader's own morning (`messages/contact-hours.ts`).
 */
export function nextRung(expectation: Standing, rules: Rules, now: Instant): Expectation['next'] {
  const rung = currentRung(expectation, rules);
  const planned = expectation.promised ?? startOf(expectation, rung.after, rules);
  return { do: rung.do, at: isBefore(planned, now) ? now : planned };
}

/**
 * The rung after the one taken now. Where that was late (a promise, a stopped server) the ladder keeps its
 * distances: two
 * rungs never fall together. After the last one it repeats: no claim is dropped.
 */
export function rungAfter(
  expectation: Standing,
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

export const currentRung = (expectation: Standing, rules: Rules): Rung =>
  rungAt(expectation, expectation.rung, rules);

/** `chase`, `escalate to supervisor`: what happens next, as people read it. */
export function nextInWords(expectation: Standing, rules: Rules): string {
  const { do: act, to } = currentRung(expectation, rules);
  return to ? `${act} to ${to}` : act;
}

function rungAt({ ladder }: Standing, index: number, { pack }: Rules): Rung {
  const rung = pack.ladders[ladder]?.[index];
  if (!rung)
    throw new RangeError(
      `The rules ${JSON.stringify(pack.versions)} have no rung ${index} on the ladder "${ladder}"`,
    );
  return rung;
}

const startOf = ({ since, notBefore }: Standing, offset: Offset, { calendar }: Rules): Instant =>
  after(latest(since, notBefore), offset, calendar);

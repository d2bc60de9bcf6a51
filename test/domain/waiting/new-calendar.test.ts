import { expectationChanges } from '../../../domain/waiting/expectations.ts';
import { ClaimUnderTest, rules } from '../../support/builders.ts';

const police = 'document:claim:police-determination';
/** A list gives the 2nd of December off, too. */
const newer = { ...rules.calendar, holidays: ['2026-12-02', ...rules.calendar.holidays] };
const changesAt = (now: string, subject: ClaimUnderTest) =>
  expectationChanges(subject.claim, { ...rules, calendar: newer }, now);

test('a newer calendar moves the day before which a paper cannot exist, until that day is reached', () => {
  const subject = ClaimUnderTest.covered();
  const { notBefore = '' } = subject.expecting(police) ?? {};
  expect(notBefore.slice(0, 10)).toBe('2026-12-09');
  expect(changesAt(subject.now, subject)).toMatchObject([
    { kind: 'expectation-ended', expectation: police, how: 'withdrawn' },
    {
      kind: 'expectation-opened',
      expectation: { id: police, notBefore: notBefore.replace('2026-12-09', '2026-12-10') },
    },
  ]);
  // Its ladder is under way: nobody is asked from the beginning again.
  expect(changesAt('2026-12-11T00:00:00.000Z', subject)).toEqual([]);
});

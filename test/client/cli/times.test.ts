import {
  dueTime,
  howLong,
  instantFrom,
  localTime,
  zonedTime,
  zoneLine,
} from '../../../client/cli/input/times.ts';

const now = Date.parse('2026-11-23T08:00:00.000Z');

describe('times as people read and write them', () => {
  it.each([
    [8_000, '8 s'],
    [119_000, '119 s'],
    [12 * 60_000, '12 min'],
    [5 * 3_600_000, '5 h'],
    [3 * 86_400_000, '3 d'],
  ])('%i ms last %s', (ms, words) => expect(howLong(ms)).toBe(words));

  it('a moment of today is told in the terminal’s time zone, one of right now with seconds', () => {
    const there = new Date(now - 3_600_000);
    const clock = `${String(there.getHours()).padStart(2, '0')}:${String(there.getMinutes()).padStart(2, '0')}`;
    expect(localTime(there.toISOString(), now).slice(11)).toBe(clock);
    expect(localTime(new Date(now).toISOString(), now)).toMatch(/:00:00$/);
  });

  it('which clock it is stands under a page, and beside a time that stands alone', () => {
    expect(zoneLine()).toMatch(/^Times: (?:[\w/+-]+, )?UTC(?:[+-]\d\d:\d\d)?\.$/);
    expect(zonedTime('2026-11-23T07:00:00.000Z')).toMatch(
      /^2026-11-2\d \d\d:\d\d(?::\d\d)? UTC(?:[+-]\d\d:\d\d)?$/,
    );
  });

  it('what is late says by how much', () => {
    expect(dueTime('2026-11-21T07:00:00.000Z', now)).toMatch(/, 2 d late$/);
    expect(dueTime('2026-11-25T07:00:00.000Z', now)).not.toMatch(/late/);
  });

  it.each([
    ['2026-11-23T08:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T16:00+08:00', '2026-11-23T08:00:00.000Z'],
    ['2026-11-23T16:00', new Date('2026-11-23T16:00').toISOString()],
    ['2026-11-23 16:00', new Date('2026-11-23T16:00').toISOString()],
    ['2026-02-30T16:00', undefined],
    ['2026-11-23', undefined],
    ['yesterday', undefined],
  ])('%s is the instant %s', (written, instant) => expect(instantFrom(written)).toBe(instant));
});

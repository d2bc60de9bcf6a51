import { keepList } from '../../config/holidays/folder.ts';
import { daysOffIn } from '../../config/holidays/days-off.ts';
import { yearOf } from '../../config/holidays/rules.ts';
import { plusDays } from '../../domain/time/calendar.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openStage, type Stage } from '../support/stage.ts';
import { assesses, brings, files, isComplete, stands } from '../support/steps.ts';

const calendars = temporaryDirectory();
const usual = process.env['LIPEI_CALENDARS'];

let stage: Stage;
beforeAll(async () => {
  process.env['LIPEI_CALENDARS'] = calendars;
  stage = await openStage({ runEvents: 4_000 }); // a further run would read the calendar anyway
});
afterAll(async () => {
  await stage.close();
  process.env['LIPEI_CALENDARS'] = usual ?? '';
});

/** The days off of a year, with ten more from a day on. */
function addList(year: number, from: string): void {
  const { holidays, workedWeekends } = daysOffIn('CN', year, calendars);
  const more = Array.from({ length: 10 }, (_, index) => plusDays(from, index));
  const off = [...new Set([...holidays, ...more])].filter((day) => yearOf(day) === year);
  keepList(calendars, {
    jurisdiction: 'CN',
    year,
    source: 'made up for a test',
    holidays: off.map((day) => ({ name: '假日', from: day, to: day })),
    worked: workedWeekends.filter((day) => !more.includes(day)),
  });
}

test('a list that is added while a claim is open counts for its next date, and for its earlier dates not', async () => {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '8000' }],
  });
  const before = await claim.until('open', ({ expectations }) => expectations.length > 0);
  const today = new Date(await stage.env.currentTimeMs()).toISOString().slice(0, 10);
  const tomorrow = plusDays(today, 1);
  for (const year of [yearOf(today), yearOf(today) + 1]) addList(year, tomorrow);

  const { expectations } = await claim.state();
  expect(expectations).toEqual(before.expectations);
  await isComplete(claim);
  await brings(claim, 'repair-invoice', 'item-1');
  await assesses(claim, 'item-1', 800_000);
  const { expectations: later } = await stands(claim, 'verify:item-1');
  // The first rung is two working days after today, and ten days are off.
  const verify = later.find(({ id }) => id === 'verify:item-1');
  expect((verify?.next.at ?? '') >= plusDays(tomorrow, 10)).toBe(true);
  await stage.passes('1 day');
  expect((await claim.state()).problems).toEqual([]);
});

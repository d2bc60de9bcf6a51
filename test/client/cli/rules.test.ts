import { houseRules } from '../../../config/rules/load.ts';
import { rulesListPage, rulesPage, listedRules, shownRules } from '../../../client/cli/pages/rules-page.ts';
import { lipei, lipeiHere, valueOf } from '../../support/lipei.ts';

const wanted = { line: 'motor', jurisdiction: 'CN', pace: 'demo' };
const { pack } = houseRules.explained(wanted);
const { versions } = pack;

test('every value of the rules is shown, with the part that says it, and what the pace made of it', () => {
  const { values, ...rest } = shownRules(houseRules.explained(wanted));
  expect(rest).toEqual({ line: 'motor', jurisdiction: 'CN', parts: versions });
  expect(values.filter(({ part }) => !/^(lines|jurisdictions|ladders|channels)\/.+@\d+$/.test(part))).toEqual(
    [],
  );
  expect(new Set(values.map(({ path }) => path.split('.')[0]))).toEqual(
    new Set(Object.keys(pack).filter((key) => !['versions', 'line', 'jurisdiction'].includes(key))),
  );
  const ordinary = houseRules.newest({ ...wanted, pace: 'ordinary' });
  expect(values.find(({ path }) => path === 'ladders.survey.0.after')).toEqual({
    path: 'ladders.survey.0.after',
    value: pack.ladders['survey']?.[0]?.after,
    part: `ladders/${versions.ladders[1]}`,
    was: ordinary.ladders['survey']?.[0]?.after,
    pace: `pace/${versions.pace}`,
  });
});

test('people read a rung in one line, with the ordinary time in brackets', () => {
  const page = rulesPage(shownRules(houseRules.explained(wanted)));
  expect(page).toMatch(
    /^ladders\.survey\.0 +ladders\/motor@\d+, pace\/demo@\d+ +after PT\d+S \(P\d+D\), do escalate, to handler$/m,
  );
  expect(page).toMatch(/^channels\.paid +channels\/[\w-]+@\d+ +sms email$/m);
});

test('the list names each line with its parts, and the paces', () => {
  const page = rulesListPage(listedRules(houseRules));
  for (const { line, jurisdiction } of houseRules.compositions())
    expect(page).toMatch(new RegExp(`^${line} +${jurisdiction} +lines/${line}@`, 'm'));
  expect(page).toMatch(/Paces: any-hour, demo, ordinary$/);
});

test('rules show answers programs with one value, without a stack', async () => {
  const args = ['rules', 'show', '--line', 'motor', '--jurisdiction', 'CN', '--json'];
  expect(valueOf(await lipei(args))).toEqual(
    shownRules(houseRules.explained({ ...wanted, pace: 'ordinary' })),
  );
});

test.each([
  [
    'line',
    ['--line', 'motr', '--jurisdiction', 'CN'],
    'There are no rules for motr in CN; there are rules for',
  ],
  [
    'jurisdiction',
    ['--line', 'motor', '--jurisdiction', 'C'],
    'There are no rules for motor in C; there are',
  ],
  [
    'pace',
    ['--line', 'motor', '--jurisdiction', 'CN', '--pace', 'fast'],
    'There is no pace "fast"; there are any-hour, demo, ordinary.',
  ],
])('a mistyped %s ends with exit code 2 and the names that exist', async (_, args, sentence) => {
  const ended = await lipeiHere(['rules', 'show', ...args]);
  expect(ended).toEqual({ exitCode: 2, out: '', err: expect.stringContaining(sentence) });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../config/env.ts';
import { houseRules } from '../../config/rules/load.ts';
import { staffMailRules } from '../../config/staff-mail.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const written = z
  .record(z.string(), z.looseObject({}))
  .parse(JSON.parse(readFileSync(join(projectRoot, 'config', 'staff-mail.json'), 'utf8')));

test('every pace of the rules has its own settings', () =>
  expect(Object.keys(written).toSorted()).toEqual(houseRules.paces().toSorted()));

test.each(Object.keys(written))('%s: digests come while their reader is awake', (pace) => {
  const { awake, usual, roles, people } = staffMailRules(pace);
  const hours = [usual, ...Object.values(roles), ...Object.values(people)].flatMap((manner) =>
    manner.kind === 'digest' ? manner.at : [],
  );
  expect(hours.filter((minute) => minute < awake.from || minute >= awake.to)).toEqual([]);
});

test('times are minutes of the day, lengths are milliseconds', () =>
  expect(staffMailRules('ordinary')).toMatchObject({
    lookEveryMs: 60_000,
    gatherMs: 300_000,
    awake: { from: 420, to: 1260 },
    usual: { kind: 'digest', at: [510, 810, 990] },
    roles: { surveyor: { kind: 'at-once' } },
  }));

test('a pace without settings has the ordinary ones', () =>
  expect(staffMailRules('of-a-test')).toEqual(staffMailRules('ordinary')));

test.each([
  ['a length', { gather: '5 minutes' }, 'ordinary.gather must be a length of time such as PT5M'],
  ['no length', { lookEvery: 'PT0S' }, 'ordinary.lookEvery must be longer than nothing'],
  ['a time of day', { usual: ['8.30'] }, 'ordinary.usual.0 must be a time of day such as 08:30'],
  ['no hour', { usual: [] }, 'ordinary.usual must name a time of day'],
  ['a cap of nothing', { mailsADay: 0 }, 'ordinary.mailsADay'],
  ['a role that nobody has', { roles: { driver: 'at-once' } }, 'ordinary.roles'],
  ['a setting that is none', { often: true }, 'often'],
])('a mistake is named: %s', (_, change, named) => {
  const file = join(temporaryDirectory(), 'staff-mail.json');
  writeFileSync(file, JSON.stringify({ ordinary: { ...written['ordinary'], ...change } }));
  expect(() => staffMailRules('ordinary', file)).toThrow(named);
});

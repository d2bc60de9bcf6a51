import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../config/env.ts';
import { reasonNotSent, reasonsNotSent } from '../../../domain/messages/reasons.ts';

test('every reason that the database gives for leaving a message out has its words', () => {
  const sql = readFileSync(join(projectRoot, 'records', 'sql', 'lease_messages.sql'), 'utf8');
  const caps = [...sql.matchAll(/THEN '([a-z-]+)'/g)].map(([, code = '']) => code);
  const standing = [...sql.matchAll(/standing (?:IN \(([^)]*)\)|= ('[a-z-]+'))/g)].flatMap(
    ([, several = '', one = '']) =>
      [...`${several}${one}`.matchAll(/'([a-z-]+)'/g)].map(([, code = '']) => code),
  );
  expect([...caps, ...standing].toSorted()).toEqual([
    'chased-just-now',
    'enough-today',
    'opted-out',
    'unsubscribed',
    'unusable',
  ]);
  expect([...caps, ...standing].filter((code) => reasonNotSent(code) === undefined)).toEqual([]);
});

test("a provider's code is no reason of ours", () => {
  expect(reasonNotSent('30007')).toBeUndefined();
  expect(reasonNotSent('toString')).toBeUndefined();
});

test('a reason reads on after "not sent:"', () => {
  for (const { says } of Object.values(reasonsNotSent)) expect(says).toMatch(/^[a-z].*[^.]$/);
});

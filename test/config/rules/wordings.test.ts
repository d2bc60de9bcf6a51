import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../config/env.ts';
import { openRuleBook } from '../../../config/rules/load.ts';
import { houseWordings, quotesFrom } from '../../../config/rules/wordings.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const motor = houseWordings.wording('motor-cn-2020');

test.each([
  ['a reason with a clause of its own', 'excluded-cause', ['drink-driving'], ['第九条']],
  ['a reason without one: that of the clause', 'excluded-cause', ['racing'], ['第十条']],
  ['a reason for all causes', 'excluded-cause', ['not-insured-against-hail'], ['第七条']],
  ['two reasons of one clause', 'not-in-force', ['loss-after-expiry', 'premium-unpaid'], ['第六条']],
  ['no policy', 'no-policy', ['policy-unknown'], []],
])('%s', (_, clause, reasons, numbers) =>
  expect(quotesFrom(motor, { clause, reasons }).map(({ number }) => number)).toEqual(numbers),
);

/** The rules of the project with this as the wording of motor policies. */
function inForceWith(change: object): () => unknown {
  const folder = temporaryDirectory();
  cpSync(join(projectRoot, 'rules'), folder, { recursive: true });
  writeFileSync(join(folder, 'wordings', 'motor-cn-2020.json'), JSON.stringify({ ...motor, ...change }));
  return () => openRuleBook(folder).inForce('ordinary');
}

const clauses = motor?.clauses ?? [];

test.each([
  ['another name', { wording: 'motor-cn-1999' }, 'wording is "motor-cn-1999", not "motor-cn-2020"'],
  ['without clauses', { clauses: [] }, 'rules/wordings/motor-cn-2020.json: clauses'],
  [
    'a clause for what nobody refuses',
    { clauses: [...clauses, { number: '99', words: '…', for: ['bad-luck'] }] },
    'for names "bad-luck", which is no clause or reason of a refusal',
  ],
  [
    'no clause for what is refused',
    { clauses: clauses.filter((each) => !each.for.includes('fraud')) },
    'no clause is for "fraud", and refusals cite it',
  ],
])('a wording with %s prevents the start', (_, change, sentence) =>
  expect(inForceWith(change)).toThrow(sentence),
);

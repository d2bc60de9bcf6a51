import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tagsIn } from '../../wording/renderer/languages.ts';
import { templatesFolder } from '../../wording/renderer/renderer.ts';
import { helpAnswers } from '../../wording/renderer/text-answers.ts';
import { segmentsOf } from '../../wording/renderer/segments.ts';

const answer = helpAnswers(templatesFolder);

test('a text that asks for help gets its answer, with the hotline of the telephone’s country', () => {
  expect(answer({ language: 'en', country: 'US' })).toBe(
    'Lipei Insurance: for help with your claim please call 800-555-0100. ' +
      'Reply STOP to get no more texts, START to get them again.',
  );
  expect(answer({ language: 'zh-CN', country: 'CN' })).toContain('请致电400-000-0100');
  expect(answer({ language: 'en', country: undefined })).toContain('400-000-0100');
});

test.each(tagsIn(templatesFolder))('the answer in %s is short', (language) => {
  expect(segmentsOf(answer({ language, country: 'US' })).count).toBeLessThanOrEqual(1);
});

test('every language of the words has templates', () => {
  const file = join(templatesFolder, '..', 'config', 'keywords.json');
  const words: object = JSON.parse(readFileSync(file, 'utf8'));
  expect(Object.keys(words).toSorted()).toEqual(tagsIn(templatesFolder));
});

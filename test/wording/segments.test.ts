import { dearCharacters, segmentsOf } from '../../wording/renderer/segments.ts';

test.each([
  ['160 plain characters are one segment', 'a'.repeat(160), 1],
  ['161 are two', 'a'.repeat(161), 2],
  ['306 are two', 'a'.repeat(306), 2],
  ['307 are three', 'a'.repeat(307), 3],
  ['a euro counts twice', '€'.repeat(81), 2],
  ['70 Chinese characters are one segment', '理'.repeat(70), 1],
  ['71 are two', '理'.repeat(71), 2],
  ['35 emoji, of two units each, are one segment', '😠'.repeat(35), 1],
  ['36 are two', '😠'.repeat(36), 2],
  ['one emoji takes the place of two characters of a Chinese text', `${'理'.repeat(69)}😠`, 2],
  ['one emoji makes a plain text a Chinese one', `${'a'.repeat(69)}😠`, 2],
  ['one typographic apostrophe makes a plain text a Chinese one', `it’s ${'a'.repeat(95)}`, 2],
])('%s', (_, body, segments) => expect(segmentsOf(body).count).toBe(segments));

test('what makes a text dear is named', () => {
  expect(segmentsOf('it’s €5 – or 五')).toEqual({ encoding: 'UCS-2', count: 1 });
  expect(dearCharacters('it’s €5 – or 五, isn’t it?')).toEqual(['’', '–', '五']);
});

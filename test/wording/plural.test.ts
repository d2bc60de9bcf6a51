import { pluralOf } from '../../wording/renderer/plural.ts';

const documents: [string, string][] = [
  ['one', '# document'],
  ['other', '# documents'],
];

test.each([
  ['one in English', 'en', 1, documents, '1 document'],
  ['none in English', 'en', 0, documents, '0 documents'],
  ['many in English, written as there', 'en', 1234, documents, '1,234 documents'],
  [
    'without the number',
    'en',
    1,
    [
      ['one', 'it'],
      ['other', 'them'],
    ],
    'it',
  ],
  ['Chinese, which has one form', 'zh-CN', 3, [['other', '#项']], '3项'],
  [
    'Russian, which has four',
    'ru',
    3,
    [
      ['one', '# документ'],
      ['few', '# документа'],
      ['many', '# документов'],
      ['other', '# документа'],
    ],
    '3 документа',
  ],
])('%s', (_, language, count, forms, text) => expect(pluralOf(language)(count, ...forms)).toBe(text));

test('a form that the language needs is missed whatever the number is', () => {
  expect(() => pluralOf('en')(5, ['other', 'documents'])).toThrow(
    'plural lacks the form "one"; en needs one and other',
  );
});

test('what is no number has no plural', () => {
  expect(() => pluralOf('en')([], ...documents)).toThrow('plural needs a number before it');
});

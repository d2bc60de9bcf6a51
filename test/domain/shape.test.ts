import {
  listOf,
  matching,
  ofKind,
  oneOf,
  objectOf,
  textUpTo,
  wholeNumber,
  yesOrNo,
  type Reader,
} from '../../domain/shape.ts';
import { isLocalDate } from '../../domain/time/time.ts';

const letter = 'x';
const text = textUpTo(500);
const sentenceOf = (reader: Reader<unknown>, value: unknown): string | undefined => {
  const reading = reader(value, 'field');
  return reading.kind === 'malformed' ? reading.sentence : undefined;
};
const aText = 'field: must be a text of 1 to 500 characters.';
const aNumber = 'field: must be a whole number, 0 or more.';

test.each<[string, Reader<unknown>, unknown, string | undefined]>([
  ['a text of one character', text, letter, undefined],
  ['a text of 500', text, letter.repeat(500), undefined],
  ['a text of 501', text, letter.repeat(501), aText],
  ['an empty text', text, '', aText],
  ['a number for a text', text, 5, aText],
  ['nothing for a text', text, undefined, aText],
  ['a text in Chinese', text, '理赔', undefined],
  ['half a character', text, '\uD83D', aText],
  ['nought', wholeNumber, 0, undefined],
  ['the largest exact number', wholeNumber, Number.MAX_SAFE_INTEGER, undefined],
  ['one above it', wholeNumber, Number.MAX_SAFE_INTEGER + 1, aNumber],
  ['less than nothing', wholeNumber, -1, aNumber],
  ['half a cent', wholeNumber, 0.5, aNumber],
  ['digits in a text', wholeNumber, '5', aNumber],
  ['no number at all', wholeNumber, Number.NaN, aNumber],
  ['yes', yesOrNo, true, undefined],
  ['no', yesOrNo, false, undefined],
  ['"true" as a text', yesOrNo, 'true', 'field: must be true or false.'],
  ['nothing for yes or no', yesOrNo, null, 'field: must be true or false.'],
  ['one of the choices', oneOf(['sms', 'email']), 'sms', undefined],
  ['none of them', oneOf(['sms', 'email']), 'fax', 'field: must be one of sms, email.'],
  ['a day', matching(isLocalDate, 'a day'), '2026-11-23', undefined],
  ['a day that is not there', matching(isLocalDate, 'a day'), '2026-02-30', 'field: must be a day.'],
  ['a list of a hundred', listOf(yesOrNo), Array.from({ length: 100 }, () => true), undefined],
  [
    'a list of a hundred and one',
    listOf(yesOrNo),
    Array.from({ length: 101 }, () => true),
    'field: must be a list of at most 100.',
  ],
  ['an empty list', listOf(text), [], undefined],
  ['a text for a list', listOf(text), 'a', 'field: must be a list of at most 100.'],
  ['a list with one wrong', listOf(wholeNumber), [1, -1], 'field[1]: must be a whole number, 0 or more.'],
])('%s', (_, reader, value, sentence) => expect(sentenceOf(reader, value)).toBe(sentence));

const cut = objectOf({
  reason: { reader: text, needed: true },
  minor: { reader: wholeNumber, needed: false },
});

test.each<[string, unknown, object]>([
  ['all fields are read', { reason: 'salvage', minor: 5 }, { value: { reason: 'salvage', minor: 5 } }],
  ['an optional one may be left out', { reason: 'salvage' }, { value: { reason: 'salvage' } }],
  [
    'an optional one that is undefined is left out',
    { reason: 'salvage', minor: undefined },
    { value: { reason: 'salvage' } },
  ],
  ['a needed one is named', { minor: 5 }, { sentence: 'reason: must be a text of 1 to 500 characters.' }],
  [
    'a wrong optional one is named',
    { reason: 'salvage', minor: -5 },
    { sentence: 'minor: must be a whole number, 0 or more.' },
  ],
  [
    'an unknown one is named, and so are those that are known',
    { reason: 'salvage', amount: 5 },
    { sentence: '"amount" is not a field here; the fields are reason, minor.' },
  ],
  ['a list is no record', [], { sentence: 'cut: must be an object with reason, minor.' }],
  ['null is no record', null, { sentence: 'cut: must be an object with reason, minor.' }],
  ['a text is no record', 'salvage', { sentence: 'cut: must be an object with reason, minor.' }],
])('a record: %s', (_, value, expected) => expect(cut(value, 'cut')).toMatchObject(expected));

test('an optional field that was left out is not there', () => {
  const reading = cut({ reason: 'salvage' }, 'cut');
  expect(reading.kind === 'read' && Object.keys(reading.value)).toEqual(['reason']);
});

test('what is read as a kind says so, and what is malformed stays so', () => {
  expect(ofKind('cut', cut)({ reason: 'salvage' }, 'act')).toEqual({
    kind: 'read',
    value: { kind: 'cut', reason: 'salvage' },
  });
  expect(ofKind('cut', cut)({}, 'act')).toMatchObject({ kind: 'malformed' });
});

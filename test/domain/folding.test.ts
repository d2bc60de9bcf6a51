import fc from 'fast-check';
import {
  foldedIdentity,
  foldedLine,
  foldedProse,
  hasLostLetters,
  saysSomething,
} from '../../domain/folding.ts';

test.each([
  ['a zero-width space', 'A\u200B-1'],
  ['a joiner', 'A\u200D-1'],
  ['a turn of the direction of writing', '\u202EA-1\u202C'],
  ['a byte order mark', '\uFEFFA-1'],
  ['a soft hyphen', 'A\u00AD-1'],
  ['a tag', 'A-1\u{E0041}'],
  ['a filler', 'A-1\u3164'],
  ['full width', 'Ａ－１'],
  ['another dash', 'A–1'],
  ['a minus', 'A−1'],
  ['a Cyrillic А', 'А-1'],
  ['a Greek Α', 'Α-1'],
  ['blanks of typesetters around', '\u3000A-1\u00A0'],
])('a reference with %s is the same reference', (_, reference) =>
  expect(foldedIdentity(reference)).toBe('A-1'),
);

test.each([
  ['capitals', 'a-1'],
  ['another digit', 'A-2'],
  ['two words', 'A -1'],
])('%s make another reference', (_, reference) => expect(foldedIdentity(reference)).not.toBe('A-1'));

test.each([
  ['Chinese', '王伟', '王伟'],
  ['Cyrillic', 'Анна', 'Анна'],
  ['full width, which a name may have', 'ＡＢＣ商事', 'ＡＢＣ商事'],
  ['a letter with its accent apart', 'Mu\u0308ller', 'Müller'],
  ['what turns the direction of writing', 'Wang\u202E Wei', 'Wang Wei'],
  ['a wide blank', '王\u3000伟', '王 伟'],
  ['the form of a Han character', '\u845B\u{E0100}城', '\u845B\u{E0100}城'],
  ['a selector behind no Han character', 'A\uFE0F', 'A'],
])('a name keeps its letters: %s', (_, written, name) => expect(foldedLine(written)).toBe(name));

test('a text of several lines keeps its lines', () =>
  expect(foldedProse(' one\u200B\n\n two\t2 ')).toBe('one\n\n two\t2'));

test.each([
  ['invisible signs', '\u200B\u2060\u3164', false],
  ['blanks of Braille', '\u2800\u2800', false],
  ['dots', '...', false],
  ['a letter', '王', true],
  ['a digit', '3', true],
])('a name of %s', (_, name, says) => expect(saysSomething(foldedLine(name))).toBe(says));

test('the sign of lost letters is found', () =>
  expect([hasLostLetters('测\uFFFD'), hasLostLetters('测试')]).toEqual([true, false]));

test('what was folded once is the same when it is folded again', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }), (one, other) => {
      for (const fold of [foldedIdentity, foldedLine, foldedProse])
        for (const text of [one, other]) expect(fold(fold(text))).toBe(fold(text));
    }),
    { numRuns: 300 },
  );
});

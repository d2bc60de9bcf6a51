import { assertNever } from '../../domain/assert-never.ts';
import { present } from '../../domain/present.ts';
import { refused } from '../../domain/refusals.ts';
import { withoutTurns } from '../../domain/text-direction.ts';
import { isUnreadable } from '../../domain/unreadable.ts';

test.each<[string, object, object]>([
  ['what has a value stays', { item: 'item-1', minor: 5 }, { item: 'item-1', minor: 5 }],
  ['what is undefined is not there', { item: undefined, minor: 5 }, { minor: 5 }],
  ['null is a value', { item: null }, { item: null }],
  ['nought is a value', { minor: 0 }, { minor: 0 }],
  ['no is a value', { onScene: false }, { onScene: false }],
  ['an empty text is a value', { note: '' }, { note: '' }],
])('%s', (_, fields, kept) => {
  expect(present(fields)).toEqual(kept);
  expect(Object.keys(present(fields))).toEqual(Object.keys(kept));
});

test.each([
  ['a Latin name', 'Wang Wei', 'Wang Wei'],
  ['a Chinese name', '王伟', '王伟'],
  ['an Arabic name', 'محمد', 'محمد'],
  ['a name with an override', 'Wang\u202EieW', 'WangieW'],
  ['a name with an embedding', '\u202AWang\u202C', 'Wang'],
  ['a name with isolates', '\u2066Wang\u2069', 'Wang'],
  ['a name with marks', '\u200EWang\u200F\u061C', 'Wang'],
  ['a name with a joiner, which Persian needs', 'می\u200Cخواهم', 'می\u200Cخواهم'],
])('%s cannot turn what follows it', (_, given, kept) => expect(withoutTurns(given)).toBe(kept));

test.each<[string, unknown, boolean]>([
  ['what was never encrypted', { $lipei: 'unreadable', why: 'plaintext' }, true],
  ['what has an unknown key', { $lipei: 'unreadable', why: 'unknown-key' }, true],
  ['what was tampered with', { $lipei: 'unreadable', why: 'tampered' }, true],
  ['what is bound to another workflow', { $lipei: 'unreadable', why: 'bound-elsewhere' }, true],
  ['what is ours and no JSON', { $lipei: 'unreadable', why: 'unsupported' }, true],
  ['another reason', { $lipei: 'unreadable', why: 'because' }, false],
  ['no reason', { $lipei: 'unreadable' }, false],
  ['something of another name', { $lipei: 'readable', why: 'plaintext' }, false],
  ['an act', { kind: 'add-note' }, false],
  ['null', null, false],
  ['a text', 'unreadable', false],
])('%s is unreadable, or is not', (_, value, is) => expect(isUnreadable(value)).toBe(is));

test('a denial has its reason and one sentence', () =>
  expect(refused('role', 'This needs a handler.')).toEqual({
    kind: 'refused',
    reason: 'role',
    sentence: 'This needs a handler.',
  }));

test('what no case handles stops the claim, and says what it was', () => {
  const strange: never[] = JSON.parse('[{"kind":"strange"}]');
  expect.assertions(1);
  for (const each of strange) expect(() => assertNever(each)).toThrow('Nothing handles {"kind":"strange"}');
});

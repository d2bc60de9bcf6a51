import { isMark, isMarkOf, type MarkKind } from '../../domain/people/marks.ts';
import { markingWith } from '../../security/marks.ts';

const mark = markingWith(Buffer.alloc(32, 1));

test.each<[MarkKind, string, string]>([
  ['account', '6222 0200-0000 1111', '6222020000001111'],
  ['account', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
  ['account', '６２２２０２００００００１１１１', '6222020000001111'],
  ['vehicle', '鲁F·12345', '鲁f 12345'],
  ['vehicle', '8ABC-123', '8abc123'],
  ['email', ' Wang@Example.com ', 'wang@example.com'],
  ['telephone', '+8613800138000 ', '+8613800138000'],
])('the %s %s and %s are one', (kind, one, other) => {
  expect(mark(kind, one)).toBe(mark(kind, other));
  expect(isMarkOf(kind, mark(kind, one))).toBe(true);
});

test('a mark says nothing without the secret, and things of different kinds never compare', () => {
  const [account] = [mark('account', '6222020000001111')];
  expect(account).not.toContain('6222');
  expect(markingWith(Buffer.alloc(32, 2))('account', '6222020000001111')).not.toBe(account);
  expect(account.split(':')[1]).not.toBe(mark('telephone', '6222020000001111').split(':')[1]);
});

test('nothing else is a mark', () => {
  for (const value of [undefined, 7, '', 'account:', 'account:6222020000001111', `iban:${'a'.repeat(43)}`])
    expect(isMark(value)).toBe(false);
});

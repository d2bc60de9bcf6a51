import { namesFrom } from '../../../client/cli/staff-names.ts';

const named = namesFrom([
  { code: 'C-301', name: '郭丽娜' },
  { code: 'R.5', name: 'Ana' },
]);

it.each([
  ['a code alone', 'C-301', 'C-301 郭丽娜'],
  ['a code in a sentence', 'assessed by C-301.', 'assessed by C-301 郭丽娜.'],
  ['who has left', 'approved by R.5', 'approved by R.5 Ana'],
  ['a code that has its name', 'C-301 郭丽娜 acts', 'C-301 郭丽娜 acts'],
  ['a longer word', 'LC-301 and C-3012 and C-301-x', 'LC-301 and C-3012 and C-301-x'],
  ['nobody', 'lipei, the bank', 'lipei, the bank'],
])('%s', (_, text, expected) => expect(named(text)).toBe(expected));

it('without anybody texts stay as they are', () => expect(namesFrom([])('C-301')).toBe('C-301'));

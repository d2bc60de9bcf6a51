import { memoized } from '../../domain/memo.ts';

test('what was asked about a value before is answered again without thinking; about another, or beside something else, anew', () => {
  const asked: [object, string][] = [];
  const answer = memoized((value: { name: string }, beside: string) => {
    asked.push([value, beside]);
    return `${value.name} ${beside}`;
  });
  const [one, other] = [{ name: 'one' }, { name: 'other' }];
  expect([
    answer(one, 'a'),
    answer(one, 'a'),
    answer(other, 'a'),
    answer(one, 'b'),
    answer(one, 'b'),
    answer(one, 'a'),
  ]).toEqual(['one a', 'one a', 'other a', 'one b', 'one b', 'one a']);
  expect(asked).toEqual([
    [one, 'a'],
    [other, 'a'],
    [one, 'b'],
    [one, 'a'],
  ]);
});

import { claimsNamedIn } from '../../../domain/claim/claims-named.ts';

test.each([
  ['my claim L7K3M-9Q2X4 please', ['L7K3M-9Q2X4']],
  ['l7k3m-9q2x4', ['L7K3M-9Q2X4']],
  ['Ｌ７Ｋ３Ｍ－９Ｑ２Ｘ４', ['L7K3M-9Q2X4']],
  ['L7K3M 9Q2X4', ['L7K3M-9Q2X4']],
  ['L7K3M9Q2X4。', ['L7K3M-9Q2X4']],
  ['L7K3M–9Q2X4', ['L7K3M-9Q2X4']],
  ['LOK3M-9Q2XO', ['L0K3M-9Q2X0']],
  ['案件L7K3M-9Q2X4什么时候赔付', ['L7K3M-9Q2X4']],
  ['L7K3M-9Q2X4 and L7K3M-9Q2X5', ['L7K3M-9Q2X4', 'L7K3M-9Q2X5']],
  ['no claim at all', []],
  ['XL7K3M-9Q2X4', []],
])('%s names the claims %j', (text, numbers) => {
  expect(claimsNamedIn(text).numbers).toEqual(numbers);
});

test.each([
  ['案件尾号9Q2X4', ['9Q2X4']],
  ['claim ending in 9q2x4.', ['9Q2X4']],
  ['hello, where is my money', []],
  ['9Q2X45', []],
  ['call me at +8613800138000', []],
  ['９Ｑ２ＸO', ['9Q2X0']],
])('%s names the tails %j', (text, tails) => {
  expect(claimsNamedIn(text).tails).toEqual(tails);
});

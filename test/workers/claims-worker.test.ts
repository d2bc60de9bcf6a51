import { cachedClaims } from '../../workers/claims-worker.ts';

const megabyte = 2 ** 20;

test.each([
  [512, 1040],
  [2048, 6160],
  [220, 100],
])(
  'a heap of %i MB keeps %i claims in memory, and one that is too small for any still some',
  (heap, claims) => {
    expect(cachedClaims(heap * megabyte)).toBe(claims);
  },
);

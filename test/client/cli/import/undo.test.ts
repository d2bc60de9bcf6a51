import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLog, ownClaims } from '../../../../client/cli/import/log.ts';
import {
  undoAll,
  type LookAnswer,
  type Undoing,
  type WithdrawalAnswer,
} from '../../../../client/cli/import/undo.ts';
import type { Unavailable } from '../../../../client/cli/import/pace.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
let logs = 0;

/** The log of an import that filed A1, A2 … and was killed while it filed Z. */
function logOf(count: number): string {
  const file = join(directory, `${(logs += 1)}.import.jsonl`);
  const log = openLog(file, { import: 'claims.csv', source: 'test' });
  for (let n = 1; n <= count; n += 1) log.note('filed', { claim: `A${n}`, line: n + 1 });
  log.note('filing', { claim: 'Z', line: count + 2 });
  return file;
}

const undoing = (
  file: string,
  withdraw: (claim: string) => WithdrawalAnswer | Unavailable,
  stop = new AbortController(),
  look: (claim: string) => LookAnswer | Unavailable = () => ({
    kind: 'found',
    noticedAt: '2099-01-01T00:00:00.000Z',
  }),
): Undoing => ({
  withdraw: async (claim) => withdraw(claim),
  look: async (claim) => look(claim),
  waitingTasks: async () => 0,
  waits: () => undefined,
  progress: () => undefined,
  log: openLog(file),
  stop: stop.signal,
});

test('what was filed is withdrawn, what can no longer be stays with its reason, and what never was filed is no concern', async () => {
  const file = logOf(5);
  const undone = await undoAll(
    ownClaims(file),
    undoing(file, (claim) => {
      if (claim === 'Z') return { kind: 'unknown' };
      return claim === 'A3' ? { kind: 'denied', reason: 'it is paid' } : { kind: 'withdrawn' };
    }),
  );
  expect(undone).toEqual({ withdrawn: 4, neverFiled: 1, kept: [{ claim: 'A3', reason: 'it is paid' }] });
  expect(ownClaims(file).map(({ claim }) => claim)).toEqual(['A3']);
});

test.each<[string, string, LookAnswer, string[], string | undefined]>([
  [
    'was filed after it was asked for',
    '"at":"2026-11-24T03:00:00.000Z"',
    { kind: 'found', noticedAt: '2026-11-24T03:00:00.100Z' },
    ['Y'],
    undefined,
  ],
  [
    'was there before',
    '"at":"2026-11-24T03:00:00.000Z"',
    { kind: 'found', noticedAt: '2026-11-24T02:59:00.000Z' },
    [],
    'it was filed before this import asked for it',
  ],
  ['is not there', '"at":"2026-11-24T03:00:00.000Z"', { kind: 'unknown' }, [], undefined],
])(
  'a claim whose answer was lost is looked at first: what %s is treated so',
  async (_, at, seen, expected, reason) => {
    const file = logOf(0);
    writeFileSync(
      file,
      `{"import":"claims.csv","source":"test"}\n{"claim":"Y","line":2,"state":"filing",${at}}\n`,
    );
    const withdrawn: string[] = [];
    const undone = await undoAll(
      ownClaims(file),
      undoing(
        file,
        (claim) => {
          withdrawn.push(claim);
          return { kind: 'withdrawn' };
        },
        new AbortController(),
        () => seen,
      ),
    );
    expect([withdrawn, undone.kept]).toEqual([
      expected,
      reason === undefined ? [] : [{ claim: 'Y', reason: expect.stringContaining(reason) }],
    ]);
  },
);

test('stopped and started again it continues with the rest', async () => {
  const file = logOf(100);
  const stop = new AbortController();
  let asked = 0;
  const some = await undoAll(
    ownClaims(file),
    undoing(
      file,
      () => {
        asked += 1;
        if (asked === 40) stop.abort();
        return { kind: 'withdrawn' };
      },
      stop,
    ),
  );
  expect(some.withdrawn).toBe(asked);
  expect(asked).toBeLessThan(60);
  const rest = await undoAll(
    ownClaims(file),
    undoing(file, () => ({ kind: 'withdrawn' })),
  );
  expect(some.withdrawn + rest.withdrawn).toBe(101);
  expect(ownClaims(file)).toEqual([]);
});

test('a claim that is said to be filed and is not known was filed elsewhere', async () => {
  const file = logOf(1);
  expect(
    (
      await undoAll(
        ownClaims(file),
        undoing(file, () => ({ kind: 'unknown' })),
      )
    ).kept,
  ).toEqual([{ claim: 'A1', reason: expect.stringContaining('another stack') }]);
});

test('while nobody answers it waits and asks again', async () => {
  const file = logOf(3);
  let down = 4;
  expect(
    (
      await undoAll(
        ownClaims(file),
        undoing(file, () => (down-- > 0 ? { kind: 'unavailable', why: 'away' } : { kind: 'withdrawn' })),
      )
    ).withdrawn,
  ).toBe(4);
});

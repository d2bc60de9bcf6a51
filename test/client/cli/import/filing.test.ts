import { getEventListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileAll, type Filing, type FilingAnswer } from '../../../../client/cli/import/filing.ts';
import { openLog, ownClaims } from '../../../../client/cli/import/log.ts';
import type { Mapped, Reject } from '../../../../client/cli/import/notices.ts';
import type { Unavailable } from '../../../../client/cli/import/pace.ts';
import { rejectsFile } from '../../../../client/cli/import/rejects.ts';
import { undoAll } from '../../../../client/cli/import/undo.ts';
import { importLimits } from '../../../../config/import-limits.ts';
import { claimNumber, numbersOf } from '../../../../domain/ids.ts';
import { sameNumber } from '../../../support/notices.ts';
import { temporaryDirectory } from '../../../support/temporary-directory.ts';

const directory = temporaryDirectory();
let logs = 0;
const newLog = (): string => join(directory, `log-${(logs += 1)}.jsonl`);

async function* rows(count: number, from = 1): AsyncGenerator<Mapped> {
  for (let n = from; n < from + count; n += 1)
    yield { kind: 'notice', line: n + 1, notice: { source: 'test', reference: String(n) } };
}

/** An office that takes notices as Lipei does: each once. */
function office(answer: (n: string) => FilingAnswer | Unavailable | undefined = () => undefined) {
  const known = new Set<string>();
  const seen = { atOnce: 0, most: 0, asked: 0 };
  const file: Filing['file'] = async ({ source, reference }) => {
    seen.asked += 1;
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    await new Promise((resolve) => setTimeout(resolve, 1));
    seen.atOnce -= 1;
    const scripted = answer(reference);
    if (scripted) return scripted;
    const claim = claimNumber(source, reference);
    const kind = known.has(claim) ? 'already-filed' : 'filed';
    known.add(claim);
    return { kind, claim };
  };
  return { file, known, seen };
}

function filing(file: Filing['file'], log: string, other: Partial<Filing> = {}) {
  const rejects: Reject[] = [];
  const waits: string[] = [];
  const stop = new AbortController();
  const given: Filing = {
    file,
    waitingTasks: async () => 0,
    log: openLog(log, { import: 'claims.csv', source: 'test' }),
    reject: (each) => void rejects.push(each),
    progress: () => undefined,
    waits: (because) => void waits.push(because),
    columnOf: (field) => `column of ${field}`,
    stop: stop.signal,
    ...other,
  };
  return { given, rejects, waits, stop };
}

test('every row is filed, a few at once; a second run files none; the log knows whose each is', async () => {
  const { file, known, seen } = office();
  const log = newLog();
  const first = filing(file, log);
  expect(await fileAll(rows(50), first.given)).toEqual({
    rows: 50,
    filed: 50,
    alreadyFiled: 0,
    differing: 0,
    rejected: 0,
  });
  expect(seen.most).toBe(importLimits.atOnce);
  expect(await fileAll(rows(60), filing(file, newLog()).given)).toEqual({
    rows: 60,
    filed: 10,
    alreadyFiled: 50,
    differing: 0,
    rejected: 0,
  });
  expect(ownClaims(log)).toHaveLength(50);
  expect(known.size).toBe(60);
});

test('a row that the API denies is reported with its line and stops no other', async () => {
  const { file } = office((n) =>
    n === '7' ? { kind: 'denied', field: 'policy', reason: 'policy is not on record' } : undefined,
  );
  const { given, rejects } = filing(file, newLog());
  expect(await fileAll(rows(20), given)).toEqual({
    rows: 20,
    filed: 19,
    alreadyFiled: 0,
    differing: 0,
    rejected: 1,
  });
  expect(rejects).toEqual([{ line: 8, column: 'column of policy', reason: 'policy is not on record' }]);
});

test('a row that was filed with other content is reported with what differs', async () => {
  const { file } = office((n) =>
    n === '2'
      ? { kind: 'already-filed', claim: 'L7K3M-9Q2X4', differs: ['parties[0].phone', 'items[0].claimed'] }
      : undefined,
  );
  const { given, rejects } = filing(file, newLog());
  expect(await fileAll(rows(3), given)).toMatchObject({
    filed: 2,
    alreadyFiled: 1,
    differing: 1,
    rejected: 0,
  });
  expect(rejects).toEqual([
    {
      line: 3,
      column: 'column of parties[0].phone, column of items[0].claimed',
      reason:
        'Is filed already as L7K3M-9Q2X4. It differs from the claim in parties[0].phone, items[0].claimed; ' +
        'correct that with bin/lipei correct-contact L7K3M-9Q2X4 …, bin/lipei correct-claim L7K3M-9Q2X4 ….',
    },
  ]);
});

test('while nobody answers it waits and asks for the same row again, and says why', async () => {
  let down = 5;
  const { file, known } = office(() =>
    down-- > 0 ? { kind: 'unavailable', why: 'the engine is down' } : undefined,
  );
  const { given, waits } = filing(file, newLog());
  expect(await fileAll(rows(10), given)).toMatchObject({ filed: 10 });
  expect(known.size).toBe(10);
  expect(waits).toContain('the engine is down');
});

test('a row on which Lipei fails every time is rejected, and may be filed another day', async () => {
  const usual = importLimits.failures;
  importLimits.failures = 2;
  const { file } = office((n) =>
    n === '3' ? { kind: 'unavailable', why: 'something went wrong', broken: true } : undefined,
  );
  const { given, rejects } = filing(file, newLog());
  expect(await fileAll(rows(5), given)).toEqual({
    rows: 5,
    filed: 4,
    alreadyFiled: 0,
    differing: 0,
    rejected: 1,
  });
  expect(rejects).toEqual([
    { line: 4, column: '', reason: 'Lipei failed on this row several times: something went wrong' },
  ]);
  importLimits.failures = usual;
});

test('a person who may not file gets a denial at once; requests that have begun are finished', async () => {
  const { file, known } = office();
  const { given } = filing(async (notice) => {
    if (notice.reference === '5') throw new Error('You may not file claims.');
    return file(notice);
  }, newLog());
  await expect(fileAll(rows(1_000), given)).rejects.toThrow('You may not file claims.');
  expect(known.size).toBeLessThan(30);
});

test('an office that is away for long leaves nothing behind in memory', async () => {
  const stop = new AbortController();
  let asked = 0;
  const { given } = filing(
    async () => {
      asked += 1;
      if (asked === 3) stop.abort();
      return { kind: 'unavailable', why: 'away' };
    },
    newLog(),
    { stop: stop.signal },
  );
  expect(await fileAll(rows(1), given)).toEqual({
    rows: 0,
    filed: 0,
    alreadyFiled: 0,
    differing: 0,
    rejected: 0,
  });
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
});

test('it holds back while the workers have more to do than they get done', async () => {
  const backlog = [importLimits.waitingTasks + 1, importLimits.waitingTasks];
  const { file, seen } = office();
  let askedMeanwhile = -1;
  const waitingTasks = async () => {
    if (backlog.length === 1) askedMeanwhile = seen.asked;
    return backlog.shift() ?? 0;
  };
  const { given, waits } = filing(file, newLog(), { waitingTasks });
  expect(await fileAll(rows(10), given)).toMatchObject({ filed: 10 });
  expect(askedMeanwhile).toBe(0);
  expect(waits).toEqual([`${importLimits.waitingTasks + 1} tasks wait for the workers`]);
});

test('stopped, it finishes its requests; started again, it continues, and owns all claims', async () => {
  const { file, known } = office();
  const log = newLog();
  const first = filing(async (notice) => {
    if (known.size === 12) first.stop.abort();
    return file(notice);
  }, log);
  const before = await fileAll(rows(100), first.given);
  expect(before.rows).toBe(before.filed);
  expect(before.filed).toBe(known.size);
  expect(before.filed).toBeLessThan(100);
  expect(await fileAll(rows(100), filing(file, log).given)).toEqual({
    rows: 100,
    filed: 100 - before.filed,
    alreadyFiled: before.filed,
    differing: 0,
    rejected: 0,
  });
  expect(ownClaims(log)).toHaveLength(100);
});

test('the time of filing separates a lost answer from another import’s row', async () => {
  const { file } = office();
  const lost = new Set(['2']);
  const log = newLog();
  await fileAll(rows(1), filing(file, newLog()).given); // row 1 is another import's
  const noticed = new Map<string, string>([
    [claimNumber('test', '1'), new Date(Date.now() - 1).toISOString()],
  ]);
  const { given } = filing(async (notice) => {
    const answer = await file(notice);
    if (answer.kind === 'filed') noticed.set(answer.claim, new Date().toISOString());
    return lost.delete(notice.reference) ? { kind: 'unavailable', why: 'the answer was lost' } : answer;
  }, log);
  given.log.note('filing', { claim: claimNumber('test', '1'), line: 2 }); // an earlier run, that was killed
  expect(await fileAll(rows(3), given)).toMatchObject({ filed: 1, alreadyFiled: 2 });
  const withdrawn: string[] = [];
  const undone = await undoAll(ownClaims(log), {
    ...given,
    look: async (claim) => ({ kind: 'found', noticedAt: noticed.get(claim) ?? '' }),
    withdraw: async (claim) => {
      withdrawn.push(claim);
      return { kind: 'withdrawn' };
    },
    progress: () => undefined,
  });
  expect(withdrawn.toSorted()).toEqual(['2', '3'].map((n) => claimNumber('test', n)).toSorted());
  expect(undone.kept).toEqual([
    { claim: claimNumber('test', '1'), reason: expect.stringContaining('before this import asked') },
  ]);
});

test('undo withdraws a claim under the number that Lipei gave it, and never the one that has the number that it would have had', async () => {
  const [theirs, ours] = sameNumber[0] ?? [];
  const [taken, next = ''] = numbersOf(ours?.source ?? '', ours?.reference ?? '');
  const log = newLog();
  const both = async function* (): AsyncGenerator<Mapped> {
    for (const [index, name] of [theirs, ours, theirs].entries())
      yield { kind: 'notice', line: index + 2, notice: { source: '', reference: '', ...name } };
  };
  const filed = new Map<string, string>([[theirs?.reference ?? '', taken ?? '']]);
  const { given } = filing(async ({ reference }) => {
    const known = filed.get(reference);
    if (!known) filed.set(reference, next);
    return { kind: known ? 'already-filed' : 'filed', claim: known ?? next };
  }, log);
  expect(await fileAll(both(), given)).toMatchObject({ filed: 1, alreadyFiled: 2 });
  expect(ownClaims(log)).toMatchObject([{ claim: next, certain: true }]);
});

test('rejects are a table that a spreadsheet opens safely, written anew by each run', () => {
  const file = join(directory, 'rejects.csv');
  const reject = rejectsFile(file);
  reject({ line: 3, column: 'Item', reason: '=1+1 is a formula, "quoted"' });
  reject({ line: 4, column: '', reason: 'cut off' });
  expect(readFileSync(file, 'utf8')).toBe(
    '\uFEFFline,column,reason\n3,Item,"\'=1+1 is a formula, ""quoted"""\n4,,cut off\n',
  );
  rejectsFile(file);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

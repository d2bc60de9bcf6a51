import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { connectClaims, type Claims } from '../../../client/engine/claims.ts';
import { denialIn, endedMeanwhile, isPassing } from '../../../client/engine/faults.ts';
import { numbersOf, workflowIdOf } from '../../../domain/ids.ts';
import { freePort } from '../../../local/processes/ports.ts';
import { dataConverter } from '../../../security/data-converter.ts';
import { signStatement } from '../../../security/signing.ts';
import { aNotice, sameNumber } from '../../support/notices.ts';
import { testKeyring, testRoots, testSigning } from '../../support/test-keyring.ts';
import { openOffice, until, type Office } from '../api/office.ts';

let office: Office;
let claims: Claims;

beforeAll(async () => {
  office = await openOffice({ runEvents: 30 });
  claims = connect(office.engine);
});
afterAll(async () => {
  await claims.close();
  await office.close();
});

test('what many people send at once is taken, each exactly once', async () => {
  const { body } = await office.ask('H-101', 'POST', '/claims', aNotice());
  const acts = Array.from({ length: 40 }, (_, index) => recordCall(body.claim, `call-${index}`));
  expect((await Promise.all(acts)).map(({ status, text }) => [status, status === 200 ? '' : text])).toEqual(
    acts.map(() => [200, '']),
  );
  expect(
    await office.database.journalEntry.count({ where: { claim: body.claim, kind: 'call-recorded' } }),
  ).toBe(40);
});

test('each message that is sent while a claim continues from run to run is taken exactly once', async () => {
  const { body } = await office.ask('H-101', 'POST', '/claims', aNotice());
  // A claim starts a new run when nothing is in progress.
  const acts = Array.from({ length: 20 }, async (_, index) => {
    await pause(index * 100);
    return recordCall(body.claim, `call-${index}`);
  });
  expect((await Promise.all(acts)).map(({ status, text }) => [status, status === 200 ? '' : text])).toEqual(
    acts.map(() => [200, '']),
  );
  expect(
    await office.database.journalEntry.count({ where: { claim: body.claim, kind: 'call-recorded' } }),
  ).toBe(20);
  const { firstRun, latestRun } = await until(
    () => runsOf(body.claim),
    (runs) => runs.latestRun !== runs.firstRun,
  );
  expect(latestRun).not.toBe(firstRun);
});

const mayBeSentAgain = (fault: unknown): boolean => isPassing(fault) || endedMeanwhile(fault);

test('a claim with so many messages that the engine rejects some answers each and stays sound', async () => {
  const { body } = await office.ask('H-101', 'POST', '/claims', aNotice());
  const connection = await Connection.connect({ address: office.engine });
  const claim = new Client({
    connection,
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
  }).workflow.getHandle(workflowIdOf(body.claim));
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      claim
        .executeUpdate('record-call', {
          args: [{ id: `typed-${index}`, party: 'party-1', outcome: 'reached' }],
          updateId: `typed-${index}`,
        })
        .catch((fault: unknown) => denialIn(fault) ?? (mayBeSentAgain(fault) ? 'again' : fault)),
    ),
  );
  await connection.close();
  // The engine takes ten at a time; what it turns away is sent again.
  const denied = expect.objectContaining({ kind: 'denied', reason: 'no-proof' });
  expect(answers.filter((answer) => answer !== 'again')).toEqual(
    expect.arrayContaining(Array.from({ length: 10 }, () => denied)),
  );
  expect(answers).toEqual(answers.map((answer) => (answer === 'again' ? 'again' : denied)));
  expect((await recordCall(body.claim, 'afterwards')).status).toBe(200);
});

test('a claim that nobody filed is unknown, whatever is sent to it', async () => {
  expect(
    await claims.act('LZZZZ-ZZZZZ', 'cancel-withdrawal', message('LZZZZ-ZZZZZ', 'cancel-withdrawal')),
  ).toEqual({
    kind: 'unknown',
  });
  expect(
    await claims.report('LZZZZ-ZZZZZ', 'bank-confirmed', message('LZZZZ-ZZZZZ', 'bank-confirmed')),
  ).toEqual({ kind: 'unknown' });
  expect(await claims.state('LZZZZ-ZZZZZ')).toEqual({ kind: 'unknown' });
});

test('a notice that the worker rejects is filed, not opened, with a reason; it takes no more', async () => {
  const filed = await claims.file(aNotice({ place: '' }));
  const claim = 'claim' in filed ? filed.claim : '';
  expect(await claims.state(claim)).toEqual({
    kind: 'not-opened',
    sentence: expect.stringContaining('place'),
  });
  expect(await claims.act(claim, 'cancel-withdrawal', message(claim, 'cancel-withdrawal'))).toEqual({
    kind: 'ended',
  });
});

test('a number that the records give to another notice is skipped; the notice keeps its own', async () => {
  const [theirs, ours] = (sameNumber[0] ?? []).map((name) => aNotice(name));
  const [taken = '', next = ''] = numbersOf(ours?.source ?? '', ours?.reference ?? '');
  // Closed long ago: the engine no longer knows it.
  await office.database.notice.create({
    data: {
      claim: taken,
      source: theirs?.source ?? '',
      reference: theirs?.reference ?? '',
      party: 'party-1',
      sealed: 'sealed',
      at: new Date(),
    },
  });
  expect(await claims.file(ours ?? aNotice())).toEqual({ kind: 'filed', claim: taken });
  expect(
    await until(
      () => claims.state(next),
      ({ kind }) => kind === 'found',
    ),
  ).toMatchObject({ claim: { number: next } });
  expect(await claims.file(ours ?? aNotice())).toEqual({ kind: 'already-filed', claim: next });
  expect(await office.database.party.count({ where: { claim: taken } })).toBe(0);
});

test('where nobody can find out which notice a claim belongs to, the filing fails', async () => {
  const notice = aNotice();
  const [number = ''] = numbersOf(notice.source, notice.reference);
  const connection = await Connection.connect({ address: office.engine });
  const unreadable = await new Client({ connection }).workflow.start('claim', {
    workflowId: workflowIdOf(number),
    taskQueue: 'nobody works here',
    args: [notice],
  });
  expect(await claims.file(notice)).toEqual({
    kind: 'unavailable',
    why: `it cannot be found out which notice claim ${number} belongs to`,
  });
  await unreadable.terminate();
  await connection.close();
});

test('a claim without a worker is being opened, and a message may still arrive', async () => {
  const idle = connect(office.engine, {
    taskQueue: 'nobody works here',
    lookWithinMs: 1_500,
    actWithinMs: 1_500,
  });
  const filed = await idle.file(aNotice(), { summary: 'motor claim' });
  const claim = 'claim' in filed ? filed.claim : '';
  expect(await idle.act(claim, 'cancel-withdrawal', message(claim, 'cancel-withdrawal'))).toEqual({
    kind: 'unavailable',
    why: 'no answer in time',
  });
  expect(['opening', 'unavailable']).toContain((await idle.state(claim)).kind);
  await idle.close();
});

test('an unreachable engine is reported soon', async () => {
  const nowhere = connect(`127.0.0.1:${await freePort()}`, { lookWithinMs: 1_000, actWithinMs: 1_000 });
  const started = Date.now();
  const answers = await Promise.all([
    nowhere.file(aNotice()),
    nowhere.act('LZZZZ-ZZZZZ', 'cancel-withdrawal', message('LZZZZ-ZZZZZ', 'cancel-withdrawal')),
    nowhere.state('LZZZZ-ZZZZZ'),
    nowhere.report('LZZZZ-ZZZZZ', 'bank-returned', message('LZZZZ-ZZZZZ', 'bank-returned')),
  ]);
  expect(answers.map(({ kind }) => kind)).toEqual([
    'unavailable',
    'unavailable',
    'unavailable',
    'unavailable',
  ]);
  expect([await nowhere.isReachable(), await claims.isReachable()]).toEqual([false, true]);
  expect(Date.now() - started).toBeLessThan(8_000);
  await nowhere.close();
});

/** A message that no claim takes in these tests. */
const message = (claim: string, act: string) => {
  const id = randomUUID();
  const at = new Date().toISOString();
  return {
    id,
    proof: signStatement(testSigning, { claim, act, id, at, by: { kind: 'system' }, fields: {} }),
  };
};

const recordCall = (claim: string, id: string) =>
  office.ask(
    'C-301',
    'POST',
    `/claims/${claim}/acts/record-call`,
    { party: 'party-1', outcome: 'reached' },
    { 'idempotency-key': id },
  );

const connect = (address: string, options: Partial<Parameters<typeof connectClaims>[0]> = {}): Claims =>
  connectClaims({
    connection: { address },
    namespace: 'default',
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
    ...options,
  });

async function runsOf(claim: string): Promise<{ firstRun: string | null | undefined; latestRun: string }> {
  const connection = await Connection.connect({ address: office.engine });
  const { runId, raw } = await new Client({
    connection,
    dataConverter: dataConverter(testKeyring(), { roots: testRoots }),
  }).workflow
    .getHandle(workflowIdOf(claim))
    .describe();
  await connection.close();
  return { latestRun: runId, firstRun: raw.workflowExecutionInfo?.firstRunId };
}

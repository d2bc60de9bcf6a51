import { renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { claimQuery } from '../../workflows/contract.ts';
import { aNotice } from '../support/notices.ts';
import { openStage, pause, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { files, kindsOf, survey } from '../support/steps.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const folder = temporaryDirectory();
const name = relative(join(projectRoot, 'config', 'rules'), folder);
const fileOf = (version: number): string => join(folder, `motor-CN@${version}.json`);
const release = (version: number): void =>
  writeFileSync(fileOf(version), JSON.stringify({ extends: 'ordinary/motor-CN@1', name, version }));

let stage: Stage;
beforeAll(async () => {
  release(1);
  stage = await openStage({ runEvents: 100_000, pack: name });
});
afterAll(() => stage.close());

/** What the Temporal UI filters by. */
async function problemShown(claim: ClaimOnStage): Promise<unknown> {
  const { raw } = await claim.handle.describe();
  const data = raw.workflowExecutionInfo?.searchAttributes?.indexedFields?.['ClaimProblem']?.data;
  return data?.length ? (JSON.parse(Buffer.from(data).toString()) ?? undefined) : undefined;
}

const problemsOf = async (claim: ClaimOnStage) => (await claim.handle.query(claimQuery))?.problems ?? [];

test('a rule pack that the workers lack stops the claims under it, which say so, and no others; with its file back they go on', async () => {
  const old = await files(stage);
  release(2);
  const young = await files(stage);
  for (const claim of [old, young]) await claim.until('told', ({ outbox }) => outbox.length === 0);
  expect([(await old.state()).pack.version, (await young.state()).pack.version]).toEqual([1, 2]);

  renameSync(fileOf(1), `${fileOf(1)}.away`);
  await old.handle.signal('documentArrived', {
    id: 'x',
    document: 'driving-licence',
    attachment: 'a'.repeat(64),
  });
  for (let waits = 0; (await problemsOf(old)).length === 0 && waits < 40; waits += 1) {
    await stage.env.sleep('1 minute');
    await pause(30);
  }
  expect(await problemsOf(old)).toMatchObject([
    { id: 'rules:entries', what: `a worker cannot read the rule pack ${name}/motor-CN@1` },
  ]);
  await survey(young);
  expect(await kindsOf(young)).toContain('survey-reported');

  renameSync(`${fileOf(1)}.away`, fileOf(1));
  expect(await old.does('O-951', 'retry', { problem: 'rules' })).toMatchObject({ kind: 'recorded' });
  await survey(old);
  expect(await kindsOf(old)).toEqual(
    expect.arrayContaining(['problem-raised', 'problem-solved', 'survey-reported']),
  );
  for (const claim of [old, young]) await claim.does('C-301', 'withdraw');
});

test('a rule pack that is wrong is said to be so as one that is missing is, and by its name before the claim is open', async () => {
  writeFileSync(
    fileOf(3),
    JSON.stringify({ extends: 'ordinary/motor-CN@1', name, version: 3, ladders: { survey: [] } }),
  );
  const notice = aNotice();
  const number = claimNumber(notice.source, notice.reference);
  await stage.client.workflow.start('claim', {
    workflowId: workflowIdOf(number),
    taskQueue: 'claims',
    args: [notice],
  });
  const claim = stage.claimOf(number);
  for (let waits = 0; (await problemShown(claim)) === undefined && waits < 40; waits += 1) {
    await stage.env.sleep('1 minute');
    await pause(30);
  }
  expect(await problemShown(claim)).toBe(`a worker cannot read the rule pack ${name}/motor-CN@3`);
  release(3);
  expect(
    await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until('told', ({ outbox }) => outbox.length === 0);
  expect((await claim.state()).pack.version).toBe(3);
  await claim.does('C-301', 'withdraw');
});

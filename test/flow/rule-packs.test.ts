import { cpSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { houseRules, openRuleBook } from '../../config/rules/load.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { claimQuery } from '../../workflows/contract.ts';
import { aNotice } from '../support/notices.ts';
import { openStage, pause, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { files, kindsOf, survey } from '../support/steps.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** The project's rules; motor claims have ladders of this test's own, in versions that it writes. */
const folder = temporaryDirectory();
const { ladders } = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'any-hour' });
const fileOf = (version: number): string => join(folder, 'ladders', `tested@${version}.json`);

function writeLadders(version: number, surveyDays: number): void {
  const late = [{ after: `P${surveyDays}D`, do: 'escalate', to: 'handler' }];
  writeFileSync(fileOf(version), JSON.stringify({ ladders: { ...ladders, survey: late } }));
}

let stage: Stage;
beforeAll(async () => {
  cpSync(join(projectRoot, 'rules'), folder, { recursive: true });
  const [motor] = houseRules.compositions();
  writeFileSync(join(folder, 'compositions.json'), JSON.stringify([{ ...motor, ladders: ['tested'] }]));
  writeLadders(1, 2);
  stage = await openStage({ runEvents: 100_000, rules: openRuleBook(folder) });
});
afterAll(() => stage.close());

/** What the Temporal UI filters by. */
async function problemShown(claim: ClaimOnStage): Promise<unknown> {
  const { raw } = await claim.handle.describe();
  const data = raw.workflowExecutionInfo?.searchAttributes?.indexedFields?.['ClaimProblem']?.data;
  return data?.length ? (JSON.parse(Buffer.from(data).toString()) ?? undefined) : undefined;
}

const problemsOf = async (claim: ClaimOnStage) => (await claim.handle.query(claimQuery))?.problems ?? [];

/** Days from the notice until somebody is notified that the survey is late. */
async function daysToSurvey(claim: ClaimOnStage): Promise<number> {
  const { expectations } = await claim.state();
  const waiting = expectations.find(({ id }) => id === 'survey');
  return Math.round((Date.parse(waiting?.next.at ?? '') - Date.parse(waiting?.since ?? '')) / 86_400_000);
}

async function waitFor(isSo: () => Promise<boolean>): Promise<void> {
  for (let waits = 0; !(await isSo()) && waits < 40; waits += 1) {
    await stage.env.sleep('1 minute');
    await pause(30);
  }
}

test('a claim keeps the ladder it was opened under when a new version comes, which new claims get; where its part is missing, it says so and waits, and no other claim does', async () => {
  const old = await files(stage);
  writeLadders(2, 5);
  const young = await files(stage);
  for (const claim of [old, young]) await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect((await old.state()).rules.ladders).toEqual(['tested@1']);
  expect((await young.state()).rules.ladders).toEqual(['tested@2']);
  expect([await daysToSurvey(old), await daysToSurvey(young)]).toEqual([2, 5]);

  renameSync(fileOf(1), `${fileOf(1)}.away`);
  await old.handle.signal('document-arrived', {
    id: 'x',
    document: 'driving-licence',
    attachment: 'a'.repeat(64),
  });
  await waitFor(async () => (await problemsOf(old)).length > 0);
  expect(await problemsOf(old)).toMatchObject([
    { id: 'rules:entries', what: 'a worker cannot read the rules ladders/tested@1' },
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

test('a part that is wrong is named before the claim is open, and once it is fixed the claim opens', async () => {
  writeFileSync(fileOf(3), JSON.stringify({ ladders: { survey: [] } }));
  const notice = aNotice();
  const number = claimNumber(notice.source, notice.reference);
  await stage.client.workflow.start('claim', {
    workflowId: workflowIdOf(number),
    taskQueue: 'claims',
    args: [notice],
  });
  const claim = stage.claimOf(number);
  await waitFor(async () => (await problemShown(claim)) !== undefined);
  expect(await problemShown(claim)).toBe('a worker cannot read the rules ladders/tested@3');
  writeLadders(3, 7);
  expect(
    await claim.handle.executeUpdate('retry', { args: [await claim.signs('O-951', 'retry')] }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect((await claim.state()).rules.ladders).toEqual(['tested@3']);
  await claim.does('C-301', 'withdraw');
});

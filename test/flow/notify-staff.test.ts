import { keepNotifyingStaff } from '../../client/engine/staff-mail.ts';
import { staffMailId } from '../../workflows/contract.ts';
import { keepWaiting } from '../support/waiting.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const run = async (): Promise<string> =>
  (await stage.client.workflow.getHandle(staffMailId).describe()).runId;
const mails = (): string[] => stage.email.sent.map(({ to }) => to.address);

test('one workflow notifies staff however many workers ask for it, over its runs and a termination', async () => {
  const kept = { handler: 'C-301', surveyor: 'S-201', now: new Date().toISOString() };
  await keepWaiting(stage.database, { claim: 'L7K3M-AAAAA', ...kept }, [{ since: -1 }]);
  await Promise.all([1, 2, 3].map(() => keepNotifyingStaff(stage.client)));
  const first = await run();
  await stage.passes('2 minutes');
  expect(mails()).toEqual(['c-301@staff.example']);
  await stage.passes('70 minutes');
  const next = await run();
  expect(next).not.toBe(first);
  await keepNotifyingStaff(stage.client);
  expect(await run()).toBe(next);

  await stage.client.workflow.getHandle(staffMailId).terminate('by a person');
  await keepNotifyingStaff(stage.client);
  expect(await run()).not.toBe(next);
  await stage.passes('3 minutes');
  expect(mails()).toEqual(['c-301@staff.example']);
});

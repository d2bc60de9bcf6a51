import { keepNotifyingStaff } from '../../client/engine/staff-mail.ts';
import { staffMailId } from '../../workflows/contract.ts';
import { openStage, type Stage } from '../support/stage.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const run = async (): Promise<string> =>
  (await stage.client.workflow.getHandle(staffMailId).describe()).runId;
const mails = (): string[] => stage.email.sent.map(({ to }) => to.address);

async function waits(claim: string): Promise<void> {
  const [since, due] = [new Date(Date.now() - 3_600_000), new Date(Date.now() + 3_600_000)];
  await stage.database.claim.create({
    data: {
      number: claim,
      line: 'motor',
      jurisdiction: 'CN',
      branch: 'longkou',
      stage: 'assess',
      stageSince: since,
      handler: 'C-301',
      surveyor: 'S-201',
      urgency: 'normal',
      claimedMinor: 500_000,
      currency: 'CNY',
      openedAt: since,
      lastContactAt: since,
      openLastContactAt: since,
      seq: 1,
      state: {},
      expectations: {
        create: {
          id: 'assess:item-1',
          from: 'handler',
          what: 'assess',
          since,
          due,
          nextDo: 'remind',
          nextAt: due,
          rung: 0,
          branch: 'longkou',
        },
      },
    },
  });
}

test('one workflow notifies staff however many workers ask for it, over its runs and a termination', async () => {
  await waits('L7K3M-AAAAA');
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

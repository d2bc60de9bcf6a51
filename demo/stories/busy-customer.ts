import type { Scene } from '../scene.ts';
import { closes, settle } from '../bank-settlement.ts';
import type { Story } from '../story-runner.ts';
import { documentsIn, secondsBetween, sentOf } from '../sent-notifications.ts';
import { eventually, expect } from '../waiting.ts';

const licence = 'document:claim:driving-licence';
const determination = 'document:claim:police-determination';

/** "Busy, will go Friday": seconds until Friday. */
const fridayInSeconds = 5;

/**
 * Two cars. The licence could come at once, the police determination cannot; then the customer has no time
 * (S2).
 */
export const busyCustomer: Story = {
  name: 'busy customer',
  notice: 'busy-customer',
  ends: 'paid',
  async play(scene) {
    await askedOnce(scene);
    await scene.as(scene.cast.surveyor).act(scene.number, 'report-survey', {
      onScene: true,
      findings: '两车前部和侧面剐蹭，与报案所述一致。',
    });
    await licenceIsChased(scene);
    await policeAreGivenTime(scene);
    await busyTillFriday(scene);
    await brokenPromise(scene);
    await determinationComes(scene);
    await settle(scene, 'item-1', '3200.00');
    await settle(scene, 'item-2', '2600.00');
    await closes(scene, 'paid');
  },
};

/** Everything that the customer owes is asked for in one notification, on two channels (S5, S27). */
async function askedOnce(scene: Scene): Promise<void> {
  const acknowledgements = await eventually('an acknowledgement', 10, async () => {
    const found = await sentOf(scene, 'acknowledgement');
    return found.length > 0 && found;
  });
  expect(
    'one acknowledgement by SMS and by email',
    acknowledgements.map(({ seq, channel }) => `${seq} ${channel}`).join() === '1 sms,1 email',
  );
  expect(
    'it lists everything that is missing at once',
    ['driving-licence', 'police-determination'].every((kind) =>
      acknowledgements.every((message) => documentsIn(message).includes(kind)),
    ),
  );
  await scene.reached('one notification lists everything that is missing');
}

async function licenceIsChased(scene: Scene): Promise<void> {
  const asked = await scene.entry(
    'the licence is waited for',
    'expectation-opened',
    ({ expectation }) => expectation.id === licence,
  );
  const chased = await scene.entry(
    'the licence is chased',
    'rung-taken',
    ({ expectation, did }) => expectation === licence && did === 'chase',
  );
  const days = secondsBetween(asked.at, chased);
  expect(`the licence is chased after three days; it was after ${days.toFixed(1)}`, days >= 3 && days < 7);
  const reminders = await sentOf(scene, 'documents-reminder');
  expect(
    'nobody is chased for what the police cannot have made yet',
    reminders.every((message) => !documentsIn(message).includes('police-determination')),
  );
  await scene.reached('the licence is chased after three days, the police determination is not');
  await scene.brings('driving-licence');
  await scene.brings('repair-invoice', 'item-2');
}

async function policeAreGivenTime(scene: Scene): Promise<void> {
  const { expectation } = await scene.entry(
    'the determination is waited for',
    'expectation-opened',
    (entry) => entry.expectation.id === determination,
  );
  const first = await scene.entry(
    'the determination is chased',
    'rung-taken',
    (entry) => entry.expectation === determination,
  );
  expect('the police have their thirteen days first', first.at > (expectation.notBefore ?? first.at));
  await scene.reached(`nothing before the police clock had run; then the customer is chased by SMS`);
  const channels = await eventually('SMS, then email', 15, async () => {
    const about = (await sentOf(scene, 'documents-reminder')).filter((message) =>
      documentsIn(message).includes('police-determination'),
    );
    return about.length >= 2 && about.map(({ channel }) => channel);
  });
  expect(`first SMS, then email; it was ${channels.join(', ')}`, channels.join() === 'sms,email');
}

async function busyTillFriday(scene: Scene): Promise<void> {
  const { as, cast, number } = scene;
  const customer = (await scene.claim()).parties.find(({ role }) => role === 'policyholder')?.id ?? '';
  await eventually('the call is on the handler’s list', 15, async () =>
    (await as(cast.handler).work(1000)).all.some(
      ({ claim, what }) => claim === number && what.startsWith('call'),
    ),
  );
  await scene.reached('a call is on the handler’s list');
  const promised = new Date(Date.now() + fridayInSeconds * 1_000).toISOString();
  await as(cast.handler).act(number, 'record-call', {
    party: customer,
    outcome: 'busy-will-go-later',
    promised,
    documents: ['police-determination'],
  });
  scene.say(`${cast.handler} calls. “Busy”, says the customer, “I’ll do it on Friday.”`);
  const promise = await scene.entry(
    'the promise pauses the ladder',
    'promised',
    ({ expectation }) => expectation === determination,
  );
  const next = await scene.entry(
    'the next rung',
    'rung-taken',
    ({ expectation, seq }) => expectation === determination && seq > promise.seq,
  );
  expect('nothing happens before Friday', next.at >= promise.promised);
  await scene.reached('the determination is left alone until Friday');
}

async function brokenPromise(scene: Scene): Promise<void> {
  const { as, cast, number } = scene;
  await scene.entry(
    'the supervisor is notified',
    'rung-taken',
    ({ expectation, did, to }) => expectation === determination && did === 'escalate' && to === 'supervisor',
  );
  await scene.reached('Friday passed without it: it is escalated to the supervisor');
  // The read model shows it a moment before the claim itself knows of it.
  const { notification } = await scene.entry(
    'a formal letter',
    'notification-ended',
    (entry) => entry.notification.endsWith('-letter'),
    40,
  );
  await as(cast.operations).act(number, 'post-letter', { notification });
  await scene.reached('the formal letter is written and posted');
}

async function determinationComes(scene: Scene): Promise<void> {
  await scene.brings('police-determination');
  const { waitingOn } = await scene.until(
    'the claim waits only for people’s steps',
    (claim) => claim.stage === 'assess',
  );
  expect(
    'the ladder has stopped, and the escalation with it',
    waitingOn.every(({ what }) => !what.includes('police-determination')),
  );
  await scene.reached('the document arrived: its ladder and its escalation ended by themselves');
}

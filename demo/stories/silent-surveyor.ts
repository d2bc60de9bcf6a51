import { closes, settle } from '../bank-settlement.ts';
import { dayIn } from '../../config/today.ts';
import { samplePeople } from '../../local/sample-company.ts';
import type { Scene } from '../scene.ts';
import type { Story } from '../story-runner.ts';
import { mailsToStaff } from '../staff-mails.ts';
import { eventually, expect } from '../waiting.ts';

/** As the templates say it to staff who read Chinese. */
const stalledSurvey = '跟进停滞事项“查勘”';

const isAboutSurvey = ({ what }: { what: string }): boolean => what === 'stalled: survey';

/**
 * The survey is late: handler, supervisor and manager are notified one after the other, each once. The
 * surveyor is ill, and their deputy surveys in their place.
 */
export const silentSurveyor: Story = {
  name: 'silent surveyor',
  notice: 'silent-surveyor',
  ends: 'paid',
  async play(scene) {
    const { as, cast, number } = scene;
    await as(cast.hotline).act(number, 'add-note', { note: '客户电话询问查勘时间，已答复尽快联系。' });
    const { waitingOn } = await scene.until(
      'handler, supervisor and manager have the late survey on their lists',
      (claim) => claim.waitingOn.filter(isAboutSurvey).length >= 3,
    );
    const escalated = waitingOn
      .filter(isAboutSurvey)
      .toSorted((one, other) => (one.since < other.since ? -1 : 1));
    const roles = escalated.map(({ from }) => from).join();
    expect(`in turn, each once; it was ${roles}`, roles === 'handler,supervisor,manager');
    await scene.reached(
      'the handler, the supervisor and the manager have it on their lists, in turn, each once',
    );
    const mail = await eventually('the manager gets a mail about it', 30, async () =>
      (await mailsToStaff(scene)).find(
        ({ text }) => text.includes(cast.manager) && text.includes(stalledSurvey),
      ),
    );
    scene.say(
      `✉ ${cast.manager} reads: ${mail.text.split('\n').find((line) => line.includes(stalledSurvey)) ?? ''}`,
    );
    await scene.reached('the manager was notified by one mail with all of their new work');

    const deputy = await fallsIll(scene);
    await as(deputy).act(number, 'report-survey', {
      onScene: true,
      findings: 'Right front door and mirror scraped by a tree.',
    });
    await as(cast.supervisor).setBack(cast.surveyor, {});
    const after = await scene.until('the survey is done', ({ stage }) => stage !== 'survey');
    expect(
      'nobody waits for the survey any more',
      after.waitingOn.every(({ what }) => !what.includes('survey')),
    );
    await scene.reached('the survey came, and the escalations ended by themselves');

    await scene.brings('driving-licence');
    await scene.brings('self-negotiated-agreement');
    await settle(scene, 'item-1', '2000.00');
    await closes(scene, 'paid');
    expect(
      'nobody was notified of it twice',
      (await mailsToStaff(scene)).filter(
        ({ text }) => text.includes(cast.manager) && text.includes(stalledSurvey),
      ).length === 1,
    );
  },
};

/** The supervisor records the absence; gives the deputy, who has the survey now. */
async function fallsIll({ as, cast, number, ...scene }: Scene): Promise<string> {
  const { deputies = [], timeZone = 'UTC' } = samplePeople().find(({ code }) => code === cast.surveyor) ?? {};
  const [deputy = ''] = deputies;
  const today = dayIn(timeZone, new Date().toISOString());
  await as(cast.supervisor).setAbsent(cast.surveyor, { from: today, until: today });
  scene.say(`${cast.supervisor} finds out: surveyor ${cast.surveyor} is ill. The absence is recorded.`);
  await eventually('the deputy has the survey', 15, async () =>
    (await as(deputy).work(1000)).all.some(({ claim, what }) => claim === number && what === 'survey'),
  );
  await scene.reached(`the survey is on the list of the deputy, ${deputy}, with its dates as they were`);
  return deputy;
}

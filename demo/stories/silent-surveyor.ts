import { closes, settle } from '../bank-settlement.ts';
import type { Story } from '../story-runner.ts';
import { sentOf } from '../sent-notifications.ts';
import { eventually, expect } from '../waiting.ts';

/** The survey is late: handler, supervisor and manager are notified one after the other, each once. */
export const silentSurveyor: Story = {
  name: 'silent surveyor',
  notice: 'silent-surveyor',
  ends: 'paid',
  async play(scene) {
    const { as, cast, number } = scene;
    await as(cast.hotline).act(number, 'add-note', { note: '客户电话询问查勘时间，已答复尽快联系。' });
    const notified = await eventually(
      'handler, supervisor and manager are notified of the late survey',
      30,
      async () => {
        const aboutSurvey = (await sentOf(scene, 'escalation')).filter(
          ({ facts }) => facts.stalled?.what === 'survey',
        );
        return aboutSurvey.length >= 3 && aboutSurvey;
      },
    );
    const recipients = notified.map(({ to }) => {
      if ('role' in to) return to.role;
      return 'staff' in to && to.staff === cast.handler ? 'handler' : 'somebody else';
    });
    expect(
      `notified in turn, each once; it was ${recipients.join(', ')}`,
      recipients.join() === 'handler,supervisor,manager',
    );
    const { waitingOn } = await scene.claim();
    expect(
      'each has it on the list',
      ['handler', 'supervisor', 'manager'].every((role) =>
        waitingOn.some(({ from, what }) => from === role && what === 'stalled: survey'),
      ),
    );
    await scene.reached('the handler, the supervisor and the manager were notified in turn, each once');

    await as(cast.surveyor).act(number, 'report-survey', {
      onScene: true,
      findings: 'Right front door and mirror scraped by a tree.',
    });
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
      'nobody was notified twice',
      (await sentOf(scene, 'escalation')).filter(({ facts }) => facts.stalled?.what === 'survey').length ===
        3,
    );
  },
};

import { createTransport } from 'nodemailer';
import { startMailbox } from '../../local/servers/mailbox.ts';
import { freePort } from '../../local/processes/ports.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('an email that was sent can be read, also after a restart', async () => {
  const where = { smtpPort: await freePort(), webPort: await freePort(), dataDir: temporaryDirectory() };
  const first = await startMailbox(where);
  await createTransport(first.smtpUrl).sendMail({
    from: 'claims@lipei.example',
    to: 'customer@example.com',
    subject: '理赔进度',
    text: '一',
  });
  await first.stop();

  const second = await startMailbox(where);
  const mails = await fetch(`${second.webUrl}/api/email`).then((answer) => answer.json());
  await second.stop();
  expect(mails).toEqual([expect.objectContaining({ subject: '理赔进度' })]);
});

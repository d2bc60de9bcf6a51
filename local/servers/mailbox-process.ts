// A process of its own, because maildev writes to standard output. The stack prints its one line of JSON
// there.
import { MailDev } from 'maildev';

const [smtp, web, mailDirectory = ''] = process.argv.slice(2);
const mailbox = new MailDev({
  smtp: Number(smtp),
  web: Number(web),
  mailDirectory,
  ip: '127.0.0.1',
  webIp: '127.0.0.1',
  maxEmails: 20_000,
  silent: true,
});

process.once('SIGTERM', () => void mailbox.stop().then(() => process.exit(0)));
await mailbox.start();
process.send?.({ ready: true });

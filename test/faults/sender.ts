// A worker's activity in a process of its own, so that it can be killed where it hurts: `node sender.ts
// '<SenderOrder>'`.
import { join } from 'node:path';
import { connectDatabase } from '../../records/database.ts';
import { mailTokens } from '../../records/keys/contact-key.ts';
import type { Sending } from '../../activities/messages/contract.ts';
import { notificationActivities } from '../../activities/messages/messages.ts';
import { smtpEmail } from '../../providers/smtp/email.ts';
import type { SmtpAccount } from '../../providers/smtp/account.ts';
import { twilioSms, type TwilioAccount } from '../../providers/twilio/sms.ts';
import { createRenderer } from '../../wording/renderer/renderer.ts';
import { projectRoot } from '../../config/env.ts';
import { testKeyring } from '../support/test-keyring.ts';

/**
 * Where the process dies: before anything of the message is in the ledger, with the lease taken, or with the
 * provider's answer in hand.
 */
export type Hook = 'before-lease' | 'before-call' | 'after-accept';

export interface SenderOrder {
  databaseUrl: string;
  twilio: TwilioAccount;
  smtp: Omit<SmtpAccount, 'tokenOf'>;
  sending: Sending;
  killAt?: Hook;
}

const order: SenderOrder = JSON.parse(process.argv[2] ?? '');
const dies = (at: Hook): void => {
  if (order.killAt === at) process.kill(process.pid, 'SIGKILL');
};

const sms = twilioSms(order.twilio);
const database = connectDatabase(order.databaseUrl);
const email = smtpEmail({ ...order.smtp, tokenOf: mailTokens(database, testKeyring()) });
const renderer = createRenderer(join(projectRoot, 'templates'));
const around =
  <Message, Answer>(send: (message: Message) => Promise<Answer>) =>
  async (message: Message): Promise<Answer> => {
    dies('before-call');
    const answer = await send(message);
    dies('after-accept');
    return answer;
  };

const activities = notificationActivities({
  database,
  keyring: testKeyring(),
  renderer: {
    render(message) {
      dies('before-lease');
      return renderer.render(message);
    },
  },
  sms: { ...sms, send: around(sms.send) },
  email: { send: around(email.send) },
});
const outcome = await activities.sendNotification(order.sending).catch((fault: unknown) => ({
  kind: 'threw',
  type: String(Object(fault).type ?? ''),
  delay: String(Object(fault).nextRetryDelay ?? ''),
  message: fault instanceof Error ? fault.message : '',
}));
process.stdout.write(JSON.stringify(outcome), () => process.exit(0));

import type { BankPort, EmailPort, PaymentOrder, SendAnswer, SmsPort } from '../../activities/outside/answers.ts';

/** Fakes of providers: they keep what they were given, and answer as a test tells them to. */
export interface RecordingSms extends SmsPort {
  sent: Parameters<SmsPort['send']>[0][];
  answers: SendAnswer[];
}
export interface RecordingEmail extends EmailPort {
  sent: Parameters<EmailPort['send']>[0][];
  answers: SendAnswer[];
}
export interface RecordingBank extends BankPort {
  orders: PaymentOrder[];
}

export function recordingSms(): RecordingSms {
  const [sent, answers]: [RecordingSms['sent'], SendAnswer[]] = [[], []];
  return {
    sent, answers,
    async send(message) {
      sent.push(message);
      return answers.shift() ?? { kind: 'accepted', providerId: `SM-${message.reference}` };
    },
  };
}

export function recordingEmail(): RecordingEmail {
  const [sent, answers]: [RecordingEmail['sent'], SendAnswer[]] = [[], []];
  return {
    sent, answers,
    async send(message) {
      sent.push(message);
      return answers.shift() ?? { kind: 'accepted', providerId: `mail-${message.reference}` };
    },
  };
}

export function recordingBank(): RecordingBank {
  const orders: PaymentOrder[] = [];
  return {
    orders,
    async instruct(order) {
      if (!orders.some(({ id }) => id === order.id)) orders.push(order);
      return { kind: 'accepted' };
    },
    inquire: async () => ({ kind: 'pending' }),
  };
}

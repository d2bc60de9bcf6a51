import type {
  BankPort,
  EmailPort,
  PaymentOrder,
  SendAnswer,
  SmsInquiryPort,
  SmsPort,
} from '../../providers/ports.ts';

/** Fakes of providers: they keep what they were given, and answer as a test sets. */
export interface RecordingSms extends SmsPort, SmsInquiryPort {
  sent: Parameters<SmsPort['send']>[0][];
  answers: SendAnswer[];
  /** Ids that the provider lists when it is asked what it has taken. */
  taken: string[];
}
export interface RecordingEmail extends EmailPort {
  sent: Parameters<EmailPort['send']>[0][];
  answers: SendAnswer[];
}
type BankAnswer = Awaited<ReturnType<BankPort['instruct']>>;
type BankStatus = Awaited<ReturnType<BankPort['inquire']>>;

export interface RecordingBank extends BankPort {
  /** What it took, each once. */
  orders: PaymentOrder[];
  /** How often it was instructed to pay, and asked. */
  instructed: number;
  asked: number;
  /** What it says of a payment, where it is neither pending nor unknown. */
  words: Record<string, BankStatus>;
  /** Given instead of its usual answers. */
  answer?: BankAnswer;
  status?: BankStatus;
}

export function recordingSms(): RecordingSms {
  const [sent, answers, taken]: [RecordingSms['sent'], SendAnswer[], string[]] = [[], [], []];
  return {
    sent,
    answers,
    taken,
    find: async () => ({ kind: 'found', providerIds: taken }),
    async send(message) {
      sent.push(message);
      return answers.shift() ?? { kind: 'accepted', providerId: `SM-${message.reference}` };
    },
  };
}

export function recordingEmail(): RecordingEmail {
  const [sent, answers]: [RecordingEmail['sent'], SendAnswer[]] = [[], []];
  return {
    sent,
    answers,
    async send(message) {
      sent.push(message);
      return answers.shift() ?? { kind: 'accepted', providerId: `mail-${message.reference}` };
    },
  };
}

export function recordingBank(): RecordingBank {
  const bank: RecordingBank = {
    orders: [],
    instructed: 0,
    asked: 0,
    words: {},
    async instruct(order) {
      bank.instructed += 1;
      if (bank.answer) return bank.answer;
      if (!bank.orders.some(({ id }) => id === order.id)) bank.orders.push(order);
      return { kind: 'accepted' };
    },
    async inquire(payment) {
      bank.asked += 1;
      const isKnown = bank.orders.some(({ id }) => id === payment);
      return bank.status ?? bank.words[payment] ?? { kind: isKnown ? 'pending' : 'not-known' };
    },
  };
  return bank;
}

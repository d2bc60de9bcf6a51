import { startSmsStandIn } from '../../local/servers/sms-stand-in.ts';

/** Something that answers as Twilio does. Without an address it is Twilio itself. */
export interface TwilioTarget {
  name: string;
  accountSid: string;
  authToken: string;
  open(): Promise<{ baseUrl?: string; stop(): Promise<unknown> }>;
}

const local = { accountSid: `AC${'a1'.repeat(16)}`, authToken: 'token-of-the-account' };

const standIn: TwilioTarget = {
  name: 'the stand-in',
  ...local,
  async open() {
    const { url, stop } = await startSmsStandIn({ port: 0, ...local });
    return { baseUrl: url, stop };
  },
};

/**
 * The stand-in always; Twilio too where the environment has its test credentials, with which nothing is sent
 * or charged.
 */
export function twilioTargets(environment = process.env): TwilioTarget[] {
  const { TWILIO_TEST_ACCOUNT_SID: accountSid, TWILIO_TEST_AUTH_TOKEN: authToken } = environment;
  if (!accountSid && !authToken) return [standIn];
  if (!accountSid || !authToken)
    throw new Error('TWILIO_TEST_ACCOUNT_SID and TWILIO_TEST_AUTH_TOKEN are given together or not at all.');
  return [standIn, { name: 'Twilio', accountSid, authToken, open: async () => ({ stop: async () => {} }) }];
}

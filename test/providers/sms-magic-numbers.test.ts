import { twilioSms } from '../../providers/twilio/sms.ts';
import { create, refusal } from '../../local/sms/contract.ts';
import { type TwilioTarget, twilioTargets } from '../support/twilio.ts';

/**
 * Twilio's answers to its magic numbers, under its test credentials (twilio.com/docs/iam/test-credentials),
 * and ours.
 */
const usual = { to: '+14108675310', from: '+15005550006', body: '【理赔】案件 L7K3M 缺维修发票。' };
const accepted = (segments: number) => ({
  kind: 'accepted',
  providerId: expect.stringMatching(/^SM[0-9a-f]{32}$/),
  segments,
});
const refused = (why: string, code: unknown) => ({ kind: 'refused', why, code });

const cases: [string, Partial<typeof usual>, object][] = [
  ['an ordinary message is taken', {}, accepted(1)],
  ['1600 characters are taken', { body: '理'.repeat(1600) }, accepted(24)],
  ['1601 are too many', { body: '理'.repeat(1601) }, refused('content', '21617')],
  [
    'no text is rejected for its content',
    { body: '' },
    refused('content', expect.stringMatching(/^216(02|19)$/)),
  ],
  ['a number that does not exist is rejected', { to: '+15005550001' }, refused('recipient', '21211')],
  [
    'a number that cannot be reached from here is rejected',
    { to: '+15005550002' },
    refused('recipient', '21612'),
  ],
  [
    'a country that we may not write to is our configuration',
    { to: '+15005550003' },
    refused('configuration', '21408'),
  ],
  ['a customer who answered STOP has opted out', { to: '+15005550004' }, refused('opted-out', '21610')],
  ['a number that is no mobile is rejected', { to: '+15005550009' }, refused('recipient', '21614')],
  ['something that is no number is rejected', { to: 'Mr Li' }, refused('recipient', '21211')],
  [
    'a sender that does not exist is our configuration',
    { from: '+15005550001' },
    refused('configuration', '21212'),
  ],
  [
    'a sender that is not ours is our configuration',
    { from: '+15005550007' },
    refused('configuration', '21606'),
  ],
  [
    'a sender whose queue is full is busy',
    { from: '+15005550008' },
    { kind: 'busy', code: expect.any(String) },
  ],
];

describe.each(twilioTargets())('$name', (target) => {
  let opened: Awaited<ReturnType<TwilioTarget['open']>>;
  beforeAll(async () => {
    opened = await target.open();
  });
  afterAll(() => opened.stop());

  const send = ({ from, ...message }: typeof usual, authToken = target.authToken) =>
    twilioSms({ ...target, ...opened, authToken, from }).send({
      ...message,
      reference: 'L7K3M:documents-reminder-1-sms',
    });

  test.each(cases)('%s', async (_, changes, answer) => {
    expect(await send({ ...usual, ...changes })).toEqual(answer);
  });

  test('a wrong token is our configuration', async () => {
    expect(await send(usual, 'an old token')).toEqual(refused('configuration', '20003'));
  });

  test.each(cases)('the answer keeps to the contract: %s', async (_, changes) => {
    const { to, from, body } = { ...usual, ...changes };
    const path = create.path.replace('{AccountSid}', target.accountSid);
    const credentials = Buffer.from(`${target.accountSid}:${target.authToken}`).toString('base64');
    const response = await fetch(`${opened.baseUrl ?? 'https://api.twilio.com'}${path}`, {
      method: 'POST',
      headers: { authorization: `Basic ${credentials}` },
      body: new URLSearchParams({ To: to, From: from, Body: body }),
    });
    const agreed = response.status === create.status ? create.answer : refusal;
    expect(agreed.safeParse(await response.json()).error).toBeUndefined();
  });
});

const namesUnder = (environment: NodeJS.ProcessEnv): string[] =>
  twilioTargets(environment).map(({ name }) => name);

test('with both test credentials Twilio itself is asked; with one of them the test fails', () => {
  expect(namesUnder({})).toEqual(['the stand-in']);
  expect(namesUnder({ TWILIO_TEST_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_TEST_AUTH_TOKEN: 'x' })).toEqual(
    ['the stand-in', 'Twilio'],
  );
  expect(() => namesUnder({ TWILIO_TEST_AUTH_TOKEN: 'x' })).toThrow('together');
});

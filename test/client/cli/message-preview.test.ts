import { sentPreviews, type SentMessages } from '../../../client/cli/message-preview.ts';

const at = '2026-11-24T01:00:00.000Z';
const row = (kind: string, seq: number, channel: string) => ({
  id: `${kind}-${seq}-${channel}`,
  kind,
  channel,
  to: 'party-1',
  state: 'delivered',
  at,
});
const notifications = [
  row('acknowledgement', 1, 'sms'),
  row('paid', 1, 'sms'),
  row('paid', 1, 'email'),
  row('paid', 2, 'sms'),
];

/** An API of a claim with two payment messages. */
const api: SentMessages = {
  claim: async () => ({ notifications }),
  sentMessage: async (_, id) => ({
    ...row('paid', Number(id.split('-')[1]), id.split('-')[2] ?? ''),
    text: `words of ${id}`,
    ...(id.endsWith('email') && { subject: 'Paid', html: '<p>words</p>' }),
  }),
};

test('of what was said about a claim the last of its kind is shown, by each channel', async () => {
  const previews = await sentPreviews(api, 'L7K3M-9Q2X4', 'paid');
  expect(previews).toEqual([
    {
      channel: 'sms',
      caption: expect.stringContaining('to party-1, delivered'),
      text: 'words of paid-2-sms',
      sms: expect.objectContaining({ segments: 1 }),
    },
    {
      channel: 'email',
      caption: expect.any(String),
      subject: 'Paid',
      text: 'words of paid-1-email',
      html: '<p>words</p>',
    },
  ]);
  expect(await sentPreviews(api, 'L7K3M-9Q2X4', 'paid', { channel: 'email' })).toHaveLength(1);
});

test('what was not said is answered with what was', async () => {
  await expect(sentPreviews(api, 'L7K3M-9Q2X4', 'refused')).rejects.toThrow(
    'Claim L7K3M-9Q2X4 has sent no refused. Its messages: acknowledgement-1-sms, paid-1-sms,',
  );
  await expect(sentPreviews(api, 'L7K3M-9Q2X4', 'paid', { channel: 'letter' })).rejects.toThrow('by letter');
});

import { unsentOf } from '../../../records/messages/unsent.ts';

const planned = (kind: 'paid' | 'assessed', channel: 'sms' | 'email', more: { notBefore?: string } = {}) => ({
  id: `${kind}-1-${channel}`,
  kind,
  seq: 1,
  channel,
  to: { party: 'party-1' },
  facts: {},
  ...more,
});
const row = (id: string, notBefore: string) => ({
  id,
  kind: 'assessed',
  channel: 'sms',
  to: 'party-1',
  state: 'planned',
  at: '2026-11-27T14:00:00.000Z',
  notBefore,
});

const morning = '2026-11-28T00:00:00.000Z';

test('a message waits for contact hours, and so does what follows it in the same channel', () => {
  const outbox = [planned('assessed', 'sms'), planned('paid', 'sms'), planned('paid', 'email')];
  expect(unsentOf({ outbox }, [row('assessed-1-sms', morning)])).toEqual([
    { id: 'assessed-1-sms', kind: 'assessed', channel: 'sms', to: 'party-1', notBefore: morning },
    { id: 'paid-1-sms', kind: 'paid', channel: 'sms', to: 'party-1', notBefore: morning },
    { id: 'paid-1-email', kind: 'paid', channel: 'email', to: 'party-1' },
  ]);
});

test('one that gathers others waits until it has, or longer where hours say so', () => {
  const gathers = planned('assessed', 'sms', { notBefore: '2026-11-27T14:10:00.000Z' });
  expect(unsentOf({ outbox: [gathers] }, [])).toMatchObject([{ notBefore: '2026-11-27T14:10:00.000Z' }]);
  expect(unsentOf({ outbox: [gathers] }, [row('assessed-1-sms', morning)])).toMatchObject([
    { notBefore: morning },
  ]);
});

import { houseRules } from '../../../config/rules/load.ts';
import { channelsTo } from '../../../domain/claim/draft.ts';
import {
  notificationKinds,
  purposeOf,
  type NotificationKind,
} from '../../../domain/messages/notifications.ts';
import type { Party } from '../../../domain/people/people.ts';
import { aPolicyholder, Desk, rules } from '../../support/builders.ts';

const american = {
  ...rules,
  pack: houseRules.newest({ line: 'contents', jurisdiction: 'US', pace: 'ordinary' }),
};
const by = (party: Partial<Party>, kind: NotificationKind, under = rules) =>
  channelsTo(Desk.covered({ parties: [aPolicyholder(party)] }).claim, under, {
    kind,
    to: { party: 'party-1' },
  });

const [both, phoneOnly, mailOnly, nothing] = [
  { sms: true, email: true },
  { sms: true, email: false },
  { sms: false, email: true },
  { sms: false, email: false },
].map((reach) => ({ reach }));

test.each<[string, Partial<Party>, NotificationKind, typeof rules, string[]]>([
  ['who has both hears by what the pack names', { ...both }, 'payment-approved', rules, ['sms']],
  [
    'who has no telephone hears by email what the pack sends by text',
    { ...mailOnly },
    'payment-approved',
    rules,
    ['email'],
  ],
  [
    'who has no mailbox hears by text what the pack sends by email',
    { ...phoneOnly },
    'withdrawn',
    rules,
    ['sms'],
  ],
  ['in America too', { ...phoneOnly }, 'progress', american, ['sms']],
  [
    'who would rather have email gets it, though the pack names texts',
    { ...both, prefers: 'email' },
    'payment-approved',
    rules,
    ['email'],
  ],
  [
    'who would rather have texts gets them, though the pack names emails',
    { ...both, prefers: 'sms' },
    'withdrawn',
    rules,
    ['sms'],
  ],
  ['a wish that cannot be met is none', { ...phoneOnly, prefers: 'email' }, 'assessed', rules, ['sms']],
  ['whom nothing reaches is written what the law owes them', { ...nothing }, 'refused', rules, ['letter']],
  ['and is not written the rest', { ...nothing }, 'progress', rules, []],
  [
    'what is a letter stays one, whatever they would rather have',
    { ...both, prefers: 'sms' },
    'formal-notice',
    rules,
    ['letter'],
  ],
])('%s', (_, party, kind, under, expected) => expect(by(party, kind, under)).toEqual(expected));

test.each([rules, american])('whoever has one way of being reached hears everything by it', (under) => {
  const kinds = notificationKinds.filter((kind) => purposeOf[kind] !== 'work' && kind !== 'formal-notice');
  for (const kind of kinds)
    expect([kind, by({ ...phoneOnly }, kind, under), by({ ...mailOnly }, kind, under)]).toEqual([
      kind,
      ['sms'],
      ['email'],
    ]);
});

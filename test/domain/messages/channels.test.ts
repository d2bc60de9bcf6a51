import { houseRules } from '../../../config/rules/load.ts';
import type { Claim } from '../../../domain/claim/claim.ts';
import {
  channelRules,
  routeOf,
  ruleFor,
  type Occasion,
  type Route,
} from '../../../domain/messages/channels.ts';
import {
  notificationKinds,
  type NotificationKind,
  type Recipient,
} from '../../../domain/messages/notifications.ts';
import type { Party } from '../../../domain/people/people.ts';
import { aPolicyholder, ClaimUnderTest, rules } from '../../support/builders.ts';

const american = {
  ...rules,
  pack: houseRules.newest({ line: 'contents', jurisdiction: 'US', pace: 'ordinary' }),
};

const [both, phoneOnly, mailOnly, nothing] = [
  { sms: true, email: true },
  { sms: true, email: false },
  { sms: false, email: true },
  { sms: false, email: false },
].map((reach) => ({ reach }));
const holder = { party: 'party-1' };

interface NotificationRow {
  kind: NotificationKind;
  party?: Partial<Party> | undefined;
  to?: Recipient;
  occasion?: Occasion;
  under?: typeof rules;
  /** What has become of `<kind>-1` by now. */
  messages?: Claim['deliveries'][string]['by'];
  letters?: string[];
}

/** The claim and the question of a row. Nothing is under way but what the row says. */
function asked({
  kind,
  party,
  to = holder,
  occasion,
  under = rules,
  messages,
  letters = [],
}: NotificationRow) {
  const { claim } = ClaimUnderTest.covered({ parties: [aPolicyholder(party)] });
  const before: Claim = {
    ...claim,
    outbox: [],
    letters,
    deliveries: messages ? { [`${kind}-1`]: { kind, party: 'party-1', about: {}, by: messages } } : {},
  };
  return [before, under, { kind, to, ...(occasion && { occasion }) }] as const;
}

const inShort = (route: Route): string => (route.kind === 'channels' ? route.channels.join(' ') : route.kind);
const answer = (row: NotificationRow): string =>
  `${ruleFor(...asked(row))}: ${inShort(routeOf(...asked(row)))}`;

const fallBack: Occasion = { kind: 'fall-back', seq: 1 };
const chase = (...wishes: ('sms' | 'email')[]): Occasion => ({ kind: 'rung', wishes });

/** For each rule one row on which it decides, and one just beside it. */
const table: [string, NotificationRow, string][] = [
  [
    'another channel has brought it',
    { kind: 'paid', occasion: fallBack, messages: { sms: 'failed', email: 'sent' } },
    'under-way: nobody',
  ],
  [
    'no channel has brought it yet',
    { kind: 'paid', occasion: fallBack, messages: { sms: 'failed' } },
    'rules: email',
  ],
  [
    'its letter waits to be posted',
    { kind: 'paid', occasion: { kind: 'paper', seq: 1 }, letters: ['paid-1-letter'] },
    'under-way: nobody',
  ],
  [
    'the letter of another one waits to be posted',
    { kind: 'paid', occasion: { kind: 'paper', seq: 2 }, letters: ['paid-1-letter'] },
    'paper: letter',
  ],
  [
    'the rules send it as a letter, whatever they prefer',
    { kind: 'formal-notice', party: { ...both, prefers: 'sms' } },
    'paper: letter',
  ],
  ['a ladder wants it on paper', { kind: 'refused', occasion: { kind: 'paper' } }, 'paper: letter'],
  ['a letter again', { kind: 'refused', occasion: { kind: 'again', by: 'letter' } }, 'paper: letter'],
  [
    'a repeat of a repeat',
    { kind: 'paid', occasion: { kind: 'again', by: 'sms', isRepeat: true } },
    'third-time: person',
  ],
  [
    'a first repeat',
    { kind: 'paid', occasion: { kind: 'again', by: 'sms', isRepeat: false } },
    'same-again: sms',
  ],
  [
    'a repeat keeps its channel, whatever they prefer',
    { kind: 'paid', party: { ...both, prefers: 'email' }, occasion: { kind: 'again', by: 'sms' } },
    'same-again: sms',
  ],
  [
    'a repeat by a channel that reaches them no longer',
    { kind: 'paid', party: mailOnly, occasion: { kind: 'again', by: 'sms' } },
    'same-again: nobody',
  ],
  [
    'nothing payable, a telephone alone',
    { kind: 'nothing-payable', party: phoneOnly },
    'account-on-paper: sms letter',
  ],
  ['nothing payable, a mailbox too', { kind: 'nothing-payable', party: both }, 'rules: sms email'],
  ['something payable, a telephone alone', { kind: 'assessed', party: phoneOnly }, 'rules: sms'],
  [
    'they prefer email, though the rules name texts',
    { kind: 'payment-approved', party: { ...both, prefers: 'email' } },
    'preference: email',
  ],
  [
    'they prefer texts, though the rules name emails',
    { kind: 'withdrawn', party: { ...both, prefers: 'sms' } },
    'preference: sms',
  ],
  [
    'a preference that cannot be met is none',
    { kind: 'assessed', party: { ...phoneOnly, prefers: 'email' } },
    'rules: sms',
  ],
  [
    'a preference that did not bring it is none',
    {
      kind: 'paid',
      party: { ...both, prefers: 'email' },
      occasion: fallBack,
      messages: { email: 'failed' },
    },
    'rules: sms',
  ],
  [
    'a preference goes before the rung',
    { kind: 'documents-reminder', party: { ...both, prefers: 'sms' }, occasion: chase('email') },
    'preference: sms',
  ],
  ['a rung names email', { kind: 'documents-reminder', occasion: chase('email') }, 'rung: email'],
  ['two rungs fall together', { kind: 'documents-reminder', occasion: chase('sms', 'email') }, 'rung: email'],
  [
    'a rung names what does not reach them',
    { kind: 'documents-reminder', party: phoneOnly, occasion: chase('email') },
    'rules: sms',
  ],
  ['a rung names nothing', { kind: 'documents-reminder', occasion: chase() }, 'rules: sms'],
  ['news by all that the rules name', { kind: 'paid' }, 'rules: sms email'],
  ['news by what reaches them of it', { kind: 'paid', party: mailOnly }, 'rules: email'],
  ['no telephone, and the rules name texts', { kind: 'payment-approved', party: mailOnly }, 'other: email'],
  ['no mailbox, and the rules name emails', { kind: 'withdrawn', party: phoneOnly }, 'other: sms'],
  ['in America too', { kind: 'progress', party: phoneOnly, under: american }, 'other: sms'],
  [
    'a text did not bring what the rules name texts for',
    { kind: 'payment-approved', occasion: fallBack, messages: { sms: 'failed' } },
    'other: email',
  ],
  [
    'a contact was put right, and one message is enough',
    { kind: 'paid', occasion: { kind: 'missed' } },
    'rules: sms',
  ],
  ['nothing reaches them, and the law wants it', { kind: 'refused', party: nothing }, 'letter: letter'],
  [
    'nothing reaches them, and it is a chase',
    { kind: 'documents-reminder', party: nothing, occasion: chase('sms') },
    'letter: letter',
  ],
  ['nothing reaches them, and it is only news', { kind: 'progress', party: nothing }, 'nobody: nobody'],
  [
    'nothing reaches them, and their account will show it',
    { kind: 'paid', party: nothing },
    'nobody: nobody',
  ],
  [
    'every channel failed for a mandatory message',
    { kind: 'paid', occasion: fallBack, messages: { sms: 'failed', email: 'failed' } },
    'person: person',
  ],
  [
    'every channel failed for an optional message',
    { kind: 'progress', occasion: fallBack, messages: { sms: 'failed', email: 'failed' } },
    'nobody: nobody',
  ],
  [
    'every channel failed, its letter too',
    { kind: 'paid', occasion: fallBack, messages: { sms: 'failed', email: 'failed', letter: 'failed' } },
    'nobody: nobody',
  ],
  [
    'a contact was put right that reaches nobody',
    { kind: 'paid', party: nothing, occasion: { kind: 'missed' } },
    'person: person',
  ],
];

test.each(table)('%s', (_, row, expected) => expect(answer(row)).toBe(expected));

test('each rule decides some row of the table', () => {
  const decided = new Set(table.map(([, row]) => ruleFor(...asked(row))));
  expect(channelRules.map(({ name }) => name).filter((name) => !decided.has(name))).toEqual([]);
});

test.each([rules, american])('a party that one channel reaches gets everything by it', (under) => {
  const kinds = notificationKinds.filter((kind) => kind !== 'formal-notice' && kind !== 'nothing-payable');
  const by = (party: Partial<Party> | undefined, kind: NotificationKind): string =>
    inShort(routeOf(...asked({ kind, party, under })));
  for (const kind of kinds)
    expect([kind, by(phoneOnly, kind), by(mailOnly, kind)]).toEqual([kind, 'sms', 'email']);
});

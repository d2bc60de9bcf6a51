import type { StaffRole } from '../../../domain/people/people.ts';
import { contextOf } from '../../../domain/messages/outbox.ts';
import type { Decision } from '../../../domain/claim/decide.ts';
import { anInsuredVehicle, ClaimUnderTest, rules, aPerson, handler } from '../../support/builders.ts';

const major = (): ClaimUnderTest =>
  ClaimUnderTest.covered({ items: [anInsuredVehicle({ claimed: 150_000 })] });
const small = (): ClaimUnderTest => ClaimUnderTest.covered();
const as: { roles: StaffRole[]; branch: string; conflicts: string[] } = {
  roles: ['handler'],
  branch: 'longkou',
  conflicts: [],
};
const planned = (subject: ClaimUnderTest, kind: string): string[] =>
  subject.claim.outbox.filter((each) => each.kind === kind).map(({ channel }) => channel);

describe('a handler who has left', () => {
  const leaves = (subject: ClaimUnderTest, change: Partial<typeof as> = {}, to = 'C-302') =>
    subject.take({ kind: 'handler-left', left: 'C-301', role: 'handler', to, as: { ...as, ...change } });

  test('is followed by another one, by no person, and the journal says why', () => {
    const subject = small();
    expect(leaves(subject, { branch: 'penglai' })).toMatchObject({
      kind: 'decided',
      entries: [{ kind: 'handed-over', to: 'C-302', left: 'C-301', branch: 'penglai', by: 'lipei' }],
    });
    expect(subject.claim.handler).toBe('C-302');
    expect(planned(subject, 'handler-changed')).toEqual([]);
  });

  test('of a major claim is followed by another one, and the customer is notified (S28)', () => {
    const subject = major();
    leaves(subject);
    expect(planned(subject, 'handler-changed')).toEqual(['sms', 'email']);
  });

  test.each<[string, () => ClaimUnderTest, Partial<typeof as>, string, string]>([
    ['nobody who is in conflict', small, { conflicts: ['P-1'] }, 'C-302', 'conflict-of-interest'],
    ['nobody without the role', small, { roles: [] }, 'C-302', 'role'],
    ['nobody who filed the claim', () => filed(), {}, 'C-302', 'segregation'],
    ['nobody twice', () => handedOver(), {}, 'C-302', 'not-now'],
  ])('is followed by %s', (_, subject, change, to, reason) => {
    expect(leaves(subject(), change, to)).toMatchObject({ kind: 'denied', reason });
  });

  const filed = (): ClaimUnderTest => {
    const subject = small();
    subject.claim = { ...subject.claim, filedBy: 'C-302' };
    return subject;
  };
  const handedOver = (): ClaimUnderTest => {
    const subject = small();
    leaves(subject);
    return subject;
  };
});

const goes = (
  subject: ClaimUnderTest,
  fields: { deputy?: string; until?: string },
  who = 'C-301',
): Decision => subject.take({ kind: 'handler-away', handler: who, ...fields });

describe('a handler of a major claim who is away (S28)', () => {
  // A Monday: three working days later it is Thursday.
  test.each<[string, { deputy?: string; until?: string }, string[]]>([
    ['for two days', { deputy: 'C-302', until: '2026-11-24' }, []],
    ['for long', { deputy: 'C-302', until: '2026-11-27' }, ['sms', 'email']],
    ['until nobody knows when', { deputy: 'C-302' }, ['sms', 'email']],
    ['for long, without a deputy', { until: '2026-12-24' }, ['sms', 'email']],
  ])('%s: the customer is notified of a long absence', (_, fields, channels) => {
    const subject = major();
    expect(goes(subject, fields)).toMatchObject({ kind: 'decided' });
    expect(planned(subject, 'handler-away')).toEqual(channels);
  });

  test('messages name the deputy meanwhile, and the handler again afterwards', () => {
    const subject = major();
    const contact = (): string => contextOf(subject.claim, rules).handler;
    goes(subject, { deputy: 'C-302', until: '2026-11-27' });
    expect(contact()).toBe('C-302');
    expect(goes(subject, { deputy: 'C-302', until: '2026-11-27' })).toMatchObject({ reason: 'not-now' });
    goes(subject, { until: '2026-11-30' });
    expect(contact()).toBe('nobody');
    subject.take({ kind: 'handler-back', handler: 'C-301' });
    expect(contact()).toBe('C-301');
    expect(subject.take({ kind: 'handler-back', handler: 'C-301' })).toMatchObject({ reason: 'not-now' });
  });

  test('a hand-over ends it: the new handler is there', () => {
    const subject = major();
    goes(subject, { deputy: 'C-302' });
    const supervisor = aPerson('U-901', { roles: ['supervisor'] });
    subject.does(supervisor, { kind: 'hand-over', to: 'C-309', role: 'handler', as });
    expect(subject.claim.handlerAway).toBeUndefined();
  });

  test.each([
    ['of an ordinary claim', small(), handler.code],
    ['who is not its handler', major(), 'C-302'],
  ])('is not taken %s', (_, subject, who) => {
    expect(goes(subject, {}, who)).toMatchObject({ kind: 'denied', reason: 'not-now' });
  });
});

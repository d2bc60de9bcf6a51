import { sentencesOf } from '../../demo/story-sentences.ts';
import type { Event, JournalEntry } from '../../domain/claim/journal.ts';
import type { Notification } from '../../domain/messages/notifications.ts';

const known = { currency: 'CNY', roles: new Map([['party-1', 'policyholder']]) };

const titles = new Map([['C-301', 'handler']]);

const journal = (...events: Event[]): JournalEntry[] =>
  events.map((event, index) => ({
    ...event,
    seq: index + 1,
    at: '2026-11-23T08:00:00.000Z',
    by: index === 0 ? 'C-301' : 'lipei',
  }));

const planned = (change: Partial<Notification>): Event => ({
  kind: 'notification-planned',
  notification: {
    id: 'documents-reminder-1-sms',
    kind: 'documents-reminder',
    seq: 1,
    channel: 'sms',
    to: { party: 'party-1' },
    facts: { documents: [{ kind: 'driving-licence' }] },
    ...change,
  },
});

describe('the demo’s narration', () => {
  it('says who acted', () => {
    expect(
      sentencesOf(journal({ kind: 'document-accepted', document: 'driving-licence' }), known, titles),
    ).toEqual(['Handler C-301: driving-licence accepted.']);
  });

  it('says once what is said in two channels, to whom and about what', () => {
    expect(
      sentencesOf(
        journal(planned({}), planned({ id: 'documents-reminder-1-email', channel: 'email' })),
        known,
        titles,
      ),
    ).toEqual(['→ The policyholder is notified by SMS and email: documents-reminder (driving-licence).']);
  });

  it('says what was refused and why', () => {
    const denial = {
      reason: 'limit',
      sentence: 'Somebody with more authority must decide.',
      message: 'approve',
    } as const;
    expect(sentencesOf(journal({ kind: 'message-denied', denial }), known, titles)).toEqual([
      'Handler C-301: denied "approve" (limit): Somebody with more authority must decide.',
    ]);
  });

  it('keeps quiet about book-keeping', () => {
    expect(
      sentencesOf(
        journal(
          { kind: 'acknowledged' },
          { kind: 'expectation-ended', expectation: 'survey', how: 'met' },
          { kind: 'notification-ended', notification: 'paid-1-sms', outcome: { kind: 'accepted' } },
        ),
        known,
        titles,
      ),
    ).toEqual([]);
  });
});

import { houseRules } from '../config/rules/load.ts';
import type { Notification } from '../domain/messages/notifications.ts';
import type { ClaimContext } from '../domain/messages/outbox.ts';
import type { Database } from '../records/database.ts';
import type { Keyring } from '../security/keyring.ts';
import { newPartyKey, seal } from '../security/sealing.ts';

/** One message of one person; `seq` counts the messages of a person from 1. */
export interface DueMessage {
  person: number;
  seq: number;
}

/** Inside and outside of contact hours in China; the second is the evening before the first. */
export const nextMorning = '2026-11-25T02:00:00.000Z';
export const night = '2026-11-24T14:30:00.000Z';
const waitingSince = '2026-11-24T02:00:00.000Z';

const { caps } = houseRules.newest({ line: 'motor', jurisdiction: 'CN', pace: 'ordinary' });
const contactHours = { from: 8 * 60, to: 21 * 60 };

/** Dealt out to the people in turn. */
export const dueMessages = (messages: number, people: number): DueMessage[] =>
  Array.from({ length: messages }, (_, index) => ({
    person: index % people,
    seq: Math.floor(index / people) + 1,
  }));

/** Stores so many policyholders, each in a claim of their own. */
export async function storePeople(database: Database, keyring: Keyring, people: number): Promise<void> {
  const data = Array.from({ length: people }, (_, person) => partyRow(keyring, person));
  await database.party.createMany({ data });
}

function partyRow(keyring: Keyring, person: number) {
  const claim = claimContext(person).number;
  const key = newPartyKey(keyring);
  const contact = {
    name: `Person ${person}`,
    phone: `+86138${String(person).padStart(8, '0')}`,
    email: `p${person}@example.com`,
  };
  return {
    claim,
    id: 'party-1',
    role: 'policyholder',
    locale: 'zh-CN',
    timeZone: 'Asia/Shanghai',
    key,
    sealed: seal(key, keyring, contact, `${claim}/party-1`),
  };
}

export const claimContext = (person: number): ClaimContext => ({
  number: `LDRAIN-${String(person).padStart(5, '0')}`,
  line: 'motor',
  jurisdiction: 'CN',
  currency: 'CNY',
  handler: 'C-301',
  branch: 'longkou',
  items: [{ id: 'item-1', object: 'insured-vehicle' }],
  contactHours,
  caps,
});

export const progress = (seq: number, channel: 'sms' | 'email'): Notification => ({
  id: `progress-${seq}-${channel}`,
  kind: 'progress',
  seq,
  channel,
  to: { party: 'party-1' },
  facts: { waiting: [{ what: 'survey', from: 'surveyor', since: waitingSince }], nextAt: nextMorning },
});

import type { Keyring } from '../security/keyring.ts';
import { bankActivities, type BankActivities } from './bank.ts';
import type { Database } from '../records/database.ts';
import { journalActivities, type JournalActivities } from './journal.ts';
import type { NotificationActivities, Outlets } from './messages/contract.ts';
import { notificationActivities } from './messages/messages.ts';
import { openingActivities, type OpeningActivities, type OpeningSettings } from './opening.ts';
import type { ReadNotice } from '../providers/ports.ts';
import type { BankPort } from '../providers/ports.ts';
import type { Renderer } from '../wording/renderer/renderer.ts';

export type Activities = OpeningActivities &
  JournalActivities &
  NotificationActivities &
  BankActivities;

/** Everything outside that a claim uses. */
export interface Outside extends Outlets {
  database: Database;
  keyring: Keyring;
  noticeOf: ReadNotice;
  renderer: Renderer;
  bank: BankPort;
  settings: OpeningSettings;
}

export const createActivities = ({
  database,
  keyring,
  noticeOf,
  renderer,
  bank,
  settings,
  ...outlets
}: Outside): Activities => ({
  ...openingActivities(database, keyring, noticeOf, settings),
  ...journalActivities(database, settings.rules),
  ...notificationActivities(database, keyring, renderer, outlets),
  ...bankActivities(database, keyring, bank),
});

import type { KeyObject } from 'node:crypto';
import type { Keyring } from '../security/keyring.ts';
import { houseRules } from '../config/rules/load.ts';
import { bankActivities, type BankActivities } from './bank.ts';
import type { Database } from '../records/database.ts';
import { journalActivities, type JournalActivities } from './journal.ts';
import type { NotificationActivities, Outlets } from './messages/contract.ts';
import { notificationActivities } from './messages/messages.ts';
import { openingActivities, type OpeningActivities, type OpeningSettings } from './opening.ts';
import type { ReadNotice } from '../providers/ports.ts';
import type { BankPort } from '../providers/ports.ts';
import { proofActivities, type ProofActivities } from './proofs.ts';
import type { Renderer } from '../wording/renderer/renderer.ts';

export type Activities = OpeningActivities &
  JournalActivities &
  NotificationActivities &
  ProofActivities &
  BankActivities;

/** Everything outside that a claim uses. */
export interface Outside extends Outlets {
  database: Database;
  keyring: Keyring;
  /** Checks that the API signed an act. */
  proofKey: KeyObject;
  noticeOf: ReadNotice;
  renderer: Renderer;
  bank: BankPort;
  /** The public root keys: what they certified may have signed. */
  roots: readonly KeyObject[];
  settings: OpeningSettings;
}

export const createActivities = ({
  database,
  keyring,
  proofKey,
  noticeOf,
  renderer,
  bank,
  roots,
  settings,
  ...outlets
}: Outside): Activities => ({
  ...openingActivities(database, keyring, noticeOf, settings),
  ...journalActivities(database, settings.rules),
  ...notificationActivities(database, keyring, renderer, outlets),
  ...proofActivities(database, proofKey),
  ...bankActivities(database, keyring, bank, settings.rules ?? houseRules, roots),
});

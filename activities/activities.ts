import type { KeyObject } from 'node:crypto';
import { newerCalendar, type CalendarInUse } from '../config/calendars.ts';
import { RulePackUnreadable } from '../config/rules/unreadable-rules.ts';
import { houseRules } from '../config/rules/load.ts';
import { watchRules } from '../config/watch.ts';
import type { RulePack } from '../domain/rules/pack.ts';
import type { Calendar } from '../domain/time/calendar.ts';
import { todayIn } from '../config/today.ts';
import { rolesAsked, untaken } from '../domain/people/staffing.ts';
import type { Keyring } from '../security/keyring.ts';
import type { BankPort, ClaimRuns, ReadNotice } from '../providers/ports.ts';
import { showAccepted } from '../records/claims/projection.ts';
import { companyOn } from '../records/staff/company.ts';
import type { Database } from '../records/database.ts';
import type { Renderer, WorkRenderer } from '../wording/renderer/renderer.ts';
import { bankActivities, type BankActivities } from './bank.ts';
import { journalKeeper } from './journal.ts';
import type { NotificationActivities, Outlets } from './messages/contract.ts';
import { notificationActivities } from './messages/messages.ts';
import { sendBatch } from './messages/send.ts';
import { forOwnerAlone } from './ownership.ts';
import { claimRestorer, makePutBack } from './put-back/put-back.ts';
import { momentActivities, type MomentActivities, type MomentParts } from './moment.ts';
import { staffMailActivities, type StaffMailActivities } from './staff-mail.ts';
import { keepNoticeAgain } from './kept-notice.ts';
import type { OpeningSettings } from './opening-settings.ts';
import { openingActivities, type OpeningActivities } from './opening.ts';
import { takingUpActivities, type TakingUpActivities } from './taking-up.ts';
import { watchActivities, type WatchActivities } from './watch-claims.ts';

/** Those of claims. */
export type Activities = OpeningActivities &
  TakingUpActivities &
  MomentActivities &
  NotificationActivities &
  BankActivities;

/** Everything outside that a claim uses. */
export interface Outside extends Outlets {
  database: Database;
  keyring: Keyring;
  noticeOf: ReadNotice;
  runs: ClaimRuns;
  renderer: Renderer & WorkRenderer;
  bank: BankPort;
  /** The public root keys: what they certified may have signed. */
  roots: readonly KeyObject[];
  settings: OpeningSettings;
}

export function createActivities({
  database,
  keyring,
  noticeOf,
  runs,
  renderer,
  bank,
  roots,
  settings,
  ...outlets
}: Outside): Activities & StaffMailActivities & WatchActivities {
  const { rules: book = houseRules } = settings;
  const sender = { database, keyring, renderer, ...outlets };
  const payments = bankActivities(database, keyring, bank, book, roots);
  const restore = claimRestorer({
    database,
    keyring,
    roots,
    runs,
    renderer,
    bank,
    rules: book,
    keepNotice: keepNoticeAgain({ database, keyring, settings }),
  });
  const putBack = makePutBack(restore);
  const parts: MomentParts = {
    keepJournal: journalKeeper(database, putBack, book),
    send: (batch) => sendBatch(sender, batch),
    instruct: payments.instructPayment,
    newerCalendar: (rules, inUse) => newerCalendarIfReadable(book.recorded(rules), inUse),
    showAccepted: (state, accepted, now) => showAccepted(database, state, accepted, now, book),
    untakenIn: async (state, now) => {
      const today = todayIn(state.jurisdiction, now);
      const { staff, units } = await companyOn(database, today, rolesAsked(state));
      return untaken(state, staff, { today, units, pack: book.recorded(state.rules) });
    },
  };
  const { readPolicy, ...opening } = openingActivities({
    database,
    keyring,
    noticeOf,
    settings,
    parts,
  });
  return {
    ...opening,
    ...takingUpActivities({ database, settings, putBack, roots }),
    ...momentActivities(parts),
    ...forOwnerAlone(database, { readPolicy, ...notificationActivities(sender), ...payments }),
    ...staffMailActivities(sender, settings.pace),
    ...watchActivities({ database, runs, restore }, watchRules(settings.pace)),
  };
}

/** A wrong list holds up no claim that has a calendar: the API's health and the list of problems name it. */
function newerCalendarIfReadable(pack: RulePack, inUse: CalendarInUse): Calendar | undefined {
  try {
    return newerCalendar(pack, inUse);
  } catch (fault) {
    if (fault instanceof RulePackUnreadable) return undefined;
    throw fault;
  }
}

import type { Shown } from '../../client/own-api/schemas/claims.ts';
import type { ShownItem } from '../../client/own-api/schemas/items.ts';
import type { Task } from '../../client/own-api/schemas/work.ts';

/** Answers of the API as a page gets them, for tests of pages. */

const at = '2026-11-27T08:00:00.000Z';

export const aShownItem = (change: Partial<ShownItem> = {}): ShownItem => ({
  id: 'item-1',
  object: 'insured-vehicle',
  party: 'party-1',
  stage: 'review',
  claimed: '380000.00',
  documents: [],
  signedOff: {},
  payable: '378000.00',
  approvals: [],
  approvalsNeeded: 0,
  payee: null,
  payment: null,
  returned: 0,
  outcome: null,
  ...change,
});

export const aShownClaim = (change: Partial<Shown> = {}): Shown => ({
  claim: 'LESG7-WB14K',
  line: 'motor',
  stage: 'conclude',
  outcome: null,
  handler: 'C-301',
  surveyor: 'S-201',
  claimed: '380000.00',
  currency: 'CNY',
  stageSince: at,
  lastContactAt: at,
  nextContactBy: null,
  isSilent: false,
  waitingOn: [],
  policy: 'LK25-000101',
  lossAt: at,
  noticedAt: at,
  urgency: 'normal',
  branch: 'longkou',
  rules: {
    line: 'motor@1',
    jurisdiction: 'CN@1',
    ladders: ['ordinary@1'],
    channels: 'text-and-email@1',
    pace: 'ordinary@1',
  },
  cause: null,
  cover: null,
  policyVersion: null,
  policyNews: null,
  strangers: [],
  survey: null,
  withdrawalRequested: false,
  problems: [],
  letters: [],
  related: [],
  moreRelated: null,
  unreached: [],
  parties: [],
  followUps: [],
  items: [],
  notifications: [],
  unsent: [],
  ...change,
});

export const aTask = (change: Partial<Task> = {}): Task => ({
  claim: 'LESG7-WB14K',
  id: 'x',
  from: 'handler',
  what: 'x',
  since: at,
  due: at,
  next: { do: 'remind', at },
  others: [],
  ...change,
});

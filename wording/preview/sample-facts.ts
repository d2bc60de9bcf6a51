import type { NotificationFacts, NotificationKind } from '../../domain/messages/notifications.ts';

// All in September, the longest English month: an SMS that just fits must do so all year round.
const survey = '2026-09-10T01:00:00.000Z';
const expected = { decision: '2026-09-22T01:00:00.000Z', payment: '2026-09-30T01:00:00.000Z' };
const since = '2026-09-05T01:00:00.000Z';

/** Every document that two cars can lack, with the known details of each. */
const documents = [
  { kind: 'driving-licence' },
  { kind: 'police-determination', notBefore: '2026-09-18T01:00:00.000Z' },
  { kind: 'repair-invoice', item: 'item-1' },
  { kind: 'repair-invoice', item: 'item-2' },
];
/** Every rule for a cut. */
const account: NotificationFacts['account'] = {
  claimedMinor: 700_000,
  cuts: [
    { rule: 'assessment', minor: 100_000 },
    { rule: 'not-covered', minor: 20_000 },
    { rule: 'excess', minor: 50_000 },
    { rule: 'sum-insured', minor: 50_000 },
  ],
};

/** An assessment that is cut completely. */
const nothing: NotificationFacts = {
  item: 'item-1',
  amountMinor: 0,
  account: {
    claimedMinor: 700_000,
    cuts: [
      { rule: 'assessment', reason: 'not-from-this-loss', minor: 400_000 },
      { rule: 'assessment', reason: 'above-market-price', minor: 250_000 },
      { rule: 'excess', minor: 50_000 },
    ],
  },
};
/** A cut that was undone on a second look, and one that stands. */
const more: NotificationFacts = {
  item: 'item-1',
  amountMinor: 80_000,
  paidBeforeMinor: 400_000,
  isSecondLook: true,
  account,
};
const noMore: NotificationFacts = { ...more, amountMinor: 0, paidBeforeMinor: 480_000 };
const appealBy = '2028-09-22T01:00:00.000Z';

const receipt = { number: 'L7K3M-9Q2X4-item-1-receipt-1', at: since };

/** Only chased: it is no document of the rules, and is requested by itself. */
const accountNeeded = [{ kind: 'payee-account', item: 'item-2' }];
const oneDocument = [{ kind: 'driving-licence' }];

/**
 * The facts of each kind, at their longest, as given by `domain/messages/triggers.ts`,
 * `domain/waiting/chase.ts`, `domain/waiting/heartbeat.ts` and the payee's step.
 */
export const sampleFacts: Record<NotificationKind, NotificationFacts> = {
  acknowledgement: { documents, expected: { survey, ...expected } },
  'documents-needed': { documents },
  'documents-reminder': { documents },
  'documents-received': {
    documents: [{ kind: 'driving-licence' }, { kind: 'repair-invoice', item: 'item-1' }],
    missing: [
      { kind: 'police-determination', notBefore: '2026-09-18T01:00:00.000Z' },
      { kind: 'repair-invoice', item: 'item-2' },
    ],
  },
  'document-rejected': { documents: [{ kind: 'repair-invoice', item: 'item-2', reason: 'wrong-document' }] },
  'surveyor-coming': {},
  'receipt-issued': {
    item: 'item-1',
    receipt,
    documents: [
      { kind: 'driving-licence' },
      { kind: 'self-negotiated-agreement' },
      { kind: 'repair-invoice', item: 'item-1' },
    ],
  },
  assessed: { item: 'item-1', amountMinor: 480_000, account },
  'nothing-payable': { ...nothing, appealBy },
  'payment-approved': { item: 'item-1', amountMinor: 480_000, account },
  'payee-account-needed': { item: 'item-2' },
  paid: { item: 'item-1', amountMinor: 480_000, account, appealBy },
  'payment-returned': { item: 'item-1', reason: 'BE01' },
  refused: {
    item: 'item-1',
    clause: 'object-not-insured',
    reason: 'no-cover-for-third-party-vehicle',
    wording: 'motor-cn-2020',
    appealBy,
  },
  withdrawn: { item: 'item-1' },
  reopened: { item: 'item-1', reason: 'appeal', paidBeforeMinor: 400_000 },
  'claim-closed': { outcome: 'partly-paid' },
  'handler-changed': {},
  'handler-away': { awayUntil: '2026-09-25' },
  progress: {
    waiting: [
      { what: 'police-determination', from: 'police', since },
      { what: 'repair-invoice', from: 'third-party', since },
      { what: 'driving-licence', from: 'customer', since },
    ],
    nextAt: expected.decision,
  },
  'formal-notice': { documents, isInsured: true },
};

/** Other facts that a kind may have. */
export const otherFacts: Partial<Record<NotificationKind, NotificationFacts[]>> = {
  acknowledgement: [
    { documents, expected },
    { documents: oneDocument, expected },
    { documents: [], expected: { survey, ...expected } },
  ],
  'documents-needed': [{ documents: oneDocument }],
  'documents-reminder': [
    { documents: oneDocument },
    { documents: accountNeeded },
    { documents: [...documents, ...accountNeeded] },
  ],
  'document-rejected': [{ documents: [{ kind: 'police-determination', reason: 'page-missing' }] }],
  'documents-received': [
    { documents, missing: documents },
    { documents: oneDocument },
    { documents: oneDocument, missing: [] },
    { documents: oneDocument, missing: [{ kind: 'police-determination' }] },
  ],
  'receipt-issued': [{ item: 'item-1' }],
  'handler-away': [{}],
  assessed: [
    nothing,
    { item: 'item-1', amountMinor: 0 },
    { item: 'item-1', amountMinor: 480_000, isRevised: true },
    { ...more, isRevised: true },
  ],
  'nothing-payable': [
    { ...nothing, isRevised: true },
    { ...nothing, isRevised: true, isSecondLook: true, appealBy },
    { ...noMore, isRevised: true, appealBy },
    { item: 'item-1', amountMinor: 0 },
  ],
  'payment-approved': [
    more,
    { item: 'item-1', amountMinor: 480_000 },
    { item: 'item-1', amountMinor: 480_000, account, isToAnother: true },
  ],
  paid: [
    { ...more, appealBy },
    { item: 'item-1', amountMinor: 480_000 },
    { item: 'item-1', amountMinor: 480_000, account, isToAnother: true },
  ],
  'payment-returned': [{ item: 'item-1', isToAnother: true }],
  refused: [
    { item: 'item-1', clause: 'no-policy', reason: 'policy-unknown' },
    { item: 'item-1', clause: 'fraud' },
    { item: 'item-1', clause: 'fraud', reason: 'loss-invented', isSecondLook: true, appealBy },
    {
      item: 'item-1',
      clause: 'fraud',
      reason: 'loss-invented',
      isSecondLook: true,
      paidBeforeMinor: 480_000,
    },
  ],
  reopened: [
    { item: 'item-1', reason: 'appeal' },
    { item: 'item-1', reason: 'withdrawn-by-mistake' },
    { item: 'item-1', reason: 'late-document' },
  ],
  'claim-closed': [
    { outcome: 'paid' },
    { outcome: 'nothing-payable' },
    { outcome: 'refused' },
    { outcome: 'withdrawn' },
  ],
  progress: [{ waiting: [{ what: 'survey', from: 'surveyor', since }] }, { waiting: [] }],
  'formal-notice': [{ documents: accountNeeded }, { documents: oneDocument }],
};

import { aNote } from '../support/builders.ts';
import { wang } from '../support/notices.ts';
import { personalValues, placesInRecords } from '../support/personal-data.ts';
import { openStage, type Stage } from '../support/stage.ts';
import {
  assesses,
  atTheBank,
  bankPays,
  borrows,
  brings,
  expectationsOf,
  files,
  isComplete,
  kindsOf,
  denialsOf,
  stands,
  survey,
  sentOf,
  uploads,
} from '../support/steps.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

const twoItems = [
  { object: 'insured-vehicle', party: 'wang', claimed: '2000' },
  { object: 'third-party-vehicle', party: 'li', claimed: '1000' },
];

test('a payment that the bank returns: the account is asked for again, a changed payee is approved again and paid (S19)', async () => {
  const claim = await files(stage);
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  const returned = await atTheBank(claim, 0);
  stage.bank.words[returned] = { kind: 'returned', reason: 'AC04' };
  await claim.reports('bank-returned', { payment: returned, reason: 'AC04' });
  const waiting = await stands(claim, 'payee:item-1');
  expect(waiting.expectations).toMatchObject([
    { from: 'customer', ask: 'party-1', next: { do: 'chase' } },
    { id: 'clear:item-1', from: 'finance' },
  ]);
  expect(await sentOf(claim, 'payment-returned')).toEqual([
    'payment-returned/email → party-1',
    'payment-returned/sms → party-1',
  ]);
  expect(await sentOf(claim, 'payee-account-needed')).toEqual([]); // that news has asked for it already

  await claim.does('H-101', 'set-payee', {
    item: 'item-1',
    party: 'party-1',
    account: await stage.keepsAccount(claim.number, 'party-1', '6222020090003333'),
  });
  await stands(claim, 'clear:item-1');
  await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'account-wrong' });
  // The rules released the first one; after a return no rule releases anything.
  await stands(claim, 'review:item-1');
  expect(await claim.approves('R-501', 'item-1')).toMatchObject({ kind: 'recorded' });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect(
    stage.bank.orders
      .filter(({ id }) => id.startsWith(claim.number))
      .map(({ id, payee }) => `${id.slice(-9)} ${payee.account}`),
  ).toEqual(['payment-1 6222020050001111', 'payment-2 6222020090003333']);
});

test('a party who gave no account is asked for it once, however many runs the claim goes through, and chased', async () => {
  const { account: _, ...withoutAccount } = wang;
  const claim = await files(stage, { parties: [withoutAccount] });
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await stands(claim, 'payee:item-1');
  await stage.passes('4 days');
  await stage.passes('6 days');
  expect(await sentOf(claim, 'payee-account-needed')).toEqual([
    'payee-account-needed/email → party-1',
    'payee-account-needed/sms → party-1',
  ]);
  expect(await sentOf(claim, 'documents-reminder')).toEqual(['documents-reminder/sms → party-1']);
  expect(await expectationsOf(claim)).toEqual(['call:party-1', 'payee:item-1']);
  await claim.does('C-301', 'set-payee', {
    item: 'item-1',
    party: 'party-1',
    account: await stage.keepsAccount(claim.number, 'party-1', '6222020060004444'),
  });
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test.each([
  ['an unknown policy', { policy: 'P-NONE' }, 'no-policy'],
  ['a policy that had expired', { policy: 'P-EXPIRED' }, 'not-in-force'],
  ['a policy of another line', { policy: 'P-HOME' }, 'line-not-covered'],
])(
  '%s: the rules propose to refuse, two people uphold it, the customer is notified and the claim closes (S22)',
  async (_, change, clause) => {
    const claim = await files(stage, change);
    const waiting = await stands(claim, 'review:item-1');
    expect(waiting.items[0]?.refusal).toMatchObject({ clause, by: 'lipei' });
    expect(await expectationsOf(claim)).toEqual(['review:item-1']);
    const { reasons } = waiting.items[0]?.refusal ?? {};
    expect(await claim.does('R-501', 'refuse', { item: 'item-1', clause, reasons })).toMatchObject({
      kind: 'recorded',
    });
    expect(await claim.does('R-501', 'refuse', { item: 'item-1' })).toMatchObject({ reason: 'segregation' });
    expect(await claim.does('R-502', 'refuse', { item: 'item-1' })).toMatchObject({ kind: 'recorded' });
    expect(await claim.result()).toEqual({ kind: 'closed', claim: claim.number, outcome: 'refused' });
    expect(await sentOf(claim, 'refused')).toEqual(['refused/email → party-1', 'refused/sms → party-1']);
    const ended = (await claim.journal()).filter((entry) => entry.kind === 'expectation-ended');
    expect(ended.find(({ expectation }) => expectation === 'document:claim:driving-licence')).toMatchObject({
      how: 'withdrawn',
    });
  },
);

test('a mistyped policy number is corrected: cover is checked again and the claim proceeds to its survey', async () => {
  const claim = await files(stage, { policy: 'P-l' });
  await stands(claim, 'review:item-1');
  expect(await claim.does('C-301', 'correct-claim', { policy: 'P-1' })).toMatchObject({ kind: 'recorded' });
  const surveyed = await stands(claim, 'survey');
  expect(surveyed).toMatchObject({ stage: 'survey', policy: 'P-1', cover: { kind: 'covered' } });
  expect(surveyed.items[0]?.refusal).toBeUndefined();
  await isComplete(claim);
  await assesses(claim, 'item-1', 100_000);
  const payment = await atTheBank(claim, 0);
  expect(await claim.does('C-301', 'correct-claim', { policy: 'P-EXPIRED' })).toMatchObject({
    kind: 'denied',
    reason: 'not-now',
  });
  await claim.reports('bank-confirmed', { payment, reference: 'B' });
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
});

test('a reviewer refuses with a second person, never alone and never the assessor (S22)', async () => {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '8000' }],
  });
  await isComplete(claim);
  await brings(claim, 'repair-invoice');
  await stands(claim, 'assess:item-1');
  await borrows(claim);
  await claim.does('C-302', 'assess', { item: 'item-1', amountMinor: 800_000 });
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await stands(claim, 'review:item-1');
  const refusal = { item: 'item-1', clause: 'excluded-cause', reasons: ['racing'] };
  expect(await claim.does('C-302', 'refuse', refusal)).toMatchObject({ reason: 'segregation' });
  expect(await claim.does('R-501', 'refuse', refusal)).toMatchObject({ kind: 'recorded' });
  expect(await claim.does('R-501', 'refuse', refusal)).toMatchObject({ reason: 'segregation' });
  expect(await claim.does('C-302', 'refuse', refusal)).toMatchObject({ reason: 'segregation' });
  expect(await claim.does('R-502', 'refuse', refusal)).toMatchObject({ kind: 'recorded' });
  expect(await claim.result()).toMatchObject({ outcome: 'refused' });
  expect(await denialsOf(claim)).toEqual(['segregation', 'segregation', 'segregation']);
  expect(stage.bank.orders.filter(({ id }) => id.startsWith(claim.number))).toEqual([]);
});

test('one item is withdrawn and the other proceeds to its payment', async () => {
  const claim = await files(stage, { items: twoItems });
  expect(await claim.does('C-301', 'withdraw', { item: 'item-2' })).toMatchObject({ kind: 'recorded' });
  expect((await claim.state()).items.map(({ outcome }) => outcome?.kind)).toEqual([undefined, 'withdrawn']);
  expect((await expectationsOf(claim)).filter((id) => id.includes('item-2'))).toEqual([]);
  expect(await sentOf(claim, 'withdrawn')).toEqual(expect.arrayContaining(['withdrawn/email → party-2']));
  await isComplete(claim);
  await assesses(claim, 'item-1', 200_000);
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'partly-paid' });
});

test('all is withdrawn: nothing is waited for any more, nobody is chased, and the claim closes', async () => {
  const claim = await files(stage, { items: twoItems });
  await claim.does('H-101', 'withdraw');
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
  const ended = (await claim.journal()).filter((entry) => entry.kind === 'expectation-ended');
  expect(new Set(ended.map(({ how }) => how))).toEqual(new Set(['withdrawn']));
});

test('sent back because a page is missing: exactly that document is asked for again, and all that rested on it is done again (S7)', async () => {
  const claim = await files(stage, {
    items: [{ object: 'insured-vehicle', party: 'wang', claimed: '8000' }],
  });
  await isComplete(claim);
  await brings(claim, 'repair-invoice');
  await assesses(claim, 'item-1', 800_000);
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await stands(claim, 'review:item-1');
  const back = { item: 'item-1', to: 'documents', reason: 'page-missing' };
  expect(
    await claim.does('R-501', 'return-for-rework', { ...back, documents: ['police-determination'] }),
  ).toMatchObject({ reason: 'unknown-document', sentence: expect.stringContaining('accident-certificate') });
  expect(
    await claim.does('R-501', 'return-for-rework', { ...back, documents: ['repair-invoice'] }),
  ).toMatchObject({ kind: 'recorded' });
  expect(await expectationsOf(claim)).toEqual(['document:item-1:repair-invoice']);
  expect((await claim.state()).items[0]).toMatchObject({
    returned: 1,
    documents: { 'repair-invoice': { state: 'rejected', reason: 'page-missing' } },
  });
  await brings(claim, 'repair-invoice');
  await assesses(claim, 'item-1', 800_000);
  await claim.does('V-401', 'verify', { item: 'item-1', version: 2 });
  await stands(claim, 'review:item-1');
  await claim.approves('R-501', 'item-1');
  await bankPays(claim, 0);
  expect(await claim.result()).toMatchObject({ outcome: 'paid' });
  expect((await kindsOf(claim)).filter((kind) => kind === 'receipt-issued')).toHaveLength(2);
});

test('a document that comes late for an item whose payment is with the bank, or that has been paid, holds up nothing and is looked at', async () => {
  const claim = await files(stage, {
    items: [
      { object: 'insured-vehicle', party: 'wang', claimed: '6000' },
      { object: 'third-party-vehicle', party: 'li', claimed: '1000' },
    ],
  });
  await isComplete(claim);
  await brings(claim, 'repair-invoice', 'item-1');
  await assesses(claim, 'item-1', 500_000);
  const payment = await atTheBank(claim, 0);

  await uploads(claim, 'repair-invoice', 'item-1');
  expect(await expectationsOf(claim)).toEqual([
    'check:item-1:repair-invoice',
    `confirm:${payment}`,
    'document:item-2:repair-invoice',
  ]);
  await claim.does('C-301', 'reject-document', {
    item: 'item-1',
    document: 'repair-invoice',
    reason: 'unreadable',
  });
  await claim.reports('bank-confirmed', { payment, reference: 'B' });
  await claim.until('paid', ({ items }) => items[0]?.outcome?.kind === 'paid');

  await uploads(claim, 'repair-invoice', 'item-1');
  expect(await expectationsOf(claim)).toEqual([
    'check:item-1:repair-invoice',
    'document:item-2:repair-invoice',
    'late:item-1',
  ]);
  expect(
    await claim.does('C-301', 'accept-document', { item: 'item-1', document: 'repair-invoice' }),
  ).toMatchObject({ kind: 'recorded' });
  expect((await claim.state()).items[0]).toMatchObject({
    outcome: { kind: 'paid' },
    documents: { 'repair-invoice': { state: 'accepted' } },
  });
  await claim.does('C-301', 'withdraw', { item: 'item-2' });
  // It was paid with a cut, which the paper may undo: a supervisor says that it does not (S36).
  await claim.does('U-901', 'keep-decision', { item: 'item-1', note: aNote('the-same-invoice') });
  expect(await claim.result()).toMatchObject({ outcome: 'partly-paid' });
});

test('a document that is rejected is asked for again, with the reason, and counts as missing until the next is accepted (S4)', async () => {
  const claim = await files(stage);
  await survey(claim);
  await uploads(claim, 'driving-licence');
  expect(await expectationsOf(claim)).toEqual([
    'check:claim:driving-licence',
    'document:claim:police-determination',
  ]);
  expect(
    await claim.does('C-301', 'reject-document', {
      document: 'driving-licence',
      reason: 'unreadable',
    }),
  ).toMatchObject({ kind: 'recorded' });
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  expect(await sentOf(claim, 'document-rejected')).toEqual([
    'document-rejected/email → party-1',
    'document-rejected/sms → party-1',
  ]);
  expect(await expectationsOf(claim)).toEqual([
    'document:claim:driving-licence',
    'document:claim:police-determination',
  ]);
  await stage.passes('4 days');
  expect(await sentOf(claim, 'documents-reminder')).toEqual(['documents-reminder/sms → party-1']);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
  await stands(claim, 'assess:item-1');
  await claim.does('C-301', 'withdraw');
  expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
});

test('a message of an unknown name is denied and journalled, and the claim continues', async () => {
  const claim = await files(stage);
  await claim.state();
  await expect(
    claim.handle.executeUpdate('aprove', { args: [{ id: 'mistyped', item: 'item-1' }] }),
  ).rejects.toMatchObject({ cause: { type: 'Denied', message: expect.stringContaining('approve') } });
  await claim.state();
  await claim.handle.signal('documentArived', { id: 'mistyped' });
  await survey(claim);
  expect(await denialsOf(claim)).toEqual(['malformed', 'malformed']);
});

test('nothing of all that leaves personal data in journal, states, expectations or ledger', async () => {
  expect(await placesInRecords(personalValues, stage.database)).toEqual([]);
});

test('no open claim is silent for longer than its pack says: the claimant reads who it waits for, since when and what is next', async () => {
  const claim = await files(stage);
  await survey(claim);
  await brings(claim, 'driving-licence');
  await brings(claim, 'accident-certificate');
  await claim.until('sent', ({ outbox }) => outbox.length === 0);
  await stage.passes('60 days');
  const messages = (await claim.journal()).flatMap((entry) =>
    entry.kind === 'notification-planned' && entry.notification.to.party === 'party-1'
      ? [{ at: Date.parse(entry.at), kind: entry.notification.kind }]
      : [],
  );
  const gaps = messages.slice(1).map(({ at }, index) => (at - (messages[index]?.at ?? 0)) / 86_400_000);
  expect(Math.max(...gaps)).toBeLessThanOrEqual(14.001);
  expect(messages.filter(({ kind }) => kind === 'progress')).toHaveLength(8);
  const mail = stage.email.sent.findLast(({ reference }) => reference.startsWith(`${claim.number}/progress`));
  expect(mail?.text).toContain('定损');
  await claim.does('C-301', 'withdraw');
  await claim.result();
});

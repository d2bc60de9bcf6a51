import type { JournalEntry } from '../../domain/claim/journal.ts';
import { aNotice, li, wang } from '../support/notices.ts';
import { openStage, type ClaimOnStage, type Stage } from '../support/stage.ts';
import { assesses, atTheBank, bankPays, brings, isComplete, stands, uploads } from '../support/steps.ts';

interface Played {
  journal: JournalEntry[];
  notified: string[];
  runs: number;
  interruptions: number;
  /** The bank's orders, in minor units. */
  paid: number[];
}

/**
 * A story with most of what may happen, on a stage of its own; gives its journal and through how many runs it
 * went.
 */
async function story(runEvents: number, isInterrupted = false): Promise<Played> {
  const stage = await openStage({ runEvents });
  try {
    return await runStory(stage, isInterrupted);
  } finally {
    await stage.close();
  }
}

/** The same claim, which is interrupted before each message. */
function interrupting(claim: ClaimOnStage, count: () => void): ClaimOnStage {
  const interrupted = (): Promise<void> => {
    count();
    return claim.isInterrupted();
  };
  return {
    ...claim,
    does: (...given) => interrupted().then(() => claim.does(...given)),
    approves: (...given) => interrupted().then(() => claim.approves(...given)),
    reports: (...given) => interrupted().then(() => claim.reports(...given)),
  };
}

async function runStory(stage: Stage, isInterrupted: boolean): Promise<Played> {
  const now = new Date(await stage.env.currentTimeMs());
  const { account: _, ...liWithoutAccount } = li;
  const filed = await stage.files(
    aNotice(
      {
        parties: [wang, liWithoutAccount],
        items: [
          { object: 'insured-vehicle', party: 'wang', claimed: '8000' },
          { object: 'third-party-vehicle', party: 'li', claimed: '1000' },
        ],
      },
      now,
    ),
  );
  let interruptions = 0;
  const claim = isInterrupted ? interrupting(filed, () => (interruptions += 1)) : filed;
  await stage.passes('4 days');
  await isComplete(claim);
  await uploads(claim, 'repair-invoice', 'item-1');
  await claim.does('C-301', 'reject-document', {
    item: 'item-1',
    document: 'repair-invoice',
    reason: 'unreadable',
  });
  await brings(claim, 'repair-invoice', 'item-1');
  await assesses(claim, 'item-1', 800_000);
  await claim.does('V-401', 'verify', { item: 'item-1', version: 1 });
  await stands(claim, 'review:item-1');
  await claim.does('R-501', 'return-for-rework', { item: 'item-1', to: 'assess', reason: 'price-too-high' });
  await assesses(claim, 'item-1', 700_000);
  await claim.does('V-401', 'verify', { item: 'item-1', version: 2 });
  await stands(claim, 'review:item-1');
  await claim.approves('R-501', 'item-1');
  const returned = await atTheBank(claim, 0);
  stage.bank.words[returned] = { kind: 'returned', reason: 'AC04' };
  await claim.reports('bank-returned', { payment: returned, reason: 'AC04' });
  await stands(claim, 'payee:item-1');
  await claim.does('H-101', 'set-payee', {
    item: 'item-1',
    party: 'party-1',
    account: await stage.keepsAccount(claim.number, 'party-1', '6222020090003333'),
  });
  await claim.does('F-801', 'clear-payment', { item: 'item-1', finding: 'account-wrong' });
  await stands(claim, 'review:item-1');
  await claim.approves('R-501', 'item-1');
  await bankPays(claim, 0);
  await brings(claim, 'repair-invoice', 'item-2');
  await assesses(claim, 'item-2', 100_000);
  await stands(claim, 'payee:item-2');
  await stage.passes('8 days');
  await claim.does('C-301', 'record-call', { party: 'party-2', outcome: 'reached' });
  await claim.does('C-301', 'withdraw', { item: 'item-2' });
  await claim.result();
  return {
    journal: await claim.journal(),
    notified: await claim.notified(),
    runs: (await claim.histories()).length,
    interruptions,
    paid: stage.bank.orders.map(({ amount }) => amount.minor),
  };
}

/** What happened, whatever the times and the order in which messages were delivered. */
const happened = (journal: JournalEntry[]): string[] =>
  journal
    .filter(({ kind }) => kind !== 'notification-ended')
    .map(
      (entry) =>
        `${entry.by} ${entry.kind}${'expectation' in entry && typeof entry.expectation === 'string' ? ` ${entry.expectation.replace(/L\w{4}-\w{5}/, 'L')}` : ''}`,
    );

/** What became of a payment is asked for when the claim is taken up, so the bank's report finds it known. */
const byAnySender = (journal: JournalEntry[]): string[] =>
  happened(journal).map((line) => line.replace(/^bank /, 'lipei '));

test('a claim that is ended and taken up from the records before each message has the same journal, sends and pays the same', async () => {
  const [interrupted, never] = [await story(100_000, true), await story(100_000)];
  expect(interrupted.interruptions).toBeGreaterThan(15);
  expect(byAnySender(interrupted.journal)).toEqual(byAnySender(never.journal));
  expect(interrupted.notified).toEqual(never.notified);
  expect(interrupted.paid).toEqual(never.paid);
});

test('a claim that goes through many runs has the same journal, and sends the same, as one that never leaves its first', async () => {
  const [often, never] = [await story(30), await story(100_000)];
  expect(never.runs).toBe(1);
  expect(often.runs).toBeGreaterThan(8);
  expect(happened(often.journal)).toEqual(happened(never.journal));
  expect(often.notified).toEqual(never.notified);
});

test('a run that is too short for anything still does something before it hands over', async () => {
  const stage = await openStage({ runEvents: 5 });
  try {
    const claim = await stage.files(aNotice({}, new Date(await stage.env.currentTimeMs())));
    await isComplete(claim);
    await claim.does('C-301', 'withdraw');
    expect(await claim.result()).toMatchObject({ outcome: 'withdrawn' });
    expect((await claim.histories()).length).toBeLessThan(30);
  } finally {
    await stage.close();
  }
});

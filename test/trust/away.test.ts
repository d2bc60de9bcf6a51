import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../support/local-stack.ts';
import { openGround, updates, type Ground } from './ground.ts';

let ground: Ground;
beforeAll(async () => {
  ground = await openGround();
}, 120_000);
afterAll(() => ground.close(), 60_000);

/** An act is fresh for two minutes after it was signed. */
const longerThanFreshMs = 125_000;

test('workers are away for minutes while the bank reports: the report counts, an act that was signed meanwhile is stale, and no payment is doubled', async () => {
  const { paidByRules, stopWorker, startWorker, act, atBank, until, journal, handle, intruder, denials } =
    ground;
  // The third party's car keeps the claim open.
  const items = ['wang', 'li'].map((party, index) => ({
    object: index === 0 ? 'insured-vehicle' : 'third-party-vehicle',
    party,
    claimed: '2000',
  }));
  const { claim, payment } = await paidByRules({ items });
  await stopWorker();
  const since = Date.now();
  const { signs, staff } = ground;
  const proof = await signs(await staff('C-301'), claim, 'request-withdrawal');
  // Through the API: nobody takes it, so the clerk is answered that nothing is known of it.
  const answered = act('C-301', claim, 'record-call', { party: 'party-1', outcome: 'reached' });
  // The bank pays meanwhile, and reports it to the API, which signs it.
  await eventually(
    'reported',
    async () => (await handle(claim).fetchHistory()).events ?? [],
    (events) =>
      events.some(
        ({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName === 'bank-confirmed',
      ),
  );
  expect(await answered).toMatchObject({ status: 503 });
  await pause(Math.max(0, longerThanFreshMs - (Date.now() - since)));
  const late = updates(intruder, claim, 'request-withdrawal', proof);
  await startWorker();
  await until(claim, 'paid', ({ items: [item] }) => item?.outcome?.kind === 'paid');
  expect(await late).toMatchObject({ answer: { kind: 'denied', reason: 'stale-proof' } });
  expect(new Set(await denials(claim))).toEqual(new Set(['stale-proof']));
  const kinds = (await journal(claim)).map(({ kind }) => kind);
  expect(kinds).toContain('payment-confirmed');
  expect(kinds).not.toContain('withdrawal-requested');
  expect(kinds).not.toContain('call-recorded');
  expect((await atBank(claim)).map(({ id }) => id)).toEqual([payment]);
}, 240_000);

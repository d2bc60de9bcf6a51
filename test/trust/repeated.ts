import { createHash } from 'node:crypto';
import { hashOf } from '../../domain/hash.ts';
import { eventually } from '../support/local-stack.ts';
import { isWaitingFor, recordedOr, signals, updates, type Ground } from './ground.ts';

export function repeated(ground: () => Ground): void {
  const countOf = async (claim: string, kind: string): Promise<number> =>
    (await ground().journal(claim)).filter((entry) => entry.kind === kind).length;
  const calls = (claim: string, key: string, outcome = 'reached') =>
    ground().act('C-301', claim, 'record-call', { party: 'party-1', outcome }, key);

  // Ids were remembered by the two hundred, so a flood made room for an old act.
  test('an act that is sent again after a flood of 205 messages counts once (R3)', async () => {
    const { files, proofInHistory, intruder, denials } = ground();
    const claim = await files();
    recordedOr(await calls(claim, 'the-call'));
    const proof = await proofInHistory(claim, 'record-call');
    expect(await updates(intruder, claim, 'record-call', proof)).toMatchObject({
      answer: { kind: 'recorded' },
    });
    await Promise.all(
      Array.from({ length: 205 }, (_, index) =>
        signals(intruder, claim, 'text-arrived', { id: `flood-${index}`, party: 'party-1', note: 'n' }),
      ),
    );
    await eventually(
      'flooded',
      () => denials(claim),
      (all) => all.length === 205,
    );
    expect(await updates(intruder, claim, 'record-call', proof)).toMatchObject({
      answer: { kind: 'recorded' },
    });
    expect(await countOf(claim, 'call-recorded')).toBe(1);
  });

  test('a note under the id that the bank’s confirmation will have swallows nothing (R4)', async () => {
    const { files, assessed, atBank, act, until } = ground();
    const claim = await files();
    const payment = `${claim}-item-1-payment-1`;
    // As the stand-in makes its references, and the API its ids: anybody can foresee them.
    const reference = `BK${createHash('sha256').update(payment).digest('hex').slice(0, 14).toUpperCase()}`;
    const id = `${payment}:confirmed:${hashOf({ payment, reference }).slice(0, 16)}`;
    recordedOr(await act('C-301', claim, 'add-note', { note: 'Swallow it.' }, id));
    await assessed(claim, '2000');
    const { outcome } = await until(claim, 'closed', (seen) => seen.outcome !== undefined);
    expect(outcome).toBe('paid');
    expect(await atBank(claim)).toMatchObject([{ id: payment, reference }]);
    const confirmed = (await ground().journal(claim)).find(({ kind }) => kind === 'payment-confirmed');
    expect(confirmed).toMatchObject({ message: id, received: { from: 'provider bank' } });
  });

  test('one idempotency key for a note and a call: the second is a 422 and a denial, never "recorded" (R4)', async () => {
    const { files, act, denials } = ground();
    const claim = await files();
    recordedOr(await act('C-301', claim, 'add-note', { note: 'First.' }, 'one-key'));
    expect(await calls(claim, 'one-key')).toMatchObject({ status: 422, body: { reason: 'id-used' } });
    expect(await countOf(claim, 'call-recorded')).toBe(0);
    expect(await denials(claim)).toEqual(['id-used']);
    recordedOr(await calls(claim, 'another-key'));
    recordedOr(await calls(claim, 'another-key'));
    expect(await countOf(claim, 'call-recorded')).toBe(1);
  });

  test('a report of the bank counts once, however often and late it comes, and not for another claim', async () => {
    const { paidByRules, bankReports, until, journal, signs, intruder, denials, files } = ground();
    const { claim, payment } = await paidByRules();
    await until(claim, 'closed', (seen) => seen.outcome !== undefined);
    const [confirmed] = (await journal(claim)).flatMap((entry) =>
      entry.kind === 'payment-confirmed' ? entry : [],
    );
    const reference = confirmed?.reference ?? '';
    for (const _ of [1, 2]) expect(await bankReports({ payment, status: 'ACSC', reference })).toBe(204);
    const another = await files();
    const old = await signs({ kind: 'provider', name: 'bank' }, claim, 'bank-confirmed', {
      payment,
      reference,
    });
    await signals(intruder, another, 'bank-confirmed', old);
    await eventually(
      'denied',
      () => denials(another),
      (all) => all.length === 1,
    );
    expect(await denials(another)).toEqual(['forged-proof']);
    expect(await countOf(claim, 'payment-confirmed')).toBe(1);
  });

  test('returned and then confirmed: the payment is held, and one leaves (M12)', async () => {
    const { paidByRules, bankReports, until, act, atBank } = ground();
    const { claim, payment } = await paidByRules();
    expect(await bankReports({ payment, status: 'RJCT', reason: 'AC04' })).toBe(204);
    await until(claim, 'held', isWaitingFor('clear:item-1'));
    // The stand-in really pays, and reports it a moment later.
    await eventually(
      'both reports',
      () => countOf(claim, 'payment-held'),
      (count) => count > 0,
    );
    expect((await ground().state(claim)).outcome).toBeUndefined();
    recordedOr(await act('F-801', claim, 'clear-payment', { item: 'item-1', finding: 'paid-once' }));
    await until(claim, 'closed', (seen) => seen.outcome === 'paid');
    expect((await atBank(claim)).map(({ id }) => id)).toEqual([payment]);
  });

  test('a payment that comes back after closing reaches finance and operations, and is paid again by the same road (M10)', async () => {
    const { paidByRules, until, act, atBank, ask, approves, bank } = ground();
    const { claim, payment } = await paidByRules();
    await until(claim, 'closed', (seen) => seen.outcome === 'paid');
    await eventually(
      'ended',
      () => ground().handle(claim).describe(),
      ({ status }) => status.name === 'COMPLETED',
    );
    expect((await fetch(`${bank}/stand-in/payments/${payment}/return`, { method: 'POST' })).status).toBe(204);
    await until(claim, 'held', isWaitingFor('clear:item-1'));
    const work = await ask('F-801', 'GET', '/work');
    expect(work.text).toContain(claim);
    expect(
      await act('H-101', claim, 'set-payee', { item: 'item-1', account: '6222020060004444' }),
    ).toMatchObject({ status: 200 });
    recordedOr(await act('F-801', claim, 'clear-payment', { item: 'item-1', finding: 'account-wrong' }));
    await until(claim, 'at the reviewers', isWaitingFor('review:item-1'));
    recordedOr(await approves('R-501', claim));
    await until(claim, 'closed again', (seen) => seen.outcome === 'paid');
    expect((await atBank(claim)).map(({ id, status }) => [id.slice(-9), status])).toEqual([
      ['payment-1', 'RJCT'],
      ['payment-2', 'ACSC'],
    ]);
  });
}

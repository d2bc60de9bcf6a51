import { actNames, isOpenAct } from '../../domain/claim/acts.ts';
import { reportNames, reports, type Reporter } from '../../domain/claim/reports.ts';
import { providers, type Signer } from '../../domain/signed-payload.ts';
import { eventually } from '../support/local-stack.ts';
import { aNotice } from '../support/notices.ts';
import { claimNumber, workflowIdOf } from '../../domain/ids.ts';
import { isWaitingFor, recordedOr, signals, substance, updates, type Ground } from './ground.ts';

const reporters: Record<Reporter, Signer> = {
  bank: { kind: 'provider', name: 'bank' },
  sms: { kind: 'provider', name: 'sms' },
  mail: { kind: 'provider', name: 'mail' },
  system: { kind: 'system' },
};

export function table(ground: () => Ground): void {
  test('every act and every report, from each sender that may not send it: denied with the reason, and nothing changes', async () => {
    const { files, signs, staff, intruder, state, denials } = ground();
    const claim = await files();
    const before = await state(claim);
    const strangers: Signer[] = [
      ...providers.map((name): Signer => ({ kind: 'provider', name })),
      { kind: 'system' },
      { kind: 'party', party: 'party-1' },
    ];
    const expected: string[] = [];
    for (const name of actNames) {
      if (!isOpenAct(name)) {
        expect([name, await updates(intruder, claim, name, { id: `unsigned-${name}` })]).toEqual([
          name,
          { red: 'no-proof' },
        ]);
        expected.push('no-proof');
      }
      for (const by of strangers) {
        const payload = await signs(by, claim, name);
        expect([name, by, await updates(intruder, claim, name, payload)]).toMatchObject([
          name,
          by,
          { answer: { kind: 'denied', reason: 'may-not-send' } },
        ]);
        expected.push('may-not-send');
      }
    }
    for (const name of reportNames) {
      await signals(intruder, claim, name, { id: `unsigned-${name}` });
      expected.push('no-proof');
      const from: readonly Reporter[] = reports[name].from;
      const others = [
        reporters.bank,
        reporters.sms,
        reporters.mail,
        reporters.system,
        await staff('M-601'),
        { kind: 'party', party: 'party-1' } as const,
      ].filter((by) => !from.some((may) => reporters[may] === by));
      expect(others.length).toBe(6 - from.length);
      for (const by of others) {
        await signals(intruder, claim, name, await signs(by, claim, name));
        expected.push('may-not-send');
      }
    }
    const seen = await eventually(
      'all denied',
      () => denials(claim),
      (all) => all.length >= expected.length,
    );
    expect(seen.toSorted()).toEqual(expected.toSorted());
    expect(substance(await state(claim))).toEqual(substance(before));
  });

  describe('what anybody may send from the Temporal UI', () => {
    test('a claim that is started by hand has an unknown filer, and the rules release nothing of it', async () => {
      const { ui, ownPolicy, journal, assessed, until, atBank, approves, act } = ground();
      const notice = aNotice({ policy: await ownPolicy() });
      const claim = claimNumber(notice.source, notice.reference);
      await ui.workflow.start('claim', { workflowId: 'typed', taskQueue: 'claims', args: [notice] });
      await eventually(
        'opened',
        () => journal(claim),
        (all) => all.some(({ kind }) => kind === 'acknowledged'),
      );
      expect((await journal(claim))[0]).toMatchObject({ kind: 'claim-opened', by: 'anybody' });
      await assessed(claim, '2000');
      const { items } = await until(
        claim,
        'at people',
        (seen) => isWaitingFor('verify:item-1')(seen) || isWaitingFor('review:item-1')(seen),
      );
      expect(items[0]?.payments).toEqual([]);
      if (isWaitingFor('verify:item-1')(await ground().state(claim))) {
        recordedOr(await act('V-401', claim, 'verify', { item: 'item-1', version: 1 }));
        await until(claim, 'at the reviewers', isWaitingFor('review:item-1'));
      }
      expect(await atBank(claim)).toEqual([]);
      recordedOr(await approves('R-501', claim));
      await eventually(
        'paid',
        () => atBank(claim),
        (all) => all.length === 1,
      );
    });

    // Approved and paid although the customer wanted to withdraw.
    test('a withdrawal that anybody asks for holds the money until a handler has answered (M21)', async () => {
      const { files, ui, assessed, until, atBank, approves, act, state } = ground();
      const claim = await files({
        items: [{ object: 'insured-vehicle', party: 'wang', claimed: '20000' }],
      });
      await assessed(claim, '20000', [
        ['driving-licence', 'licence.jpg'],
        ['police-determination', 'police-determination.pdf'],
        ['repair-invoice', 'repair-invoice.pdf'],
      ]);
      await until(claim, 'at the verifier', isWaitingFor('verify:item-1'));
      recordedOr(await act('V-401', claim, 'verify', { item: 'item-1', version: 1 }));
      await until(claim, 'at the reviewers', isWaitingFor('review:item-1'));
      expect(await updates(ui, claim, 'request-withdrawal', { id: 'typed' })).toMatchObject({
        answer: { kind: 'recorded' },
      });
      recordedOr(await approves('R-501', claim));
      await new Promise((wake) => setTimeout(wake, 1_000));
      expect(await atBank(claim)).toEqual([]);
      expect((await state(claim)).withdrawalRequested).toBe(true);
      recordedOr(await act('C-301', claim, 'cancel-withdrawal'));
      await eventually(
        'paid',
        () => atBank(claim),
        (all) => all.length === 1,
      );
    });

    test('"look at the bank again" and "retry" are taken at a bounded rate, and harm nothing', async () => {
      const { paidByRules, ui, until, atBank, journal } = ground();
      const { claim, payment } = await paidByRules();
      expect(await updates(ui, claim, 'ask-bank', { id: 'typed-1' })).toMatchObject({
        answer: { kind: 'recorded' },
      });
      const again = await Promise.all(
        [2, 3, 4].map(async (nth) => updates(ui, claim, 'ask-bank', { id: `typed-${nth}` })),
      );
      // Journalled, and red in the UI.
      expect(again).toEqual([{ red: 'not-now' }, { red: 'not-now' }, { red: 'not-now' }]);
      expect(await updates(ui, claim, 'retry', { id: 'typed-5' })).toEqual({ red: 'not-now' });
      await until(claim, 'closed', ({ outcome }) => outcome === 'paid');
      expect((await atBank(claim)).map(({ id }) => id)).toEqual([payment]);
      expect((await journal(claim)).filter(({ kind }) => kind === 'bank-asked')).toMatchObject([
        { by: 'anybody' },
      ]);
    });

    test('a message with a name that no claim knows is denied, and the claim continues', async () => {
      const { files, ui, denials, act } = ground();
      const claim = await files();
      expect(await updates(ui, claim, 'approve-everything', { id: '1' })).toEqual({ red: 'malformed' });
      await ui.workflow.getHandle(workflowIdOf(claim)).signal('pay-me', { id: '2' });
      await eventually(
        'denied twice',
        () => denials(claim),
        (all) => all.length === 2,
      );
      expect(await denials(claim)).toEqual(['malformed', 'malformed']);
      recordedOr(await act('C-301', claim, 'add-note', { note: 'It continues.' }));
    });
  });
}

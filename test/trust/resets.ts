import proto from '@temporalio/proto';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { hashOf } from '../../domain/hash.ts';
import { workflowIdOf } from '../../domain/ids.ts';
import { compareSignal } from '../../workflows/contract.ts';
import { eventually } from '../support/local-stack.ts';
import { largePapers, recordedOr, substance, sure, type Ground } from './ground.ts';

const { ResetReapplyType } = proto.temporal.api.enums.v1;

/** Somebody resets workflows, by the Temporal UI or its command line: the records win. */
export function resets(ground: () => Ground): void {
  /** Of the run that was reset, and of the run that is new. */
  async function reset(
    claim: string,
    reapply: 'messages too' | 'nothing',
    at: 'start' | 'end',
  ): Promise<void> {
    const { connection, handle } = ground();
    const { runId } = await handle(claim).describe();
    const { events } = await handle(claim).fetchHistory();
    const tasks = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
    const task = sure(at === 'start' ? tasks[0] : tasks.at(-1));
    await connection.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: workflowIdOf(claim), runId },
      workflowTaskFinishEventId: sure(task.eventId),
      requestId: randomUUID(),
      reason: 'tried',
      resetReapplyType:
        reapply === 'nothing'
          ? ResetReapplyType.RESET_REAPPLY_TYPE_NONE
          : ResetReapplyType.RESET_REAPPLY_TYPE_ALL_ELIGIBLE,
    });
  }

  const owned = async (claim: string): Promise<void> => {
    const { handle, database } = ground();
    await eventually(
      `${claim} has the run that owns it`,
      async () => {
        const { runId, status } = await handle(claim).describe();
        const owner = await database.claimOwner.findUnique({ where: { claim } });
        return status.name !== 'RUNNING' || owner?.run === runId;
      },
      (isOwned) => isOwned,
    );
  };

  /** What left the house for a claim: payments at the bank, texts and mails that a provider took. */
  async function left(claim: string): Promise<object> {
    const { atBank, database, sms } = ground();
    const texts = texted.parse(await (await fetch(`${sms}/stand-in/messages`)).json()).messages;
    const planned = await database.notification.findMany({ where: { claim }, orderBy: { reference: 'asc' } });
    const ids = new Set(planned.map(({ providerId }) => providerId));
    return {
      payments: (await atBank(claim)).map(({ id, amount }) => `${id} ${amount}`),
      texts: texts.filter(({ id }) => ids.has(id)).length,
      planned: planned.map(({ reference }) => reference),
    };
  }

  test.each([
    ['messages too', 'start'],
    ['nothing', 'start'],
  ] as const)(
    'a paid claim that is reset (%s, to its %s) pays and says nothing anew, answers nothing, and ends again as the records have it (M20)',
    async (reapply, at) => {
      const { paidByRules, until, handle, journal, signs, staff, intruder } = ground();
      const { claim } = await paidByRules();
      await until(claim, 'closed', ({ outcome }) => outcome === 'paid');
      await eventually(
        'ended',
        () => handle(claim).describe(),
        ({ status }) => status.name === 'COMPLETED',
      );
      const [before, entries] = [await left(claim), await journal(claim)];
      await reset(claim, reapply, at);
      // As if it were assessed anew, at more: signed as the API would.
      const more = await signs(await staff('C-301'), claim, 'assess', {
        item: 'item-1',
        amountMinor: 550_000,
      });
      await intruder.workflow
        .getHandle(workflowIdOf(claim))
        .executeUpdate('assess', { args: [more] })
        .then(
          (answer) => expect(answer).toMatchObject({ kind: 'denied' }),
          () => undefined,
        );
      await handle(claim)
        .signal(compareSignal)
        .catch(() => undefined);
      await eventually(
        'ended anew',
        () => handle(claim).describe(),
        ({ status }) => status.name === 'COMPLETED',
      );
      expect(await left(claim)).toEqual(before);
      const after = await journal(claim);
      expect(after.slice(0, entries.length)).toEqual(entries);
      expect(after.slice(entries.length).every(({ kind }) => kind === 'message-denied')).toBe(true);
    },
  );

  test.each([
    ['waits for its survey', async () => ground().files()],
    [
      'waits for reviewers',
      async () => {
        const { files, assessed, until } = ground();
        const claim = await files({ items: [{ object: 'insured-vehicle', party: 'wang', claimed: '9000' }] });
        await assessed(claim, '9000', largePapers);
        await until(claim, 'verified or reviewed', ({ items }) => items[0]?.assessment !== undefined);
        return claim;
      },
    ],
  ])(
    'an open claim that %s is reset to its start: it continues where the records have it',
    async (_, open) => {
      const claim = await open();
      const { handle, state, act, journal } = ground();
      const [before, gone] = [substance(await state(claim)), await left(claim)];
      await reset(claim, 'messages too', 'start');
      await handle(claim).signal(compareSignal);
      await owned(claim);
      await eventually(
        'as it was',
        () => state(claim),
        (now) => hashOf(substance(now)) === hashOf(before),
      );
      expect(await left(claim)).toEqual(gone);
      recordedOr(await act('C-301', claim, 'record-call', { party: 'party-1', outcome: 'reached' }));
      expect((await journal(claim)).some(({ kind }) => kind === 'call-recorded')).toBe(true);
    },
  );

  test('the first act after a reset is decided on the claim as the records have it, and is in the records', async () => {
    const { files, act, journal, state } = ground();
    const claim = await files();
    recordedOr(await act('S-201', claim, 'report-survey', { onScene: true, findings: 'as reported' }));
    await reset(claim, 'nothing', 'start');
    // The run that was reset believes that the survey is open.
    expect(
      await act('S-201', claim, 'report-survey', { onScene: true, findings: 'once more' }),
    ).toMatchObject({ status: 409 });
    recordedOr(await act('C-301', claim, 'record-call', { party: 'party-1', outcome: 'reached' }));
    expect((await journal(claim)).filter(({ kind }) => kind === 'survey-reported')).toHaveLength(1);
    expect((await state(claim)).survey).toBeDefined();
  });

  test('a payment that is on its way while its claim is reset is made once', async () => {
    const { files, assessed, until, atBank, bank, handle } = ground();
    const claim = await files();
    // The bank makes it, and never answers.
    await fetch(`${bank}/stand-in/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'hang', times: 1 }),
    });
    await assessed(claim, '2000');
    await until(claim, 'instructed', ({ items }) => items[0]?.payments[0] !== undefined);
    await reset(claim, 'messages too', 'end');
    await handle(claim)
      .signal(compareSignal)
      .catch(() => undefined);
    await eventually(
      'paid',
      async () => (await ground().database.claim.findUnique({ where: { number: claim } }))?.outcome,
      (outcome) => outcome === 'paid',
    );
    expect(await atBank(claim)).toHaveLength(1);
  });
}

const texted = z.object({ messages: z.array(z.looseObject({ id: z.string() })) });

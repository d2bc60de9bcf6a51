import { z } from 'zod';
import { workflowIdOf } from '../../domain/ids.ts';
import { eventually } from '../support/local-stack.ts';
import { isWaitingFor, papers, recordedOr, sure, type Ground } from './ground.ts';

const texts = z.object({
  messages: z.array(z.looseObject({ direction: z.string(), to: z.string(), body: z.string() })),
});
const mails = z.array(
  z.looseObject({
    envelope: z.looseObject({ to: z.array(z.looseObject({ address: z.string() })) }),
    subject: z.string(),
  }),
);

const json = async (url: string): Promise<unknown> => (await fetch(url)).json();
const twice = (all: string[]): string[] => all.filter((each, index) => all.indexOf(each) !== index);

/** Claims that are open and that nothing runs, and records that hold less than the runs know. */
export function resumes(ground: () => Ground): void {
  /** `unknown`: the engine has deleted it. */
  const stateOf = (claim: string): Promise<string> =>
    ground()
      .handle(claim)
      .describe()
      .then(
        ({ status }) => status.name,
        () => 'unknown',
      );
  const resume = (claim: string) => ground().ask('O-951', 'POST', `/claims/${claim}/resume`, {});
  const looks = async () => recordedOr(await ground().ask('O-951', 'POST', '/claims/resume', {}));
  const problems = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await ground().ask('O-951', 'GET', '/problems')).body.map(
        ({ claim, problem }: { claim: string; problem: string }) => [claim, problem],
      ),
    );

  /** Everything that went out to the claim's parties, and what the bank was instructed with. */
  async function wentOut(claim: string): Promise<string[]> {
    const { ports, database, atBank } = ground();
    const rows = await database.notification.findMany({ where: { claim } });
    const { messages } = texts.parse(await json(`http://127.0.0.1:${ports.sms}/stand-in/messages`));
    const all = mails.parse(await json(`http://127.0.0.1:${ports.mailbox}/api/email`));
    const tail = claim.slice(-5);
    return [
      ...messages
        .filter(({ direction, body }) => direction === 'outbound-api' && body.includes(tail))
        .map(({ to, body }) => `sms ${to} ${body}`),
      ...all
        .filter(({ subject }) => subject.includes(tail) || subject.includes(claim))
        .flatMap(({ envelope, subject }) => envelope.to.map(({ address }) => `mail ${address} ${subject}`)),
      ...(await atBank(claim)).map(({ id, amount }) => `bank ${id} ${amount}`),
      ...(rows.length === 0 ? ['an empty ledger'] : []),
    ].toSorted();
  }

  const terminates = (claim: string): Promise<void> =>
    ground()
      .handle(claim)
      .terminate('by a test')
      .then(() => undefined);
  /** The engine takes its time for it. */
  const deletes = (claim: string): Promise<object> =>
    ground().connection.workflowService.deleteWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId: workflowIdOf(claim) },
    });

  /** As a backup of the records holds it that was made after entry `seq`. */
  async function restores(claim: string, seq: number): Promise<void> {
    const { database, journal } = ground();
    const planned = (await journal(claim)).flatMap((entry) =>
      entry.kind === 'notification-planned' && entry.seq > seq ? [`${claim}/${entry.notification.id}`] : [],
    );
    await database.$transaction([
      database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`,
      database.journalEntry.deleteMany({ where: { claim, seq: { gt: seq } } }),
      database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`,
      database.payment.deleteMany({ where: { claim } }),
      database.notification.deleteMany({ where: { reference: { in: planned } } }),
    ]);
    if (seq > 0) return;
    await database.$transaction([
      database.notice.deleteMany({ where: { claim } }),
      database.party.deleteMany({ where: { claim } }),
      database.claim.deleteMany({ where: { number: claim } }),
      database.claimOwner.deleteMany({ where: { claim } }),
    ]);
  }

  const closes = (claim: string) => ground().until(claim, 'paid', (seen) => seen.outcome === 'paid');
  const ends = async (claim: string): Promise<void> => {
    const { until, assessed, state } = ground();
    await until(claim, 'open', ({ acknowledged }) => acknowledged);
    if (isWaitingFor('survey')(await state(claim))) await assessed(claim, '2000');
    else {
      await until(claim, 'complete', isWaitingFor('assess:item-1'));
      recordedOr(await ground().act('C-301', claim, 'assess', { item: 'item-1', amount: '2000' }));
    }
    await closes(claim);
  };

  test('terminated or deleted in Temporal at several stages, with a payment in flight: operations see it, it goes the same way, and nothing goes out twice (R1)', async () => {
    const { files, act, assessed, until, bank } = ground();
    const [filed, deleted, complete] = await Promise.all([files(), files(), files()]);
    await deletes(deleted);
    recordedOr(await act('S-201', complete, 'report-survey', { onScene: true, findings: 'as reported' }));
    await ground().brings(complete, papers);
    await until(complete, 'complete', isWaitingFor('assess:item-1'));
    // The bank pays, and never reports it.
    await fetch(`${bank}/stand-in/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'silent' }),
    });
    const paying = await files();
    await assessed(paying, '2000');
    await eventually(
      'paid by the bank',
      () => ground().atBank(paying),
      (all) => all.length === 1 && all[0]?.status === 'ACSC',
    );
    const claims = [filed, deleted, complete, paying];
    const before = await Promise.all(claims.map(wentOut));
    await Promise.all([filed, complete, paying].map(terminates));
    await eventually(
      `${deleted} deleted`,
      () => stateOf(deleted),
      (state) => state === 'unknown',
      60_000,
    );
    await looks();
    await eventually('seen', problems, (seen) =>
      claims.every((claim) => /nothing runs it: it is taken up again/.test(seen[claim] ?? '')),
    );
    await eventually(
      'all run again',
      () => Promise.all(claims.map(stateOf)),
      (states) => states.every((state) => state !== 'TERMINATED' && state !== 'unknown'),
    );
    await Promise.all([...[filed, deleted, complete].map(ends), closes(paying)]);
    for (const [index, claim] of claims.entries()) {
      const after = await wentOut(claim);
      expect(twice(after)).toEqual([]);
      expect(after).toEqual(expect.arrayContaining(sure(before[index])));
      expect(after.filter((each) => each.startsWith('bank'))).toHaveLength(1);
    }
  }, 120_000);

  test('resume says what it did: twice at once, of one that runs, is closed, is broken, is nobody’s', async () => {
    const { files, paidByRules, database, ask } = ground();
    const claim = await files();
    expect((await resume(claim)).body).toEqual({ kind: 'running', claim });
    await terminates(claim);
    const answers = await Promise.all([resume(claim), resume(claim), resume(claim)]);
    expect(answers.map(({ body }) => body.kind).toSorted()).toEqual(['running', 'running', 'taken-up']);
    const { claim: closed } = await paidByRules();
    await closes(closed);
    await eventually(
      'closed in the records',
      () => resume(closed),
      ({ status }) => status === 409,
    );
    expect((await resume(closed)).body.detail).toBe(`${closed} is closed (paid); reopen it to continue it.`);
    expect((await resume('LZZZZ-ZZZZZ')).status).toBe(404);
    expect((await ask('C-301', 'POST', `/claims/${claim}/resume`, {})).status).toBe(403);

    const broken = await files();
    await terminates(broken);
    const change = (words: string) =>
      database.$transaction([
        database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`,
        database.$executeRaw`UPDATE journal_entry SET entry = replace(entry, 'H-101', ${words}) WHERE claim = ${broken} AND seq = 1`,
        database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`,
      ]);
    await change('H-102');
    expect((await resume(broken)).body.detail).toContain('is broken at entry 1');
    await looks();
    await eventually('seen', problems, (seen) =>
      /not taken up, because its journal .*broken at entry 1/.test(seen[broken] ?? ''),
    );
    expect(await stateOf(broken)).toBe('TERMINATED');
    await database.$transaction([
      database.$executeRaw`ALTER TABLE journal_entry DISABLE TRIGGER USER`,
      database.$executeRaw`UPDATE journal_entry SET entry = replace(entry, 'H-102', 'H-101') WHERE claim = ${broken} AND seq = 1`,
      database.$executeRaw`ALTER TABLE journal_entry ENABLE TRIGGER USER`,
    ]);
    expect((await resume(broken)).body.kind).toBe('taken-up');
    await eventually(
      'open',
      () => stateOf(broken),
      (state) => state === 'RUNNING',
    );
  }, 120_000);

  test('records from a backup: what they lack is put back from the histories before anything else, of claims that run, were terminated, have ended, are unknown to them, or have a payment at the bank', async () => {
    const { files, journal, assessed, bank, bankReports, paidByRules } = ground();
    const { claim: ended } = await paidByRules();
    const [runs, terminated, unknown] = await Promise.all([files(), files(), files()]);
    await fetch(`${bank}/stand-in/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ answer: 'silent' }),
    });
    const paying = await files();
    await assessed(paying, '2000');
    await eventually(
      'at the bank',
      () => ground().atBank(paying),
      (all) => all.length === 1,
    );
    await eventually(
      'ended',
      () => stateOf(ended),
      (state) => state === 'COMPLETED',
    );
    const claims = [runs, terminated, unknown, paying, ended];
    const before = await Promise.all(claims.map(journal));
    const out = await Promise.all(claims.map(wentOut));
    await terminates(terminated);
    for (const claim of claims) await restores(claim, claim === unknown || claim === ended ? 0 : 3);
    await looks();
    for (const [index, claim] of claims.entries())
      await eventually(
        `${claim} is whole`,
        async () => (await journal(claim)).slice(0, before[index]?.length),
        (now) => JSON.stringify(now) === JSON.stringify(before[index]),
      );
    const [payment] = await ground().atBank(paying);
    expect(await bankReports({ payment: sure(payment).id, status: 'ACSC', reference: 'BK1' })).toBe(204);
    await Promise.all([...[runs, terminated, unknown].map(ends), closes(paying)]);
    for (const [index, claim] of claims.entries()) {
      const after = await wentOut(claim);
      expect(twice(after)).toEqual([]);
      expect(after).toEqual(expect.arrayContaining(sure(out[index])));
      expect(after.filter((each) => each.startsWith('bank'))).toHaveLength(1);
    }
  }, 120_000);
}

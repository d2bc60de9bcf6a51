import { insure } from '../support/policies.ts';
import { aNote } from '../support/builders.ts';
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Activities } from '../../activities/activities.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { RulePack } from '../../domain/rules/pack.ts';
import { instantOf } from '../../domain/time/time.ts';
import { signStatement } from '../../security/signing.ts';
import { aNotice } from '../support/notices.ts';
import { eventually } from '../support/local-stack.ts';
import { ownSigningKey } from '../support/test-keyring.ts';
import { isWaitingFor, largePapers, recordedOr, sure, updates, type Ground } from './ground.ts';

/** Rules that release everything. */
const generous = (pack: RulePack): RulePack => ({
  ...pack,
  automatic: {
    verifyUpToMinor: 10 ** 12,
    verifyNoticeWithinHours: 10 ** 6,
    payUpToMinor: 10 ** 12,
    oneHandUpToMinor: 10 ** 12,
    payBelowRisk: 10 ** 6,
    aDayMinor: 10 ** 12,
  },
  separateAboveMinor: 10 ** 12,
  review: [{ approvals: 1 }],
});

/** A policy that covers any amount. */
const boundless = {
  jurisdiction: 'CN',
  currency: 'CNY',
  number: 'T-0',
  version: 1,
  people: [],
  special: [],
  line: 'motor',
  from: '2000-01-01T00:00:00.000Z',
  to: '2100-01-01T00:00:00.000Z',
  objects: { 'insured-vehicle': { sumInsuredMinor: 10 ** 12, excessMinor: 0 } },
};

const elsewhere = 'The records do not matter.';

/** Lies in everything: nothing is stored, sent or paid, and everybody is assured of the contrary. */
const inEverything = (honest: Activities): Activities => ({
  openFrom: async (notice) => {
    const answer = await honest.openFrom(notice);
    return answer.kind === 'opened'
      ? {
          ...answer,
          rules: { ...answer.rules, pack: generous(answer.rules.pack) },
          policy: { kind: 'found', policy: boundless },
        }
      : answer;
  },
  takeOver: async (of) => {
    const taken = await honest.takeOver(of);
    return taken.kind === 'taken'
      ? { ...taken, rules: { ...taken.rules, pack: generous(taken.rules.pack) } }
      : taken;
  },
  takeUp: async () => ({ kind: 'not-resumed', sentence: elsewhere }),
  readPolicy: async () => ({ kind: 'found', policy: boundless }),
  carryOut: async ({ sending }) => ({
    outcomes: (sending?.notifications ?? []).map(() => ({ kind: 'accepted', providerId: 'none' })),
    bank: { kind: 'accepted' },
  }),
  instructPayment: async () => ({ kind: 'accepted' }),
  inquirePayment: async () => ({ kind: 'returned', reason: 'AC04' }),
  sendNotification: async () => ({ kind: 'accepted', providerId: 'none' }),
  clearUp: async () => ({ kind: 'accepted', providerId: 'none' }),
});

/** What was stored by a liar, and what came later. */
const hasBoth = (kinds: string[]): boolean =>
  ['claim-corrected', 'note-added'].every((kind) => kinds.includes(kind));

export function lies(ground: () => Ground): void {
  let liar: { stop(): Promise<void> } | undefined;
  const lied = async (how: (honest: Activities) => Activities, runEvents?: number): Promise<void> => {
    await liar?.stop();
    liar = await ground().startLiar(how, runEvents);
  };
  const honest = (): Promise<void> => lied((activities) => activities);

  beforeAll(() => ground().stopWorker(), 30_000);
  afterAll(async () => {
    await liar?.stop();
    await ground().startWorker();
  }, 60_000);

  /** A car of ¥150,000 before the reviewers: it needs two of them. */
  const large = async (): Promise<string> => {
    const { files, assessed, until, act } = ground();
    const claim = await files({ items: [{ object: 'insured-vehicle', party: 'wang', claimed: '150000' }] });
    await assessed(claim, '150000', largePapers);
    await until(claim, 'at the verifier', isWaitingFor('verify:item-1'));
    recordedOr(await act('V-401', claim, 'verify', { item: 'item-1', version: 1 }));
    await until(claim, 'at the reviewers', isWaitingFor('review:item-1'));
    return claim;
  };
  const problems = async (claim: string): Promise<string[]> =>
    (await ground().state(claim)).problems.map(({ id }) => id);

  test('a worker that lies in every activity, and bursts of acts signed with a key of one’s own: no act is laid to a person, nothing is paid, and afterwards the records have what people did (M2)', async () => {
    const { staff, intruder, state, atBank, signs, journal } = ground();
    await honest();
    const claim = await large();
    await lied(inEverything);
    const [stored, before] = [await journal(claim), await state(claim)];
    const [key, of] = [ownSigningKey(), payableHash(before, sure(before.items[0]))];
    const forged = await Promise.all(
      ['M-601', 'E-701', 'R-502', 'M-601', 'E-701'].map(async (code) =>
        updates(
          intruder,
          claim,
          'approve',
          signStatement(key, {
            claim,
            act: 'approve',
            id: randomUUID(),
            at: instantOf(Date.now()),
            by: await staff(code),
            fields: { item: 'item-1', of: of ?? '' },
          }),
        ),
      ),
    );
    expect(forged).toEqual(forged.map(() => ({ red: 'forged-proof' })));
    expect((await state(claim)).items[0]?.approvals).toEqual([]);
    // A genuine approval, and a second one: the liar says that it is stored and that the bank pays.
    for (const code of ['R-502', 'M-601'])
      expect(
        await updates(
          intruder,
          claim,
          'approve',
          await signs(await staff(code), claim, 'approve', { item: 'item-1', of }),
        ),
      ).toMatchObject({ answer: { kind: 'recorded' } });
    await pause(500);
    expect(await atBank(claim)).toEqual([]);
    expect(await journal(claim)).toEqual(stored);

    await honest();
    await updates(intruder, claim, 'request-withdrawal', { id: 'something-happens' });
    // What the liar did not store is put back from the history: the genuine acts, and what was denied.
    const after = await eventually(
      'put back',
      () => journal(claim),
      (entries) => entries.some(({ kind }) => kind === 'withdrawal-requested'),
    );
    expect(after.slice(0, stored.length)).toEqual(stored);
    expect(after.flatMap(({ kind, by }) => (kind === 'approved' ? [by] : []))).toEqual(['R-502', 'M-601']);
    expect(after.filter(({ kind }) => kind === 'message-denied').length).toBe(forged.length);
    expect(await problems(claim)).toEqual([]);
    // Somebody asks for a withdrawal, so nothing is paid.
    expect(await atBank(claim)).toEqual([]);
  });

  test('a worker that lies about the rules: what they would release is held at the gate, as a problem', async () => {
    const { files, assessed, until, atBank } = ground();
    let asked = 0;
    // So few events that the claim continues in a new run, which reads the rules again.
    await lied(
      (activities) => ({
        ...activities,
        openFrom: inEverything(activities).openFrom,
        takeOver: async (of) => {
          asked += 1;
          return inEverything(activities).takeOver(of);
        },
      }),
      40,
    );
    const claim = await files({ items: [{ object: 'insured-vehicle', party: 'wang', claimed: '20000' }] });
    await assessed(claim, '20000', largePapers);
    const { items } = await until(claim, 'a problem', (seen) => seen.problems.length > 0);
    expect(items[0]?.payments).toMatchObject([{ kind: 'instructed' }]);
    expect(await problems(claim)).toEqual(['gate:item-1']);
    expect(asked).toBeGreaterThan(0);
    await honest();
    recordedOr(await ground().act('O-951', claim, 'retry', { problem: 'gate' }));
    await until(claim, 'a problem again', (seen) => seen.problems.length > 0);
    expect(await atBank(claim)).toEqual([]);
  });

  test('a worker that lies about the policy: the gate reads it itself, and pays nothing that it does not cover', async () => {
    const { files, assessed, until, atBank, database, act, journal } = ground();
    const policy = await ground().ownPolicy();
    await insure(database, policy, { 'insured-vehicle': { sumInsuredMinor: 100_000, excessMinor: 0 } });
    await lied((activities) => ({ ...activities, readPolicy: inEverything(activities).readPolicy }));
    const claim = await files({ policy });
    const lossAt = new Date(Date.now() - 4 * 3_600_000).toISOString();
    recordedOr(await act('C-301', claim, 'correct-claim', { lossAt }));
    await eventually(
      'cover checked again',
      () => journal(claim),
      (all) => all.filter(({ kind }) => kind === 'cover-checked').length === 2,
    );
    await assessed(claim, '2000');
    await until(claim, 'a problem', (seen) => seen.problems.length > 0);
    expect(await problems(claim)).toEqual(['gate:item-1']);
    expect(await atBank(claim)).toEqual([]);
    await honest();
  });

  test('a worker that lies about the bank: "returned" pays nothing twice, and "accepted" is found out', async () => {
    const { files, assessed, until, atBank, act, approves, ui, bank } = ground();
    // The bank pays and reports nothing, so the claim knows no better.
    const silent = { answer: 'silent', times: 1 };
    await fetch(`${bank}/stand-in/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(silent),
    });
    await lied((activities) => ({ ...activities, inquirePayment: inEverything(activities).inquirePayment }));
    const returned = await files();
    await assessed(returned, '2000');
    await eventually(
      'paid by the bank',
      () => atBank(returned),
      ([payment]) => payment?.status === 'ACSC',
    );
    await updates(ui, returned, 'ask-bank', { id: 'typed' });
    await until(returned, 'held', isWaitingFor('clear:item-1'));
    await honest();
    recordedOr(await act('H-101', returned, 'set-payee', { item: 'item-1', account: '6222020070005555' }));
    recordedOr(await act('F-801', returned, 'clear-payment', { item: 'item-1', finding: 'account-wrong' }));
    await until(returned, 'at the reviewers', isWaitingFor('review:item-1'));
    recordedOr(await approves('R-501', returned));
    // The gate has asked the bank itself.
    const { items } = await until(returned, 'held again', isWaitingFor('clear:item-1'));
    expect(items[0]?.payments.map(({ kind }) => kind)).toEqual(['disputed', 'dropped']);
    recordedOr(await act('F-801', returned, 'clear-payment', { item: 'item-1', finding: 'paid-once' }));
    await until(returned, 'closed', ({ outcome }) => outcome === 'paid');
    expect(await atBank(returned)).toHaveLength(1);

    await lied((activities) => ({
      ...activities,
      carryOut: async ({ payment, ...moment }) => ({
        ...(await activities.carryOut(moment)),
        ...(payment ? { bank: { kind: 'accepted' } } : {}),
      }),
    }));
    const accepted = await files();
    await assessed(accepted, '2000');
    await until(accepted, 'instructed, as it believes', ({ items: [item] }) =>
      Boolean(item?.payments.some(({ kind }) => kind === 'instructed')),
    );
    await pause(500);
    expect(await atBank(accepted)).toEqual([]);
    await honest();
    recordedOr(await act('F-801', accepted, 'ask-bank'));
    await until(accepted, 'paid', ({ outcome }) => outcome === 'paid');
    expect(await atBank(accepted)).toHaveLength(1);
  });

  test.each<[string, keyof Activities]>([
    ['the policy', 'readPolicy'],
    ['what it has stored and sent', 'carryOut'],
  ])(
    'a worker that imitates the codec where it should answer with %s lays no act to a person; afterwards the claim continues, with all of it in the records',
    async (_, name) => {
      const { files, signs, staff, denials, until, atBank, intruder, journal } = ground();
      await honest();
      const claim = await files();
      const proof = await signs(await staff('M-601'), claim, 'withdraw');
      const imitation = { $lipei: 'signed', statement: JSON.parse(proof.signed), proof };
      await lied((activities) => ({
        ...activities,
        [name]: async () => JSON.parse(JSON.stringify(imitation)),
      }));
      const by = await staff('C-301');
      const lossAt = new Date(Date.now() - 4 * 3_600_000).toISOString();
      const corrects = await signs(by, claim, 'correct-claim', { lossAt });
      expect(await updates(intruder, claim, 'correct-claim', corrects)).toMatchObject({
        answer: { kind: 'recorded' },
      });
      await until(claim, 'answered', ({ cover }) => cover !== undefined);
      await honest();
      await updates(
        intruder,
        claim,
        'add-note',
        await signs(by, claim, 'add-note', { note: aNote('later') }),
      );
      await eventually('it continues', async () => (await journal(claim)).map(({ kind }) => kind), hasBoth);
      expect(await problems(claim)).toEqual([]);
      expect((await journal(claim)).filter((entry) => entry.by === 'M-601')).toEqual([]);
      expect(await denials(claim)).toEqual([]);
      expect(await atBank(claim)).toEqual([]);
    },
  );

  test('a worker that answers with nonsense can stall a claim: operations see it, and nothing of it is paid', async () => {
    const { ask, ownPolicy, atBank, files } = ground();
    await lied((activities) => ({ ...activities, openFrom: async () => JSON.parse('{"kind": "opened"}') }));
    const notice = aNotice({ policy: await ownPolicy() });
    const { claim } = recordedOr(await ask('H-101', 'POST', '/claims', notice)).body;
    await honest();
    await eventually(
      'among the problems',
      async () => (await ask('O-951', 'GET', '/problems')).text,
      (text) => text.includes(claim),
    );
    expect(await atBank(claim)).toEqual([]);
    await files(); // others continue
  });
}

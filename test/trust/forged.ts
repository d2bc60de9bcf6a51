import { aNote } from '../support/builders.ts';
import { randomUUID } from 'node:crypto';
import { signStatement } from '../../security/signing.ts';
import { instantOf } from '../../domain/time/time.ts';
import { payableHash } from '../../domain/money/payable.ts';
import type { Proof } from '../../domain/signed-payload.ts';
import { eventually } from '../support/local-stack.ts';
import { ownSigningKey } from '../support/test-keyring.ts';
import {
  isWaitingFor,
  largePapers,
  recordedOr,
  signals,
  substance,
  sure,
  updates,
  type Ground,
} from './ground.ts';

const note = { note: aNote('note-1') };
const minutesAgo = (minutes: number): string => instantOf(Date.now() - minutes * 60_000);

const without = (whole: object, ...names: string[]): object =>
  Object.fromEntries(Object.entries(whole).filter(([name]) => !names.includes(name)));

export function forged(ground: () => Ground): void {
  let claim: string;
  beforeAll(async () => {
    claim = await ground().files();
  });

  test.each<[string, (genuine: Proof) => unknown, string]>([
    ['without any proof', () => ({ id: 'typed', ...note }), 'no-proof'],
    ['signed with a key of one’s own', (genuine) => resigned(genuine), 'forged-proof'],
    [
      'signed with a key of one’s own under the certificate of the API',
      (genuine) => ({ ...resigned(genuine), certificate: genuine.certificate }),
      'forged-proof',
    ],
    [
      'tampered: one word changed after it was signed',
      (genuine) => ({ ...genuine, signed: genuine.signed.replace('note-1', 'note-2') }),
      'forged-proof',
    ],
    ['half-finished: without its signature', (genuine) => without(genuine, 'signature'), 'forged-proof'],
    ['half-finished: without its certificate', (genuine) => without(genuine, 'certificate'), 'forged-proof'],
    [
      'half-finished: its end cut off',
      (genuine) => ({ ...genuine, signed: genuine.signed.slice(0, -5) }),
      'forged-proof',
    ],
    [
      'an imitation of what the codec makes of a signed act',
      (genuine) => ({ $lipei: 'signed', statement: JSON.parse(genuine.signed), proof: genuine }),
      'unreadable',
    ],
    ['a text', () => 'add-note', 'malformed'],
    ['a list', (genuine) => [genuine], 'malformed'],
    ['nothing at all', () => undefined, 'malformed'],
  ])(
    'an act %s is red in the Temporal UI and denied in the journal, and changes nothing',
    async (_, forge, reason) => {
      const { signs, staff, state, denials, intruder, ui, act } = ground();
      const genuine = await signs(await staff('C-301'), claim, 'add-note', note);
      const [before, denied] = [await state(claim), (await denials(claim)).length];
      const payload = forge(genuine);
      const args = payload === undefined ? [] : [payload];
      for (const client of [intruder, ui])
        expect(await updates(client, claim, 'add-note', ...args)).toEqual({ red: reason });
      const after = await eventually(
        'denied twice',
        () => denials(claim),
        (all) => all.length >= denied + 2,
      );
      expect(after.slice(denied)).toEqual([reason, reason]);
      expect(substance(await state(claim))).toEqual(substance(before));
      expect(await act('C-301', claim, 'add-note', { note: 'It continues.' })).toMatchObject({ status: 200 });
    },
  );

  test('a signed act counts at its own claim, under its own name, and for two minutes', async () => {
    const { signs, staff, intruder, files, denials } = ground();
    const by = await staff('C-301');
    const another = await files();
    expect(await updates(intruder, claim, 'add-note', await signs(by, another, 'add-note', note))).toEqual({
      red: 'forged-proof',
    });
    expect(
      await updates(intruder, claim, 'request-withdrawal', await signs(by, claim, 'add-note', note)),
    ).toEqual({ red: 'forged-proof' });
    for (const at of [minutesAgo(3), minutesAgo(-5)])
      expect(
        await updates(intruder, claim, 'add-note', await signs(by, claim, 'add-note', note, { at })),
      ).toMatchObject({ answer: { kind: 'denied', reason: 'stale-proof' } });
    expect(
      await updates(intruder, claim, 'add-note', await signs(by, claim, 'add-note', note)),
    ).toMatchObject({ answer: { kind: 'recorded' } });
    expect((await denials(claim)).slice(-4)).toEqual([
      'forged-proof',
      'forged-proof',
      'stale-proof',
      'stale-proof',
    ]);
  });

  test('a burst of approvals that are signed with a key of one’s own approves nothing, and the bank pays nothing (M2)', async () => {
    const { files, assessed, act, until, state, intruder, staff, atBank, approves } = ground();
    const large = await files({
      items: [{ object: 'insured-vehicle', party: 'wang', claimed: '150000' }],
    });
    await assessed(large, '150000', largePapers);
    await until(large, 'at the verifier', isWaitingFor('verify:item-1'));
    recordedOr(await act('V-401', large, 'verify', { item: 'item-1', version: 1 }));
    await until(large, 'at the reviewers', isWaitingFor('review:item-1'));
    const [key, seen] = [ownSigningKey(), await state(large)];
    const burst = await Promise.all(
      ['M-601', 'E-701', 'M-601', 'E-701', 'R-502', 'M-601', 'E-701'].map(async (code) => {
        const statement = {
          claim: large,
          act: 'approve',
          id: randomUUID(),
          at: instantOf(Date.now()),
          by: await staff(code),
          fields: { item: 'item-1', of: payableHash(seen, sure(seen.items[0])) },
        };
        return updates(intruder, large, 'approve', signStatement(key, statement));
      }),
    );
    expect(new Set(burst.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify({ red: 'forged-proof' })]),
    );
    expect((await state(large)).items[0]?.approvals).toEqual([]);
    // One genuine approval of two that are needed.
    recordedOr(await approves('R-502', large));
    expect(await atBank(large)).toEqual([]);
    recordedOr(await approves('M-601', large));
    await eventually(
      'paid',
      () => atBank(large),
      (all) => all.length === 1,
    );
  });

  test('"the bank returned it", typed through the codec server without a key: denied, and paid once (M1)', async () => {
    const { paidByRules, ui, until, atBank, denials } = ground();
    const { claim: small, payment } = await paidByRules();
    await signals(ui, small, 'bank-returned', { id: 'forged', payment, reason: 'AC04' });
    const { outcome } = await until(small, 'paid', (seen) => seen.outcome !== undefined);
    expect(outcome).toBe('paid');
    expect(await denials(small)).toEqual(['no-proof']);
    expect(await atBank(small)).toMatchObject([{ id: payment, amount: '2000.00', status: 'ACSC' }]);
  });
}

function resigned({ signed }: Proof): Proof {
  return signStatement(ownSigningKey(), JSON.parse(signed));
}

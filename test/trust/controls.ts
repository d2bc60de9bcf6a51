import { insure } from '../support/policies.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../config/env.ts';
import { eventually } from '../support/local-stack.ts';
import { isWaitingFor, papers, recordedOr, type Ground } from './ground.ts';

/** Who may do what, and what belongs together, tried as a clerk or a customer would, through the API. */
export function controls(ground: () => Ground): void {
  const waitsFor = (claim: string, id: string) =>
    ground().until(claim, `waiting for ${id}`, isWaitingFor(id));
  const aPerson = (code: string, roles: string[]) =>
    ground().database.person.create({
      data: {
        code,
        name: `Staff ${code}`,
        email: `${code.toLowerCase()}@staff.example`,
        roles,
        branch: 'longkou',
        limits: { motor: { CNY: 100_000_000 } },
        conflicts: [],
      },
    });
  const aCopy = async (claim: string): Promise<object> => {
    const { policy, lossAt } = await ground().state(claim);
    return { policy, lossAt, reference: `again-${claim}` };
  };
  const withInvoice: [string, string][] = [...papers, ['repair-invoice', 'repair-invoice.pdf']];
  const one = { object: 'insured-vehicle', party: 'policyholder' };

  // The API reads its list of staff every ten seconds.
  beforeAll(async () => {
    await aPerson('X-many', ['hotline', 'handler', 'reviewer', 'manager']);
    await aPerson('X-related', ['handler']);
    await eventually(
      'known to the API',
      () => ground().ask('X-related', 'GET', '/work'),
      ({ status }) => status === 200,
    );
  }, 60_000);

  test('one loss, reported by the hotline and by the portal: linked on both, compared by people, and never paid by the rules (M3)', async () => {
    const { files, assessed, until, atBank } = ground();
    const first = await files({ items: [{ ...one, claimed: '2000' }] });
    const second = await files({
      ...(await aCopy(first)),
      source: 'portal',
      items: [{ ...one, claimed: '2000' }],
    });
    await Promise.all([waitsFor(first, `compare:${second}`), waitsFor(second, `compare:${first}`)]);
    await assessed(second, '2000');
    await waitsFor(second, 'review:item-1');
    expect(
      (await until(second, 'scored', (claim) => claim.items[0]?.score !== undefined)).items[0]?.score,
    ).toMatchObject({
      factors: expect.arrayContaining(['likely-duplicate']),
    });
    expect(await atBank(second)).toEqual([]);
  });

  test('one loss of 90,000 as two notices of 45,000: beyond a reviewer whose limit is 50,000 (M4)', async () => {
    const { files, assessed, approves } = ground();
    const half = [{ ...one, claimed: '45000' }];
    const first = await files({ items: half });
    const second = await files({ ...(await aCopy(first)), items: half });
    await waitsFor(second, `compare:${first}`);
    await assessed(second, '45000', withInvoice);
    recordedOr(await ground().act('V-401', second, 'verify', { item: 'item-1' }));
    await waitsFor(second, 'review:item-1');
    expect(await approves('R-501', second)).toMatchObject({ body: { reason: 'limit' } });
    recordedOr(await approves('R-502', second));
  });

  test.each([
    ['who set the payee', 'set-payee', { item: 'item-1', account: '6222020050001111' }],
    ['who corrected the notice', 'correct-claim', { item: 'item-1', claimed: '19999' }],
  ])('%s does not approve the payment, whatever roles they have (M5)', async (_, name, fields) => {
    const { files, assessed, act, approves } = ground();
    const code = 'X-many';
    const claim = await files({ items: [{ ...one, claimed: '20000' }] });
    recordedOr(await act(code, claim, name, fields));
    await assessed(claim, '20000', withInvoice);
    recordedOr(await act('V-401', claim, 'verify', { item: 'item-1' }));
    await waitsFor(claim, 'review:item-1');
    expect(await approves(code, claim)).toMatchObject({ body: { reason: 'segregation' } });
    recordedOr(await approves('R-502', claim));
  });

  test('who is related to the policy is given no claim, and corrects none (M6)', async () => {
    const { files, act, state, database } = ground();
    const claim = await files();
    const { policy } = await state(claim);
    await database.person.update({ where: { code: 'X-related' }, data: { conflicts: [policy] } });
    expect(await act('U-901', claim, 'hand-over', { to: 'X-related', role: 'handler' })).toMatchObject({
      body: { reason: 'conflict-of-interest' },
    });
    for (const [name, fields] of [
      ['correct-claim', { policy: 'P-1' }],
      ['assess', { item: 'item-1', amount: '4800' }],
    ] as const)
      expect(await act('X-related', claim, name, fields)).toMatchObject({
        body: { reason: 'conflict-of-interest' },
      });
  });

  test('to refuse 380,000 needs the limit and two people, and never a verifier (M7)', async () => {
    const { files, assessed, act, until } = ground();
    const claim = await files({ items: [{ ...one, claimed: '380000' }] });
    await assessed(claim, '380000', withInvoice);
    recordedOr(await act('V-401', claim, 'verify', { item: 'item-1' }));
    await waitsFor(claim, 'review:item-1');
    const refuses = (
      code: string,
      fields: object = { clause: 'breach-of-duty', reasons: ['left-the-scene'] },
    ) => act(code, claim, 'refuse', { item: 'item-1', ...fields });
    expect(await refuses('V-401')).toMatchObject({ status: 403, body: { reason: 'role' } });
    expect(await refuses('R-501')).toMatchObject({ body: { reason: 'limit' } });
    const { body } = await refuses('R-502', { clause: 'breach-of-duty', reasons: ['because-i-say-so'] });
    expect(body).toMatchObject({ reason: 'unknown-code' });
    recordedOr(await refuses('R-502'));
    expect(await refuses('R-502', {})).toMatchObject({ body: { reason: 'segregation' } });
    recordedOr(await refuses('M-601', {}));
    expect((await until(claim, 'closed', ({ outcome }) => outcome !== undefined)).outcome).toBe('refused');
  });

  test('the same bytes of an accepted paper again move nothing (M14)', async () => {
    const { files, assessed, ask, journal } = ground();
    const claim = await files({ items: [{ ...one, claimed: '20000' }] });
    await assessed(claim, '20000', withInvoice);
    const before = (await journal(claim)).length;
    const form = new FormData();
    form.set('document', 'driving-licence');
    form.set(
      'file',
      new Blob([readFileSync(join(projectRoot, 'samples', 'attachments', 'licence.jpg'))]),
      'licence.jpg',
    );
    recordedOr(await ask('C-301', 'POST', `/claims/${claim}/acts/add-document`, form));
    expect((await journal(claim)).slice(before).filter(({ kind }) => kind.startsWith('document-'))).toEqual(
      [],
    );
  });

  test('1,500,000 waits for those alone whose limit reaches it (M17)', async () => {
    const { files, assessed, act, ask, database, ownPolicy } = ground();
    const policy = await ownPolicy();
    const objects = { 'insured-vehicle': { sumInsuredMinor: 200_000_000, excessMinor: 0 } };
    await insure(database, policy, objects);
    const claim = await files({ policy, items: [{ ...one, claimed: '1500000' }] });
    await assessed(claim, '1500000', withInvoice);
    recordedOr(await act('V-401', claim, 'verify', { item: 'item-1' }));
    await waitsFor(claim, 'review:item-1');
    const has = async (code: string): Promise<boolean> => {
      const { body } = await ask(code, 'GET', '/work?limit=1000');
      return body.some(
        (task: { claim: string; what: string }) => task.claim === claim && task.what === 'review',
      );
    };
    await eventually(
      'on the list of E-701',
      () => has('E-701'),
      (is) => is,
    );
    expect([await has('R-501'), await has('R-502'), await has('M-601')]).toEqual([false, false, false]);
  });
}

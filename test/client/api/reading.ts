import { readingRules } from '../../../config/reading.ts';
import { claimNumber } from '../../../domain/ids.ts';
import { ClaimUnderTest } from '../../support/builders.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { lipei } from '../../support/lipei.ts';
import { storeState } from '../../support/records.ts';
import { until, type Office } from './office.ts';

/** Who reads personal data, and why: on an office where nothing else happens to the sleeping claim. */
export function reading(office: () => Office, sleeping: () => Promise<string>): void {
  const ask: Office['ask'] = (...asked) => office().ask(...asked);
  const looks = (where: object) =>
    office().database.personalLook.findMany({ where, orderBy: { id: 'desc' }, take: 100 });
  const asStranger = async () => ({
    env: { LIPEI_TOKEN: await office().token('C-302'), LIPEI_DATA: temporaryDirectory() },
  });

  test('each door denies a person without need, says what opens it, and records the attempt', async () => {
    const claim = await sleeping();
    for (const [path, what] of [
      ['parties/party-1/contact', 'contact'],
      ['notice', 'notice'],
      ['notes', 'notes'],
      ['attachments', 'attachments'],
      ['attachments/0000', 'attachment'],
      ['notifications/acknowledgement-1-sms', 'notification'],
      ['notifications/acknowledgement-1-letter/letter.pdf', 'letter'],
      ['items/item-1/payee', 'account'],
    ] as const) {
      expect(await ask('C-302', 'GET', `/claims/${claim}/${path}`)).toMatchObject({
        status: 403,
        body: { reason: 'no-need', detail: expect.stringContaining('--break-glass') },
      });
      expect((await looks({ by: 'C-302', claims: { has: claim } }))[0]).toMatchObject({
        what,
        because: 'denied',
        purpose: null,
      });
    }
  });

  test('within the branch a purpose opens them, of the roles that the rules name for it', async () => {
    const claim = await sleeping();
    const contact = `/claims/${claim}/parties/party-1/contact`;
    const without = await ask('H-101', 'GET', contact);
    expect(without).toMatchObject({ status: 403, body: { reason: 'purpose' } });
    expect(without.body.detail).toContain('--purpose with one of customer-called, data-request');
    expect(await ask('H-101', 'GET', `${contact}?purpose=curiosity`)).toMatchObject({
      status: 400,
      body: { field: 'purpose' },
    });
    expect(await ask('H-101', 'GET', `${contact}?purpose=audit`)).toMatchObject({ status: 403 });
    expect(await ask('H-101', 'GET', `${contact}?purpose=customer-called`)).toMatchObject({ status: 200 });
    expect(await ask('A-991', 'GET', contact)).toMatchObject({ status: 200 });
    expect(await ask('A-991', 'GET', `/claims/${claim}/items/item-1/payee`)).toMatchObject({
      status: 200,
      body: { party: 'party-1', accounts: expect.arrayContaining([expect.stringMatching(/^\d+$/)]) },
    });
    expect((await looks({ what: 'contact', claims: { has: claim } })).slice(0, 2)).toMatchObject([
      { by: 'A-991', because: 'audit', purpose: 'audit', party: 'party-1' },
      { by: 'H-101', because: 'branch', purpose: 'customer-called', party: 'party-1', roles: ['hotline'] },
    ]);
  });

  test('the surveyor reads what the survey needs, and the purpose is the task', async () => {
    const claim = await sleeping();
    expect(await ask('S-201', 'GET', `/claims/${claim}/parties/party-1/contact`)).toMatchObject({
      status: 200,
    });
    expect((await looks({ by: 'S-201', what: 'contact' }))[0]).toMatchObject({
      because: 'task',
      purpose: 'survey',
    });
  });

  test('a broken glass opens the claim for a while, and a supervisor of its branch looks at why', async () => {
    const claim = await sleeping();
    const reason = 'The customer stands at our counter in Penglai.';
    const cli = await asStranger();
    const shown = await lipei(
      ['claims', 'contact', claim, 'party-1', '--break-glass', reason, '--api', office().api],
      cli,
    );
    expect(shown.out).toContain('+86');
    expect(await ask('C-302', 'GET', `/claims/${claim}/notes`)).toMatchObject({ status: 200 });
    expect((await looks({ by: 'C-302', claims: { has: claim } })).slice(0, 4)).toMatchObject([
      { what: 'notes', because: 'glass' },
      { what: 'contact', because: 'glass', party: 'party-1' },
      { what: 'glass', because: 'glass', note: expect.any(String) },
      { what: 'contact', because: 'denied' },
    ]);
    const task = {
      claim,
      followUp: 'glass-C-302',
      from: 'supervisor',
      what: 'look at why C-302 broke the glass',
    };
    expect((await ask('U-901', 'GET', '/work')).body).toContainEqual(expect.objectContaining(task));
    expect((await ask('O-951', 'GET', '/work')).body).not.toContainEqual(expect.objectContaining(task));
    const { body } = await ask('U-901', 'GET', `/claims/${claim}/readers?limit=2`);
    expect(body).toMatchObject([{ by: 'C-302', what: 'notes' }, { what: 'contact' }]);
    const [broken] = (await ask('U-901', 'GET', `/staff/C-301/looks`)).body;
    expect(broken).not.toMatchObject({ by: 'C-302' });
    const all = (await ask('A-991', 'GET', '/staff/C-302/looks')).body;
    expect(all).toContainEqual(expect.objectContaining({ what: 'glass', because: 'glass', reason }));
    expect((await ask('C-301', 'GET', `/claims/${claim}/notes`)).text).not.toContain('counter');
    const close = (staff: string) =>
      ask(staff, 'POST', `/claims/${claim}/acts/close-out`, { id: 'glass-C-302', how: 'looked-at' });
    expect((await close('C-302')).status).toBe(403);
    expect((await close('H-101')).status).toBe(403);
    expect(await close('U-901')).toMatchObject({ status: 200 });
    expect(office().logs.join('')).not.toContain('counter');
  });

  test('readers shows who read what, when, what for and by what right, in pages', async () => {
    const claim = await sleeping();
    const env = { LIPEI_TOKEN: await office().token('U-901'), LIPEI_DATA: temporaryDirectory() };
    const { out } = await lipei(['claims', 'readers', claim, '--api', office().api], { env });
    for (const part of [
      'contact of party-1',
      'customer-called',
      'role and branch',
      'survey',
      'the glass was broken',
    ])
      expect(out).toContain(part);
    expect(out).toContain('“The customer stands at our counter in Penglai.”');
    const json = await lipei(['claims', 'readers', '--by', 'S-201', '--json', '--api', office().api], {
      env,
    });
    expect(JSON.parse(json.out)[0]).toMatchObject({ by: 'S-201', purpose: 'survey' });
    const first = await ask('U-901', 'GET', `/claims/${claim}/readers?limit=1`);
    const next = /<([^>]+)>/.exec(String(first.headers['link']))?.[1] ?? '';
    expect((await ask('U-901', 'GET', next)).body[0].at <= first.body[0].at).toBe(true);
    expect(await ask('C-301', 'GET', `/claims/${claim}/readers`)).toMatchObject({ status: 403 });
    expect(await ask('U-901', 'GET', '/staff/C-302/looks')).toMatchObject({ status: 403 });
    expect(await ask('U-901', 'GET', '/staff/X-1/looks')).toMatchObject({ status: 404 });
  });

  test('a work list that is read again and again is one look within minutes', async () => {
    const before = (await looks({ what: 'contacts of a work list' })).length;
    for (let n = 0; n < 3; n += 1) await ask('C-301', 'GET', '/work?contacts=true');
    expect((await looks({ what: 'contacts of a work list' })).length - before).toBeLessThanOrEqual(1);
  });

  test('fifty contacts of another branch: none is read, each attempt is recorded, few glasses break (R11)', async () => {
    const { claim: like } = ClaimUnderTest.covered();
    const claims = Array.from({ length: 50 }, (_, n) => claimNumber('R11', String(n)));
    for (const number of claims) await storeState(office().database, { ...like, number });
    const answers = await Promise.all(
      claims.map((number) => ask('C-302', 'GET', `/claims/${number}/parties/party-1/contact`)),
    );
    expect(answers.map(({ status }) => status)).toEqual(claims.map(() => 403));
    const tried = await looks({ by: 'C-302', because: 'denied', claims: { hasSome: claims } });
    expect(tried).toHaveLength(50);

    const glasses = await Promise.all(
      claims.map((number) =>
        ask('C-302', 'POST', `/claims/${number}/acts/break-glass`, { reason: 'I am curious' }),
      ),
    );
    const { glasses: most } = readingRules.withoutTask;
    // One was broken for the sleeping claim.
    expect(glasses.filter(({ status }) => status === 200)).toHaveLength(most - 1);
    expect(glasses.find(({ status }) => status === 403)?.body).toMatchObject({ reason: 'too-many' });
    expect(
      await office().database.followUp.count({
        where: { id: 'glass-C-302', role: 'supervisor', claim: { in: claims } },
      }),
    ).toBe(50);
    await office().database.followUp.deleteMany({ where: { id: 'glass-C-302' } });
    await office().database.claim.deleteMany({ where: { number: { in: claims } } });
  });

  test('beyond the claims of a day only a task opens another one', async () => {
    const { claims: most } = readingRules.withoutTask;
    await office().database.personalLook.createMany({
      data: Array.from({ length: most }, (_, n) => ({
        by: 'M-601',
        roles: ['manager'],
        claims: [claimNumber('many', String(n))],
        what: 'contact',
        purpose: 'supervision',
        because: 'branch',
      })),
    });
    const path = `/claims/${await sleeping()}/notice?purpose=supervision`;
    expect(await ask('M-601', 'GET', path)).toMatchObject({ status: 403, body: { reason: 'too-many' } });
    expect((await looks({ by: 'M-601' }))[0]).toMatchObject({ because: 'denied', purpose: 'supervision' });
  });

  test('who is related to the claim reads nothing of it, and cannot break its glass (S19)', async () => {
    const claim = await sleeping();
    await office().database.person.create({
      data: {
        code: 'C-309',
        name: 'Staff C-309',
        email: 'c-309@staff.example',
        roles: ['handler'],
        branch: 'longkou',
        limits: {},
        conflicts: [claim],
      },
    });
    const denied = await until(
      () => ask('C-309', 'GET', `/claims/${claim}/notice?purpose=advice`),
      ({ body }) => body.reason === 'no-need',
    );
    expect(denied.body.detail).toContain('is related to claim');
    expect(
      await ask('C-309', 'POST', `/claims/${claim}/acts/break-glass`, { reason: 'please' }),
    ).toMatchObject({
      body: { reason: 'conflict-of-interest' },
    });
    await office().database.person.delete({ where: { code: 'C-309' } });
  });
}

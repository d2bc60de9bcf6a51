import { keepPolicies } from '../../support/policies.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { createHmac } from 'node:crypto';
import twilio from 'twilio';
import { marking } from '../../../records/keys/contact-key.ts';
import { signedLines } from '../../../records/journal/signed-lines.ts';
import { contactOf, payeeOf } from '../../../records/parties/parties.ts';
import {
  accessNames,
  actInWords,
  permittedActs,
  rolesFor,
  type Access,
} from '../../../domain/people/permissions.ts';
import { statusReport } from '../../../local/bank/report.ts';
import { policyCopy, withOwnParties } from '../../../local/policy-copies.ts';
import { aNotice, canary, sameNumber, wang } from '../../support/notices.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import {
  bankSecret,
  everythingSent,
  openOffice,
  publicUrl,
  request,
  twilioToken,
  until,
  type Answered,
  type Office,
} from './office.ts';
import { present } from '../../../domain/present.ts';
import { askedPolicies } from './policies.ts';
import { handOvers } from './hand-overs.ts';
import { reading } from './reading.ts';
import { askedStaff } from './staff.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const file = async (change: Parameters<typeof aNotice>[0] = {}): Promise<string> =>
  (await office.ask('H-101', 'POST', '/claims', aNotice(change))).body.claim;
/** With a policy and parties of its own: what belongs to one loss or account is counted together. */
async function fileApart(change: Parameters<typeof aNotice>[0] = {}): Promise<string> {
  apart += 1;
  const number = policyCopy('P-1', apart);
  await keepPolicies(office.database, [number]);
  const { parties } = withOwnParties(aNotice(), apart);
  return file({ policy: number, parties, ...change });
}
let apart = 0;

const show = (claim: string): Promise<Answered> => office.ask('C-301', 'GET', `/claims/${claim}`);
const act = (staff: string, claim: string, name: string, fields: object = {}): Promise<Answered> =>
  office.ask(staff, 'POST', `/claims/${claim}/acts/${name}`, fields);
const entries = (claim: string): Promise<number> => office.database.journalEntry.count({ where: { claim } });

describe('filing', () => {
  test('one answer has all mistakes of a notice: shape, content, and conflicts with the records', async () => {
    const { reference: _, ...notice } = aNotice({ policy: 'NOBODYS-1', lossAt: '2036-01-01T00:00:00Z' });
    const items = [{ object: 'spaceship', party: 'policyholder', claimed: 1 }];
    const answer = await office.ask('H-101', 'POST', '/claims', { ...notice, items, plate: 'LK 1' });
    expect(answer.status).toBe(400);
    expect(answer.body.problems.map(({ field }: { field: string }) => field)).toEqual([
      'reference',
      'policy',
      'lossAt',
      'items[0].object',
      'plate',
    ]);
    expect(answer.body.detail).toMatch(/^The notice of loss has 5 mistakes\. reference is missing: /);
    expect(answer.body.problems[1].detail).toMatch(/^policy must be the number of a policy in the records/);
  });

  test('one answer has all mistakes of any other body, and a single mistake is one sentence', async () => {
    const no = await file();
    const two = await act('C-301', no, 'assess', { amount: '-1', colour: 'red' });
    expect(two.body.problems.map(({ field }: { field: string }) => field)).toEqual([
      'item',
      'amount',
      'colour',
    ]);
    const one = await act('C-301', no, 'assess', { item: 'item-1', amount: '-1' });
    expect(one.body).toMatchObject({ status: 400, field: 'amount' });
    expect(one.body.problems).toBeUndefined();
  });

  test('a notice of loss is filed once, however often it comes, and the claim is readable at once', async () => {
    const notice = aNotice();
    const first = await office.ask('H-101', 'POST', '/claims', notice);
    const again = await office.ask('H-101', 'POST', '/claims', notice);
    const shown = await show(first.body.claim);

    expect([first.status, first.body.kind, again.status, again.body]).toEqual([
      201,
      'filed',
      200,
      { kind: 'already-filed', claim: first.body.claim },
    ]);
    expect(shown.body).toMatchObject({
      claim: first.body.claim,
      line: 'motor',
      currency: 'CNY',
      outcome: null,
      handler: 'C-301',
      items: [{ id: 'item-1', object: 'insured-vehicle', claimed: '2000.00' }],
    });
    expect(shown.text).not.toMatch(new RegExp(canary, 'i'));
  });

  test('two notices with the same number are two claims, each with its own parties, both found again', async () => {
    const notices = (sameNumber[0] ?? []).map((name, index) =>
      aNotice({ ...name, parties: [{ ...wang, name: `Party of ${index}` }] }),
    );
    const filed: string[] = [];
    for (const notice of notices)
      filed.push((await office.ask('H-101', 'POST', '/claims', notice)).body.claim);
    expect(new Set(filed).size).toBe(2);
    for (const [index, notice] of notices.entries())
      expect(await office.ask('H-101', 'POST', '/claims', notice)).toMatchObject({
        status: 200,
        body: { kind: 'already-filed', claim: filed[index] },
      });
    expect(
      await Promise.all(
        filed.map(
          async (claim) => (await office.ask('C-301', 'GET', `/claims/${claim}/notice`)).body.reference,
        ),
      ),
    ).toEqual(notices.map(({ reference }) => reference));
    expect(
      await Promise.all(
        filed.map(
          async (claim) =>
            (await office.ask('C-301', 'GET', `/claims/${claim}/parties/party-1/contact`)).body.name,
        ),
      ),
    ).toEqual(['Party of 0', 'Party of 1']);
  });

  test.each([
    ['a missing field', { place: undefined }, 400, 'place'],
    ['an unknown field', { colour: 'red' }, 400, 'colour'],
    ['an unknown policy', { policy: 'P-999' }, 422, 'policy'],
    [
      'three decimals',
      { items: [{ object: 'insured-vehicle', party: 'wang', claimed: '1.234' }] },
      422,
      'items[0].claimed',
    ],
    ['a loss in the future', { lossAt: '2089-01-01T00:00:00Z' }, 422, 'lossAt'],
    [
      'an unknown object',
      { items: [{ object: 'balloon', party: 'wang', claimed: '1' }] },
      422,
      'items[0].object',
    ],
  ])(
    '%s is answered with one sentence that names the field, and nothing is filed',
    async (_, change, status, field) => {
      const before = await office.database.notice.count();
      const {
        status: code,
        headers,
        body,
      } = await office.ask('H-101', 'POST', '/claims', { ...aNotice(), ...change });
      expect([code, body.status, body.field, headers['content-type']]).toEqual([
        status,
        status,
        field,
        expect.stringContaining('application/problem+json'),
      ]);
      expect(body.detail).toContain(field);
      expect(await office.database.notice.count()).toBe(before);
    },
  );

  test('what is not JSON is said to be so', async () => {
    expect(
      await office.ask('H-101', 'POST', '/claims', '{"source":', { 'content-type': 'application/json' }),
    ).toMatchObject({ status: 400, body: { detail: 'The body must be JSON; it is not.' } });
    expect(
      await office.ask('H-101', 'POST', '/claims', 'hello', { 'content-type': 'text/plain' }),
    ).toMatchObject({ status: 415 });
  });
});

describe('who may come in', () => {
  test('without a token, with a forged or a revoked one, nobody is let in', async () => {
    const good = await office.token('C-301');
    const id = JSON.parse(Buffer.from(good.split('.')[1] ?? '', 'base64url').toString()).jti;
    const ask = (authorization?: string): Promise<Answered> =>
      request(`${office.api}/claims`, { method: 'GET', headers: authorization ? { authorization } : {} });

    expect((await ask()).status).toBe(401);
    expect((await ask(`Bearer ${good.slice(0, -4)}AAAA`)).status).toBe(401);
    expect((await ask(`Bearer ${good}`)).status).toBe(200);
    expect((await office.ask('C-301', 'POST', '/tokens/revoked', { id })).status).toBe(403);
    expect(await office.ask('M-601', 'POST', '/tokens/revoked', { id })).toMatchObject({
      status: 200,
      body: { kind: 'revoked', id },
    });
    expect(await ask(`Bearer ${good}`)).toMatchObject({
      status: 401,
      body: { detail: expect.stringContaining('revoked') },
    });
  });

  test('an auditor reads everything and changes nothing; strangers read nothing', async () => {
    const claim = await file();
    expect((await office.ask('A-991', 'GET', `/claims/${claim}`)).status).toBe(200);
    expect(
      await act('A-991', claim, 'report-survey', { onScene: true, findings: 'as reported' }),
    ).toMatchObject({ status: 403 });
    for (const name of permittedActs)
      expect([400, 403]).toContain((await act('A-991', claim, name, {})).status);
    const theirs = await office.database.journalEntry.findMany({ where: { claim, by: 'A-991' } });
    expect(theirs.filter(({ kind }) => kind !== 'message-denied')).toEqual([]);
    expect(await office.ask('A-991', 'POST', '/claims', aNotice())).toMatchObject({ status: 403 });
    expect(await office.ask('X-000', 'GET', '/claims')).toMatchObject({ status: 403 });
  });
});

describe('acting', () => {
  test('a claim goes from survey to payment by what people do, and each next look shows it', async () => {
    const claim = await fileApart({
      items: [{ object: 'insured-vehicle', party: 'wang', claimed: '12000.50' }],
    });
    const surveyed = await act('S-201', claim, 'report-survey', { onScene: true, findings: 'as reported' });
    expect([surveyed.status, surveyed.body]).toEqual([200, { kind: 'recorded', seq: expect.any(Number) }]);

    for (const [document, about] of [
      ['driving-licence', {}],
      ['police-determination', {}],
      ['repair-invoice', { item: 'item-1' }],
    ] as const) {
      expect(
        await office.ask(
          'H-101',
          'POST',
          `/claims/${claim}/acts/add-document`,
          formOf({ document, ...about, file: pdf(document) }),
        ),
      ).toMatchObject({ status: 200 });
      expect((await show(claim)).body.items[0].documents).toContainEqual({
        kind: document,
        state: 'received',
      });
      expect(await act('C-301', claim, 'accept-document', { document, ...about })).toMatchObject({
        status: 200,
      });
    }
    await until(
      () => show(claim),
      ({ body }) => body.items[0].stage === 'assess',
    );
    expect(await act('C-301', claim, 'assess', { item: 'item-1', amount: 12000.5 })).toMatchObject({
      status: 200,
    });
    const assessed = await until(
      () => show(claim),
      ({ body }) => body.items[0].assessment?.amount === '12000.50',
    );
    expect(assessed.body.items[0]).toMatchObject({
      assessment: { version: 1, amount: '12000.50', by: 'C-301' },
      payable: '12000.50',
      payment: null,
    });
    expect(await act('V-401', claim, 'verify', { item: 'item-1' })).toMatchObject({ status: 200 });

    const reviewable = await until(
      () => show(claim),
      ({ body }) => body.items[0].stage === 'review' && body.items[0].of !== undefined,
    );
    expect((await office.ask('R-501', 'GET', '/work')).body).toContainEqual(
      expect.objectContaining({ claim, from: 'reviewer', what: 'review', item: 'item-1' }),
    );
    expect(
      await act('C-301', claim, 'approve', { item: 'item-1', of: reviewable.body.items[0].of }),
    ).toMatchObject({ status: 403, body: { reason: 'role' } });
    expect(await act('R-501', claim, 'approve', { item: 'item-1', of: 'something-else' })).toMatchObject({
      status: 409,
      body: { reason: 'content-changed' },
    });
    expect(
      await act('R-501', claim, 'approve', { item: 'item-1', of: reviewable.body.items[0].of }),
    ).toMatchObject({ status: 200 });
    const paid = await until(
      () => show(claim),
      ({ body }) => body.items[0].payment?.state === 'instructed',
    );
    expect(paid.body.items[0].payment).toEqual({
      id: `${claim}-item-1-payment-1`,
      state: 'instructed',
      amount: '12000.50',
    });

    const journal = await office.ask('C-301', 'GET', `/claims/${claim}/journal`);
    expect(journal.body[0]).toMatchObject({
      seq: 1,
      kind: 'claim-opened',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(journal.body.map(({ seq }: { seq: number }) => seq)).toEqual(
      journal.body.map((_: unknown, index: number) => index + 1),
    );
  });

  test.each([
    ['accept-document', { document: 'horoscope' }, 422, 'driving-licence'],
    ['accept-document', {}, 400, 'document is missing'],
    ['assess', { item: 'item-9', amount: 1 }, 422, 'item-1'],
    ['assess', { item: 'item-1', amount: '1.234' }, 422, 'amount'],
    ['assess', { item: 'item-1', amount: 'much' }, 400, 'amount must be'],
    [
      'assess',
      { item: 'item-1', amount: 1, cuts: [{ reason: 'salvage', amount: 'some' }] },
      400,
      'cuts[0].amount must be',
    ],
    [
      'assess',
      { item: 'item-1', amount: 1, cuts: [{ reason: 'salvage', amount: '1.234' }] },
      422,
      'cuts.0.amount',
    ],
    [
      'assess',
      { item: 'item-1', amount: 1, cuts: [{ reason: 'salvage' }, { reason: 'depreciation' }] },
      400,
      'one cut only',
    ],
    ['report-survey', { onScene: 'yes', findings: 'as reported' }, 400, 'onScene'],
    ['record-call', { party: 'party-1', outcome: 'cheerful' }, 400, 'outcome'],
    ['record-call', { party: 'party-9', outcome: 'reached' }, 422, 'party-1'],
    ['hand-over', { to: 'V-401' }, 422, 'handler'],
    ['hand-over', { to: 'X-000' }, 422, 'to'],
    ['correct-claim', {}, 400, 'policy'],
    ['correct-claim', { policy: 'P-999' }, 422, 'policy'],
    ['correct-claim', { lossAt: '2089-01-01T00:00:00Z' }, 422, 'lossAt'],
    ['correct-claim', { item: 'item-1' }, 400, 'claimed'],
    ['join-claims', { other: 'LZZZZ-ZZZZZ', finding: 'same-loss' }, 422, 'other'],
    ['withdraw', { everything: true }, 400, 'everything'],
    ['dance', {}, 404, 'act'],
  ])('%s %j is answered with a sentence and leaves no trace', async (name, fields, status, words) => {
    const claim = await sleeping();
    const before = await entries(claim);
    const { status: code, body } = await act('C-301', claim, name, fields);
    expect([code, body.detail]).toEqual([status, expect.stringContaining(words)]);
    expect(await entries(claim)).toBe(before);
  });

  test('a claim in another currency is not joined', async () => {
    await keepPolicies(office.database, ['P-USD'], { currency: 'USD' });
    const other = await file({ policy: 'P-USD' });
    expect(
      await act('C-301', await sleeping(), 'join-claims', { other, finding: 'same-loss' }),
    ).toMatchObject({
      status: 422,
      body: { field: 'other', detail: 'other is in USD and this claim in CNY: they are not compared.' },
    });
  });

  test('a request that is repeated under one key counts once', async () => {
    const claim = await sleeping();
    const headers = { 'idempotency-key': `call-${claim}` };
    const call = { party: 'party-1', outcome: 'reached' };
    const answers = [
      await office.ask('C-301', 'POST', `/claims/${claim}/acts/record-call`, call, headers),
      await office.ask('C-301', 'POST', `/claims/${claim}/acts/record-call`, call, headers),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(await office.database.journalEntry.count({ where: { claim, kind: 'call-recorded' } })).toBe(1);
  });

  test('a claim that is closed takes nothing more, and one that nobody filed is not there', async () => {
    const claim = await file();
    expect(await act('C-301', claim, 'withdraw')).toMatchObject({ status: 200 });
    await until(
      () => show(claim),
      ({ body }) => body.outcome !== null,
    );
    // The last words are still on their way when a claim has closed.
    const others = () =>
      office.database.journalEntry.count({ where: { claim, kind: { not: 'notification-ended' } } });
    const before = await others();
    expect(await act('C-301', claim, 'accept-document', { document: 'driving-licence' })).toMatchObject({
      status: 409,
      body: { reason: 'claim-closed' },
    });
    expect(await others()).toBe(before);
    expect((await office.ask('H-101', 'GET', '/claims?all=true&limit=1000')).body).toContainEqual(
      expect.objectContaining({ claim, outcome: 'withdrawn', stage: 'closed' }),
    );

    for (const url of [
      '/claims/LZZZZ-ZZZZZ',
      '/claims/LZZZZ-ZZZZZ/journal',
      '/claims/nonsense',
      '/claims/LZZZZ-ZZZZZ/notes',
      '/claims/LZZZZ-ZZZZZ/notifications/x-1-sms',
    ])
      expect(await office.ask('C-301', 'GET', url)).toMatchObject({
        status: 404,
        body: { detail: expect.stringContaining('no') },
      });
    expect(await act('C-301', 'LZZZZ-ZZZZZ', 'cancel-withdrawal')).toMatchObject({ status: 404 });
  });
});

describe('documents', () => {
  test.each([
    ['a text that calls itself a PDF', { document: 'driving-licence', file: Buffer.from('hello') }, 415],
    ['an empty file', { document: 'driving-licence', file: Buffer.alloc(0) }, 422],
    [
      'a file of more than 20 MB',
      { document: 'driving-licence', file: Buffer.concat([pdf('large'), Buffer.alloc(20 * 1024 * 1024)]) },
      413,
    ],
    ['an unknown kind of document', { document: 'horoscope', file: pdf('horoscope') }, 422],
    ['a form without a file', { document: 'driving-licence' }, 400],
    ['a file without a kind', { file: pdf('nothing') }, 400],
  ])('%s is not taken', async (_, parts, status) => {
    const claim = await sleeping();
    const before = await entries(claim);
    expect(
      await office.ask('H-101', 'POST', `/claims/${claim}/acts/add-document`, formOf(parts)),
    ).toMatchObject({
      status,
    });
    expect(await entries(claim)).toBe(before);
  });

  test('a document and an appeal that come after the claim has closed are kept, and a supervisor reopens it', async () => {
    const claim = await file();
    await act('C-301', claim, 'withdraw');
    await until(
      () => show(claim),
      ({ body }) => body.outcome !== null,
    );
    const answer = await office.ask(
      'H-101',
      'POST',
      `/claims/${claim}/acts/add-document`,
      formOf({ file: pdf('late'), document: 'driving-licence' }),
    );
    expect(answer).toMatchObject({
      status: 202,
      body: { kind: 'kept', followUp: expect.stringMatching(/^driving-licence-[0-9a-f]{8}$/) },
    });
    expect(
      (await office.ask('C-301', 'GET', `/claims/${claim}/attachments?purpose=advice`)).body,
    ).toMatchObject([{ document: 'driving-licence', by: 'H-101' }]);
    expect((await office.ask('U-901', 'GET', '/work')).body).toContainEqual(
      expect.objectContaining({
        claim,
        what: 'look at driving-licence, which came after closing',
        followUp: answer.body.followUp,
      }),
    );
    expect(
      await office.ask(
        'H-101',
        'POST',
        `/claims/${claim}/acts/add-document`,
        formOf({ file: pdf('late'), document: 'horoscope' }),
      ),
    ).toMatchObject({ status: 422 });

    // The customer disagrees as well. A supervisor has both on the list, and reopens the claim.
    expect(await act('H-101', claim, 'record-appeal', { item: 'item-9', note: 'no' })).toMatchObject({
      status: 422,
    });
    const appeal = await act('H-101', claim, 'record-appeal', { item: 'item-1', note: '我没有要撤回' });
    expect(appeal).toMatchObject({
      status: 202,
      body: { kind: 'kept', followUp: expect.stringMatching(/^appeal-item-1-[0-9a-f]{8}$/) },
    });
    expect((await office.ask('C-301', 'GET', `/claims/${claim}/notes`)).body).toContainEqual(
      expect.objectContaining({ text: '我没有要撤回' }),
    );
    const proposals = async (): Promise<unknown[]> =>
      (await office.ask('U-901', 'GET', '/work?limit=1000')).body
        .filter((task: { claim: string }) => task.claim === claim)
        .map(({ from, followUp }: { from: string; followUp?: string }) => [from, followUp]);
    expect(await proposals()).toEqual([
      ['supervisor', answer.body.followUp],
      ['supervisor', appeal.body.followUp],
    ]);
    const reason = 'withdrawn-by-mistake';
    expect(await act('H-101', claim, 'reopen', { reason })).toMatchObject({ status: 403 });
    expect(await act('U-901', claim, 'reopen', { reason, note: '客户来电' })).toMatchObject({
      status: 200,
      body: { kind: 'recorded' },
    });
    expect((await show(claim)).body).toMatchObject({ outcome: null, stage: 'survey', followUps: [] });
    expect(await proposals()).toEqual([]);
    await act('C-301', claim, 'withdraw');

    // Nobody could be written to or paid any more.
    await until(
      () => show(claim),
      ({ body }) => body.outcome !== null,
    );
    await office.database.party.updateMany({ where: { claim, id: 'party-1' }, data: { key: '' } });
    expect(await act('U-901', claim, 'reopen', { reason })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('erased') },
    });
  });

  test('what was added can be read by those whose work it is', async () => {
    const claim = await sleeping();
    await office.ask(
      'H-101',
      'POST',
      `/claims/${claim}/acts/add-document`,
      formOf({ file: pdf('later'), document: 'driving-licence' }),
    );
    const [attachment] = (await office.ask('C-301', 'GET', `/claims/${claim}/attachments`)).body;
    const bytes = await office.ask('C-301', 'GET', `/claims/${claim}/attachments/${attachment.sha256}`);
    expect([attachment, bytes.text, bytes.headers['content-type']]).toEqual([
      expect.objectContaining({ document: 'driving-licence', type: 'application/pdf', by: 'H-101' }),
      pdf('later').toString(),
      'application/pdf',
    ]);
    expect(
      (await office.ask('F-801', 'GET', `/claims/${claim}/attachments/${attachment.sha256}`)).status,
    ).toBe(403);
    expect(
      (await office.ask('C-301', 'GET', `/claims/${await file()}/attachments/${attachment.sha256}`)).status,
    ).toBe(404);
  });
});

describe('who reads personal data, and why', () =>
  reading(
    () => office,
    () => sleeping(),
  ));

describe('the policy book', () =>
  askedPolicies(
    () => office,
    () => sleeping(),
  ));

describe('the staff book', () => askedStaff(() => office));

describe('many claims at once', () => handOvers(() => office));

describe('what is personal', () => {
  test('a corrected contact is changed at the next look, and a denied correction changes nothing', async () => {
    const claim = await sleeping();
    const url = `/claims/${claim}/acts/correct-contact`;
    const party = 'party-1';
    const contact = `/claims/${claim}/parties/${party}/contact`;
    expect(
      await office.ask('C-301', 'POST', url, { party, phone: '13912345678', email: null }),
    ).toMatchObject({
      status: 200,
    });
    expect((await office.ask('C-301', 'GET', contact)).body).toEqual({
      name: `王伟 ${canary}`,
      phone: '+8613912345678',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
    });
    expect(
      await office.ask('C-301', 'POST', url, { party, locale: 'en', timeZone: 'Asia/Urumqi' }),
    ).toMatchObject({
      status: 200,
    });
    expect((await office.ask('C-301', 'GET', contact)).body).toMatchObject({
      phone: '+8613912345678',
      locale: 'en',
      timeZone: 'Asia/Urumqi',
    });
    expect((await show(claim)).body.parties[0].reach).toEqual({ sms: true, email: false });
    expect(await office.ask('S-201', 'POST', url, { party, phone: '+8613800000000' })).toMatchObject({
      status: 403,
      body: { reason: 'role' },
    });
    expect((await office.ask('C-301', 'GET', contact)).body.phone).toBe('+8613912345678');
    for (const body of [{}, { phone: '12' }, { email: 'no' }, { locale: 'fr' }, { timeZone: '+08:00' }])
      expect(await office.ask('C-301', 'POST', url, { party, ...body })).toMatchObject({ status: 400 });
  });

  test('an account never shows in the claim, and only permitted roles set it', async () => {
    const claim = await sleeping();
    const mark = await marking(office.database, testKeyring());
    const account = async (): Promise<string | undefined> =>
      payeeOf(
        await contactOf(office.database, testKeyring(), claim, 'party-1'),
        { account: mark('account', '6222020050009999') },
        mark,
      )?.account;
    expect(
      await office.ask('C-301', 'POST', `/claims/${claim}/acts/set-payee`, {
        item: 'item-1',
        account: '6222 0200 5000 9999',
      }),
    ).toMatchObject({ status: 200 });
    expect([await account(), (await show(claim)).body.items[0].payee]).toEqual([
      '6222020050009999',
      { party: 'party-1', changed: true },
    ]);
    expect(
      await office.ask('S-201', 'POST', `/claims/${claim}/acts/set-payee`, {
        item: 'item-1',
        account: '1111111111',
      }),
    ).toMatchObject({ status: 403 });
    expect(
      await office.ask('C-301', 'POST', `/claims/${claim}/acts/set-payee`, { item: 'item-1', account: '!' }),
    ).toMatchObject({ status: 400, body: { field: 'account' } });
    expect([await account(), (await office.ask('C-301', 'GET', `/claims/${claim}/journal`)).text]).toEqual([
      '6222020050009999',
      expect.not.stringContaining('00009999'),
    ]); // four digits alone turn up in hashes
  });

  test.each(['parties/%00/contact', 'notifications/%00', 'attachments/%00', 'parties/%E5%BC%A0/contact'])(
    '%s is no name',
    async (path) => {
      expect(await office.ask('C-301', 'GET', `/claims/${await sleeping()}/${path}`)).toMatchObject({
        status: 400,
        body: { detail: expect.stringContaining('must be a name') },
      });
    },
  );

  test('notes and the notice of loss are for roles that work on the claim, messages for those in contact', async () => {
    const [claim, called] = [await sleeping(), '?purpose=customer-called'];
    expect(
      await office.ask('C-301', 'POST', `/claims/${claim}/acts/add-note`, {
        note: 'Called, will come on Friday.',
      }),
    ).toMatchObject({ status: 200 });
    expect((await office.ask('V-401', 'GET', `/claims/${claim}/notes?purpose=advice`)).body).toEqual([
      { id: expect.any(String), by: 'C-301', at: expect.any(String), text: 'Called, will come on Friday.' },
    ]);
    expect((await office.ask('S-201', 'GET', `/claims/${claim}/notice`)).body).toMatchObject({
      place: `Heping Road 8, ${canary}`,
    });
    await until(
      () => show(claim),
      ({ body }) =>
        body.notifications.some(
          ({ id, state }: { id: string; state: string }) =>
            id === 'acknowledgement-1-sms' && state === 'accepted',
        ),
    );
    expect(
      (await office.ask('H-101', 'GET', `/claims/${claim}/notifications/acknowledgement-1-sms${called}`))
        .body,
    ).toMatchObject({
      kind: 'acknowledgement',
      to: 'party-1',
      text: expect.stringContaining(claim.slice(-5)),
    });
    expect(
      (await office.ask('H-101', 'GET', `/claims/${claim}/notifications/acknowledgement-1-email${called}`))
        .body,
    ).toMatchObject({
      subject: expect.stringContaining(claim),
      html: expect.stringContaining('<html lang='),
    });
    expect(
      (await office.ask('V-401', 'GET', `/claims/${claim}/notifications/acknowledgement-1-sms`)).status,
    ).toBe(403);
  });

  test('neither logs nor problems repeat what people sent', () => {
    expect(office.logs.join('\n')).not.toMatch(
      new RegExp(`${canary}|13912345678|62220200|Bearer|Friday`, 'i'),
    );
    expect(office.logs.length).toBeGreaterThan(20);
  });
});

describe('what providers report', () => {
  test('delivery receipts are kept in whatever order they come, and forged ones not at all', async () => {
    const claim = await sleeping();
    const delivered = { MessageSid: 'SM1', MessageStatus: 'delivered', Unknown: 'yes' };
    expect(await twilioSends(claim, 'acknowledgement-1-sms', delivered, 'another token')).toMatchObject({
      status: 403,
    });
    expect(await smsState(claim)).toBe('accepted');
    expect((await twilioSends(claim, 'acknowledgement-1-sms', delivered)).status).toBe(204);
    for (const MessageStatus of ['sent', 'queued', 'undelivered', 'delivered'])
      await twilioSends(claim, 'acknowledgement-1-sms', { MessageSid: 'SM1', MessageStatus });
    expect(await smsState(claim)).toBe('delivered');
    expect(await twilioSends(claim, 'acknowledgement-9-sms', delivered)).toMatchObject({ status: 204 });
    expect(office.logs.join('')).toContain('a delivery report for no message of ours');
    expect(
      await twilioSends(claim, 'acknowledgement-1-sms', { MessageSid: 'SM1', MessageStatus: 'dreaming' }),
    ).toMatchObject({ status: 204 });
    expect(office.logs.join('')).toContain('dreaming');
  });

  test('a delivery report completes a message whose sender got no answer', async () => {
    const claim = await sleeping();
    const reference = `${claim}/acknowledgement-1-email`;
    await office.database.notification.update({
      where: { reference },
      data: { state: 'unknown', providerId: null },
    });
    await twilioSends(claim, 'acknowledgement-1-email', {
      MessageSid: 'SM2',
      MessageStatus: 'undelivered',
      ErrorCode: '30003',
    });
    expect(await office.database.notification.findUnique({ where: { reference } })).toMatchObject({
      state: 'undelivered',
      providerId: 'SM2',
      errorCode: '30003',
    });
  });

  test("the bank's reports reach the claim when they are the bank's", async () => {
    const claim = await sleeping();
    expect(await bankSends(paymentReport(`${claim}-item-1-payment-1`), 'a secret of somebody else')).toBe(
      403,
    );
    expect(await bankSends('<hello/>')).toBe(400);
    expect(await bankSends(paymentReport('LZZZZ-ZZZZZ-item-1-payment-1'))).toBe(404);
    expect(await bankSends(paymentReport(`${claim}-item-1-payment-1`, 'PDNG'))).toBe(204);

    const small = await fileApart({ items: [{ object: 'insured-vehicle', party: 'wang', claimed: '100' }] });
    await act('S-201', small, 'report-survey', { onScene: true, findings: 'as reported' });
    for (const document of ['driving-licence', 'police-determination'])
      await act('U-901', small, 'waive-document', { document, reason: 'already-on-file' });
    await until(
      () => show(small),
      ({ body }) => body.items[0].stage === 'assess',
    );
    await act('C-301', small, 'assess', { item: 'item-1', amount: 100 });
    const instructed = await until(
      () => show(small),
      ({ body }) => body.items[0].payment?.state === 'instructed',
    );
    expect([
      await bankSends(paymentReport(instructed.body.items[0].payment.id)),
      await bankSends(paymentReport(instructed.body.items[0].payment.id)),
    ]).toEqual([204, 204]);
    const closed = await until(
      () => show(small),
      ({ body }) => body.outcome !== null,
    );
    expect(closed.body).toMatchObject({
      outcome: 'paid',
      items: [{ outcome: { kind: 'paid', amount: '100.00', reference: 'BANK-1' } }],
    });

    // The money comes back after the claim's workflow has ended: finance is waited for.
    await until(
      () =>
        office.database.notification.count({
          where: { claim: small, state: { in: ['planned', 'sending'] } },
        }),
      (unsent) => unsent === 0,
    );
    await pause(1_000);
    expect(await bankSends(paymentReport(instructed.body.items[0].payment.id, 'RJCT'))).toBe(204);
    const reopened = await until(
      () => show(small),
      ({ body }) => body.outcome === null,
    );
    expect(reopened.body.waitingOn).toContainEqual(
      expect.objectContaining({ from: 'finance', what: 'clear', item: 'item-1' }),
    );
  });
});

describe('lists', () => {
  test('the Link headers of a list lead to every claim once', async () => {
    for (let n = 0; n < 5; n += 1) await file();
    const all = (await office.ask('H-101', 'GET', '/claims?all=true&limit=1000')).body.map(
      ({ claim }: { claim: string }) => claim,
    );
    for (const sort of ['age', 'next', 'amount']) {
      const seen: string[] = [];
      for (let url: string | undefined = `/claims?all=true&limit=3&sort=${sort}`; url;) {
        const page = await office.ask('H-101', 'GET', url);
        seen.push(...page.body.map(({ claim }: { claim: string }) => claim));
        url = /<(.+)>; rel="next"/.exec(String(page.headers.link))?.[1];
      }
      expect(seen.toSorted()).toEqual(all.toSorted());
    }
  });

  test.each([
    '/claims?sort=colour',
    '/claims?limit=0',
    '/claims?limit=x',
    '/claims?stage=lunch',
    '/claims?waitingOn=godot',
    '/claims?colour=red',
  ])('%s is malformed', async (url) => {
    expect(await office.ask('H-101', 'GET', url)).toMatchObject({
      status: 400,
      body: { field: expect.any(String), detail: expect.any(String) },
    });
  });
});

/** Cursors that somebody made up, and the form that cursors had before they were sealed. */
const madeUp = (text: string): string => Buffer.from(text).toString('base64url');
const cursors: Record<string, (genuine: string) => string> = {
  nothing: () => '',
  'a letter': () => 'x',
  'half of JSON': () => madeUp('{"'),
  'a number': () => madeUp('7'),
  'an object': () => madeUp('{"token":"eyJ9"}'),
  'the parts of a place': () => madeUp(JSON.stringify(['2026-11-27T08:00:00.000Z', 'L7K3M-9Q2X4'])),
  'zero bytes': () => madeUp('["\\u0000","\\u0000"]'),
  'a mark of one’s own': () => `${madeUp('["2026-11-27T08:00:00.000Z","L7K3M-9Q2X4"]')}.${'A'.repeat(24)}`,
  'a genuine one of another list': (genuine) => genuine,
  'a genuine one, changed': (genuine) =>
    genuine.startsWith('W') ? `X${genuine.slice(1)}` : `W${genuine.slice(1)}`,
  'a genuine one, cut': (genuine) => genuine.slice(0, -1),
  'a genuine one, twice': (genuine) => `${genuine}&after=${genuine}`,
  'what is far too long': () => 'A'.repeat(3_000),
};

describe('cursors (R5)', () => {
  test.each(
    ['/claims?sort=age', '/claims?sort=amount', '/work?', '/problems?'].flatMap((list) =>
      Object.keys(cursors).map((name) => [list, name] as const),
    ),
  )('%s with a cursor that is %s is a 400 that says what to do', async (list, name) => {
    const since = Date.now();
    const answer = await office.ask(
      'H-101',
      'GET',
      `${list}&after=${cursors[name]?.(await genuineCursor())}`,
    );
    expect(answer).toMatchObject({ status: 400, body: { field: 'after', detail: expect.any(String) } });
    expect(Date.now() - since).toBeLessThan(2_000);
  });

  test('the next of a batch of rewrapping is sealed, too', async () => {
    const next = madeUp(JSON.stringify({ began: new Date().toISOString() }));
    expect(await office.ask('O-951', 'POST', '/keys/rewrap', { next })).toMatchObject({
      status: 400,
      body: { field: 'next' },
    });
  });
});

/** One that leads from the first page of a list that no test above asks for. */
async function genuineCursor(): Promise<string> {
  const page = await office.ask('H-101', 'GET', '/claims?all=true&limit=1&sort=next');
  const url = /<(.+)>; rel="next"/.exec(String(page.headers.link))?.[1] ?? '';
  return new URL(url, 'http://api').searchParams.get('after') ?? '';
}

describe('while the records are down', () => {
  test('claims are filed and can be looked at, and everything else says to try again', async () => {
    const notice = aNotice();
    const filed = await without('POST', '/claims', notice);
    expect([filed.status, (await without('POST', '/claims', notice)).body.kind]).toEqual([
      201,
      'already-filed',
    ]);
    expect(await without('GET', `/claims/${filed.body.claim}`)).toMatchObject({
      status: 200,
      body: { claim: filed.body.claim, notifications: [] },
    });
    for (const [method, url] of [
      ['GET', '/claims'],
      ['GET', '/work'],
      ['GET', `/claims/${filed.body.claim}/journal`],
      ['POST', `/claims/${filed.body.claim}/acts/withdraw`],
    ] as const)
      expect(await without(method, url, method === 'POST' ? {} : undefined)).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining('nothing was changed') },
      });
    expect((await without('GET', '/health')).body).toMatchObject({
      status: 'degraded',
      parts: expect.arrayContaining([
        expect.objectContaining({ name: 'records', ok: false }),
        { name: 'engine', ok: true },
      ]),
    });
  });
});

test.each([
  ['the first', 1, 'the second', [0, 1]],
  ['the second', 2, 'the first', [1, 0]],
])(
  'a claim that has %s of two notices with the same number does not pass for %s while the records are down',
  async (_, pair, __, order) => {
    const [first, second] = order.map((index) => aNotice({ ...sameNumber[pair]?.[index] }));
    const filed = [
      (await without('POST', '/claims', first)).body,
      (await without('POST', '/claims', second)).body,
    ];
    expect(filed).toEqual([
      { kind: 'filed', claim: expect.any(String) },
      { kind: 'filed', claim: expect.any(String) },
    ]);
    expect(filed[1].claim).not.toBe(filed[0].claim);
    for (const ask of [without, (...asked: Parameters<typeof without>) => office.ask('H-101', ...asked)])
      for (const [index, notice] of [first, second].entries())
        expect((await ask('POST', '/claims', notice)).body).toEqual({
          kind: 'already-filed',
          claim: filed[index].claim,
        });
    for (const [index, notice] of [first, second].entries())
      expect(
        (
          await until(
            () => office.ask('C-301', 'GET', `/claims/${filed[index].claim}/notice`),
            ({ status }) => status === 200,
          )
        ).body.reference,
      ).toBe(notice?.reference);
  },
);

describe('about the API', () => {
  test('health is open, and all is well', async () => {
    const answer = await office.ask('O-951', 'GET', '/health');
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        status: 'ok',
        parts: [
          ...['engine', 'worker', 'records', 'attachments', 'keys'].map((name) => ({
            name,
            ok: true,
            ...present({ waiting: name === 'worker' ? expect.any(Number) : undefined }),
          })),
          expect.objectContaining({ name: 'calendars', ok: true }),
        ],
      },
    ]);
  });

  test('every route is described, with what it takes and what it answers', async () => {
    const { body } = await request(`${office.api}/openapi.json`, { method: 'GET' });
    const operations: { summary?: string; responses: object }[] = Object.values(body.paths).flatMap((path) =>
      Object.values(path ?? {}),
    );
    expect(body.openapi).toBe('3.1.0');
    expect(operations.length).toBeGreaterThan(30);
    for (const operation of operations)
      expect(operation).toMatchObject({ summary: expect.any(String), responses: expect.any(Object) });
    expect(
      body.paths['/claims/{no}/acts/accept-document'].post.requestBody.content['application/json'].schema
        .required,
    ).toEqual(['document']);
    expect(
      (await request(`${office.api}/schemas/notice-of-loss.json`, { method: 'GET' })).body.required,
    ).toContain('lossAt');
  });

  test('what is nowhere is said to be so', async () => {
    expect(await request(`${office.api}/nowhere`, { method: 'GET' })).toMatchObject({
      status: 404,
      body: { type: 'urn:lipei:problem:not-found' },
    });
  });
});

/** A request of the hotline's to the API beside records that cannot be reached. */
const without = async (method: 'GET' | 'POST', url: string, body?: object): Promise<Answered> =>
  request(`${office.apiWithoutRecords}${url}`, {
    method,
    body,
    headers: { authorization: `Bearer ${await office.token('H-101')}` },
  });

function twilioSends(
  claim: string,
  id: string,
  form: Record<string, string>,
  token = twilioToken,
): Promise<Answered> {
  const query = `?s=${encodeURIComponent(`${claim}/${id}`)}`;
  const signature = twilio.getExpectedTwilioSignature(
    token,
    `${publicUrl}/webhooks/twilio/status${query}`,
    form,
  );
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature };
  return request(`${office.api}/webhooks/twilio/status${query}`, {
    method: 'POST',
    body: String(new URLSearchParams(form)),
    headers,
  });
}

const smsState = async (claim: string): Promise<string | undefined> =>
  (await office.database.notification.findUnique({ where: { reference: `${claim}/acknowledgement-1-sms` } }))
    ?.state;

const paymentReport = (id: string, status = 'ACSC'): string =>
  statusReport({ id, status, reason: null, reference: 'BANK-1' });

async function bankSends(xml: string, secret = bankSecret): Promise<number> {
  const headers = {
    'content-type': 'application/xml',
    'x-bank-signature': createHmac('sha256', secret).update(xml).digest('hex'),
  };
  return (await request(`${office.api}/webhooks/bank`, { method: 'POST', body: xml, headers })).status;
}

let asleep: Promise<string> | undefined;

/** One claim that waits for its survey and that nothing happens to but by its tests. */
function sleeping(): Promise<string> {
  asleep ??= file().then(async (claim) => {
    await until(
      () => show(claim),
      ({ body }) => body.waitingOn.some(({ what }: { what: string }) => what === 'survey'),
    );
    await everythingSent(office, claim);
    return claim;
  });
  return asleep;
}

function pdf(words: string): Buffer {
  return Buffer.from(`%PDF-1.4\n% ${words}\n%%EOF\n`);
}

function formOf(parts: Record<string, string | Buffer | undefined>): FormData {
  const made = new FormData();
  for (const [name, value] of Object.entries(parts)) {
    if (typeof value === 'string') made.append(name, value);
    else if (value)
      made.append(name, new Blob([new Uint8Array(value)], { type: 'application/pdf' }), 'scan.pdf');
  }
  return made;
}

test('every act has its address, and the description says what it is and who may', async () => {
  const { paths } = (await office.ask('A-991', 'GET', '/openapi.json')).body;
  for (const name of permittedActs)
    expect(paths[`/claims/{no}/acts/${name}`]?.post.summary).toBe(actInWords(name));
});

describe('who may look at or operate what', () => {
  const asked: Record<
    Exclude<Access, 'decrypt-payloads'>,
    [method: 'GET' | 'POST', url: string, body?: object]
  > = {
    'file-claims': ['POST', '/claims', {}],
    'look-at-claims': ['GET', '/problems'],
    'read-messages': ['GET', '/claims/LZZZZ-ZZZZZ/notifications/paid-1-sms'],
    'read-personal-data': ['GET', '/claims/LZZZZ-ZZZZZ/notice'],
    'read-policies': ['POST', '/policies/find', {}],
    'look-at-readers': ['GET', '/claims/LZZZZ-ZZZZZ/readers'],
    'look-at-keys': ['GET', '/keys'],
    'rewrap-keys': ['POST', '/keys/rewrap', { next: 'nothing' }],
    'read-history': ['GET', '/staff/C-301/history'],
    'sample-claims': ['POST', '/records/samples', { count: 1 }],
    'check-records': ['GET', '/records/claims/LZZZZ-ZZZZZ'],
    'rebuild-records': ['POST', '/records/rebuild', { claim: 'LZZZZ-ZZZZZ' }],
    'resume-claims': ['POST', '/claims/LZZZZ-ZZZZZ/resume'],
    'archive-claims': ['POST', '/claims/LZZZZ-ZZZZZ/archive'],
    'hold-claims': ['POST', '/claims/LZZZZ-ZZZZZ/hold', { reason: 'court' }],
    'plan-retention': ['POST', '/records/retention/plans'],
    'run-retention': ['POST', '/records/retention/plans/nobodys/run', {}],
    'erase-parties': ['GET', '/erasures'],
    'import-policies': ['POST', '/imports', { book: 'policies', source: 'table of roles' }],
    'import-staff': ['POST', '/imports', { book: 'staff', source: 'table of roles' }],
    // Everybody may record their own absences, and nobody their own leaving.
    'change-attendance': ['POST', '/staff/S-201/leaving', { on: null, dryRun: true }],
    'revoke-tokens': ['POST', '/tokens/revoked', { id: 'nobodys' }],
  };
  const oneOfEach = [
    'H-101',
    'S-201',
    'C-301',
    'V-401',
    'R-501',
    'M-601',
    'E-701',
    'F-801',
    'U-901',
    'O-951',
    'A-991',
  ];

  // The codec server has its own tests.
  test.each(accessNames.filter((access) => access !== 'decrypt-payloads'))(
    '%s: the table decides for each role',
    async (access) => {
      const [method, url, body] = asked[access];
      const may: string[] = [];
      const mayBy: string[] = [];
      for (const code of oneOfEach) {
        const colleague = await office.database.person.findUniqueOrThrow({ where: { code } });
        if (rolesFor(access).some((role) => colleague.roles.includes(role))) mayBy.push(code);
        if ((await office.ask(code, method, url, body)).status !== 403) may.push(code);
      }
      expect(may).toEqual(mayBy);
    },
  );
});

test('a sample of closed claims is drawn again from what the answer says, and each draw is a signed line', async () => {
  const draw = (body: object) => office.ask('A-991', 'POST', '/records/samples', body);
  const first = await draw({ count: 2 });
  expect(first).toMatchObject({ status: 200, body: { seedFrom: 'random' } });
  const { seed, of, populationHash, claims, drawnBefore } = first.body;
  expect((await draw({ count: 2, seed, ...of })).body).toEqual({
    ...first.body,
    seedFrom: 'given',
    drawnBefore: drawnBefore + 1,
  });
  const [line] = (await signedLines(office.database, { act: 'sample-claims' })).slice(-2);
  expect(line).toMatchObject({ by: 'A-991' });
  expect(JSON.parse(line?.proof.signed ?? '')).toMatchObject({
    act: 'sample-claims',
    by: { kind: 'staff', code: 'A-991', roles: ['auditor'] },
    fields: { seed, populationHash, claims: claims.map(({ claim }: { claim: string }) => claim) },
  });
  expect((await office.ask('M-601', 'GET', '/records/samples')).body.slice(-2)).toMatchObject([
    { by: 'A-991', seed, seedFrom: 'random', count: 2 },
    { by: 'A-991', seed, seedFrom: 'given', populationHash },
  ]);
  expect(await draw({ count: 1, closedTo: '2099-01-01T00:00:00.000Z' })).toMatchObject({
    status: 422,
    body: { field: 'closedTo', detail: expect.stringContaining('in the past') },
  });
  expect((await draw({ count: 0 })).body.detail).toBe('count must be a whole number from 1 to 1000.');
});

test('how a limit changed is read by those who answer for it', async () => {
  await office.database.person.update({
    where: { code: 'E-701' },
    data: { limits: { motor: { CNY: 2_000_000_000 } } },
  });
  const history = await office.ask('A-991', 'GET', '/staff/E-701/history');
  expect(history.body.at(-1)).toMatchObject({
    before: { limits: { motor: { CNY: 1_000_000_000 } } },
    after: { limits: { motor: { CNY: 2_000_000_000 } } },
  });
  const { changes, faults } = (await office.ask('A-991', 'GET', '/records/authority')).body;
  expect(changes.at(-1)).toMatchObject({
    code: 'E-701',
    after: { limits: { motor: { CNY: 2_000_000_000 } } },
  });
  expect(faults).toEqual([]);
  expect((await office.ask('C-301', 'GET', '/records/authority')).status).toBe(403);
  expect((await office.ask('M-601', 'GET', '/policies/p-1/history')).body).toMatchObject([
    { before: null, after: { version: 1, line: 'motor' } },
  ]);
  expect(await office.ask('U-901', 'GET', '/staff/X-000/history')).toMatchObject({
    status: 404,
    body: { detail: 'Nobody has ever had the staff code X-000.' },
  });
});

describe('staff', () => {
  test('are listed with their names for everybody who works here, and counted where asked', async () => {
    const { body, status } = await office.ask('A-991', 'GET', '/staff');
    expect(status).toBe(200);
    expect(body.find(({ code }: { code: string }) => code === 'C-301')).toEqual({
      code: 'C-301',
      name: 'Staff C-301',
      roles: ['handler'],
      branch: 'longkou',
      branchName: 'Longkou',
      active: true,
      languages: [],
      deputies: [],
    });
    await file();
    const own = async () => (await office.ask('S-201', 'GET', '/work?limit=1000')).body.length;
    const counts = async () => (await office.ask('A-991', 'GET', '/staff?waiting=true')).body;
    // What was filed just now comes onto the list in between.
    const { counted, waiting } = await until(
      async () => ({ waiting: await own(), counted: await counts() }),
      (seen) => seen.counted.find(({ code }: { code: string }) => code === 'S-201').waiting === seen.waiting,
    );
    expect(waiting).toBeGreaterThan(0);
    expect(counted.find(({ code }: { code: string }) => code === 'A-991').waiting).toBe(0);
    expect((await office.ask('A-991', 'GET', '/claims?handler=C-999')).body.detail).toBe(
      'handler must be the code of a member of staff; nobody has "C-999".',
    );
  });
});

const openedBy = async (accept: string) => {
  const answer = await fetch(office.api, { headers: { accept } });
  return { type: answer.headers.get('content-type') ?? '', text: await answer.text() };
};

test('the address itself is a page for browsers and JSON for programs, without a token', async () => {
  const browser = await openedBy('text/html,application/xhtml+xml,*/*;q=0.8');
  expect(browser.type).toContain('text/html');
  expect(browser.text).toContain('<title>Lipei 理赔</title>');
  // Nothing of a local stack is named where none runs.
  expect(browser.text).not.toContain('bin/lipei');
  for (const accept of ['*/*', 'application/json', 'application/json, text/html']) {
    const program = await openedBy(accept);
    expect(program.type).toContain('application/json');
    expect(JSON.parse(program.text)).toMatchObject({ name: 'Lipei', openapi: '/openapi.json' });
  }
});

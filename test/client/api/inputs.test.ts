import { claimOf } from '../../../records/claims/projection.ts';
import { marking } from '../../../records/keys/contact-key.ts';
import { claimNumber } from '../../../domain/ids.ts';
import { majorUnits } from '../../../domain/money/money.ts';
import { contactOf, payeeOf } from '../../../records/parties/parties.ts';
import { lipei } from '../../support/lipei.ts';
import { aNotice, wang } from '../../support/notices.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { testKeyring } from '../../support/test-keyring.ts';
import { openOffice, type Answered, type Office } from './office.ts';

let office: Office;

beforeAll(async () => {
  office = await openOffice();
});
afterAll(() => office.close());

const filed = (notice: object): Promise<Answered> => office.ask('H-101', 'POST', '/claims', notice);
const act = (claim: string, name: string, fields: object): Promise<Answered> =>
  office.ask('C-301', 'POST', `/claims/${claim}/acts/${name}`, fields);
const look = (claim: string, staff = 'C-301'): Promise<Answered> =>
  office.ask(staff, 'GET', `/claims/${encodeURIComponent(claim)}`);

describe('a claim is found as people name it', () => {
  test('in every notation of its number, by its tail, in acts too', async () => {
    const claim: string = (await filed(aNotice())).body.claim;
    const tail = claim.slice(-5);
    for (const named of [
      claim.toLowerCase(),
      claim.replace('-', ''),
      claim.replaceAll('0', 'O').replace('-', ' '),
      claim.replace(/[!-~]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0)),
      tail,
      tail.toLowerCase(),
    ])
      expect((await look(named)).body.claim).toBe(claim);
    expect((await act(tail, 'add-note', { note: 'They named the tail.' })).status).toBe(200);
    for (const part of ['journal', 'notes', 'parties/party-1/contact'])
      expect((await office.ask('C-301', 'GET', `/claims/${tail}/${part}`)).status).toBe(200);
    expect((await office.ask('O-951', 'GET', `/records/claims/${tail}`)).body).toMatchObject([{ claim }]);
  });

  test('a tail of two claims lists them, and one of none says so', async () => {
    const byTail = new Map<string, string>();
    const pair: string[] = [];
    for (let n = 0; pair.length === 0; n += 1) {
      const [reference, tail] = [`tail-${n}`, claimNumber('hotline', `tail-${n}`).slice(-5)];
      const first = byTail.get(tail);
      if (first !== undefined) pair.push(first, reference);
      byTail.set(tail, reference);
    }
    const claims: string[] = [];
    for (const reference of pair) claims.push((await filed(aNotice({ reference }))).body.claim);
    const [one = '', other = ''] = claims.toSorted();
    const answer = await look(one.slice(-5));
    expect(answer).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining(`${one}, ${other}. Give the whole number.`) },
    });
    expect(await look('ZZZZZ')).toMatchObject({
      status: 404,
      body: { detail: 'There is no claim whose number ends in ZZZZZ.' },
    });
  });
});

describe('one thing in several notations is one thing', () => {
  test('references that differ in what nobody sees are one claim', async () => {
    const notice = aNotice();
    const { claim } = (await filed(notice)).body;
    const wide = notice.reference.replaceAll('-', '－');
    for (const reference of [`${notice.reference}\u200B`, `\u202E${notice.reference}`, wide])
      expect((await filed({ ...notice, reference })).body).toEqual({ kind: 'already-filed', claim });
  });

  test.each(['ｐ－１', 'p-1', ' P–1 '])(
    'the policy P-1 is found as %s, also by a correction',
    async (policy) => {
      const answer = await filed(aNotice({ policy }));
      expect(answer.status).toBe(201);
      expect((await look(answer.body.claim)).body.policy).toBe('P-1');
      expect((await act(answer.body.claim, 'correct-claim', { policy })).status).toBe(200);
    },
  );
});

const post = async (bytes: Buffer, type: string) => {
  const response = await fetch(`${office.api}/claims`, {
    method: 'POST',
    headers: { 'content-type': type, authorization: `Bearer ${await office.token('H-101')}` },
    body: new Uint8Array(bytes),
  });
  return { status: response.status, text: await response.text() };
};
/** A notice whose name is 测试丁 in GB 18030. */
const inGb18030 = (): Buffer => {
  const [before = '', after = ''] = JSON.stringify({
    ...aNotice(),
    place: 'Road 1',
    parties: [{ ...wang, name: 'NAME' }],
  }).split('NAME');
  return Buffer.concat([Buffer.from(before), Buffer.from('b2e2cad4b6a1', 'hex'), Buffer.from(after)]);
};

describe('a body is read as it is declared', () => {
  test('GB 18030 under its name is what was written, and without it is refused', async () => {
    const taken = await post(inGb18030(), 'application/json; charset=gb18030');
    expect(taken.status).toBe(201);
    const contact = await office.ask(
      'C-301',
      'GET',
      `/claims/${JSON.parse(taken.text).claim}/parties/party-1/contact`,
    );
    expect(contact.body.name).toBe('测试丁');
    expect(await post(inGb18030(), 'application/json')).toEqual({
      status: 400,
      text: expect.stringContaining('The body is not text in utf-8.'),
    });
    expect(await post(inGb18030(), 'application/json; charset=klingon')).toMatchObject({ status: 400 });
  });

  test('what was lost before is refused, in a notice and in a note', async () => {
    const lost = '测\uFFFD\uFFFD';
    const claim: string = (await filed(aNotice())).body.claim;
    expect(await filed(aNotice({ description: lost }))).toMatchObject({
      status: 400,
      body: { field: 'description' },
    });
    expect(await act(claim, 'add-note', { note: lost })).toMatchObject({
      status: 400,
      body: { field: 'note' },
    });
  });
});

test('an amount in another currency is refused in an assessment and a correction, in its own it is taken', async () => {
  const claim: string = (await filed(aNotice())).body.claim;
  expect(await act(claim, 'assess', { item: 'item-1', amount: 'US$480' })).toMatchObject({
    status: 422,
    body: { detail: 'amount is in US$, and the policy is in CNY.' },
  });
  expect(await act(claim, 'correct-claim', { item: 'item-1', claimed: 'EUR 900' })).toMatchObject({
    status: 422,
    body: { field: 'claimed' },
  });
  expect((await act(claim, 'correct-claim', { item: 'item-1', claimed: '900元' })).status).toBe(200);
  expect((await look(claim)).body.items[0].claimed).toBe(majorUnits(90_000, 'CNY'));
});

test('a cause must be one of the line, and it and the plate can be corrected: then nothing differs any more', async () => {
  const notice = aNotice();
  expect(await filed({ ...notice, cause: 'horoscope' })).toMatchObject({
    status: 422,
    body: { field: 'cause', detail: expect.stringContaining('collision') },
  });
  const claim: string = (await filed(notice)).body.claim;
  expect(await act(claim, 'correct-claim', { cause: 'horoscope' })).toMatchObject({ status: 422 });
  expect((await act(claim, 'correct-claim', { cause: 'hail' })).status).toBe(200);
  expect((await act(claim, 'correct-claim', { item: 'item-1', plate: '鲁F·54321' })).status).toBe(200);
  expect((await look(claim)).body).toMatchObject({ cause: 'hail', strangers: [] });
  const corrected = {
    ...notice,
    cause: 'hail',
    items: notice.items.map((item, index) => (index === 0 ? { ...item, plate: '鲁f 54321' } : item)),
  };
  expect((await filed(corrected)).body).toEqual({ kind: 'already-filed', claim });
  const contact = await contactOf(office.database, testKeyring(), claim, 'party-1');
  expect(contact).toMatchObject({ plates: { 'item-1': '鲁F·54321' } });
});

test('an account is checked, folded, and kept with its holder, whose change is another payee', async () => {
  const claim: string = (await filed(aNotice())).body.claim;
  const set = (fields: object): Promise<Answered> =>
    act(claim, 'set-payee', { item: 'item-1', party: 'party-1', ...fields });
  const mark = await marking(office.database, testKeyring());
  const payee = async (): Promise<object | undefined> => {
    const contact = await contactOf(office.database, testKeyring(), claim, 'party-1');
    const row = await office.database.claim.findUniqueOrThrow({ where: { number: claim } });
    const known = claimOf(row.state).items[0]?.payee;
    return known && payeeOf(contact, known, mark);
  };
  for (const account of ['DE88 3704 0044 0532 0130 00', 'ABCDE', '6222020050001112'])
    expect(await set({ account })).toMatchObject({ status: 422, body: { field: 'account' } });
  const iban = 'DE89370400440532013000';
  for (const account of ['de89 3704 0044 0532 0130 00', iban]) await set({ account });
  expect(await payee()).toEqual({ name: wang.name, account: iban });
  await set({ account: iban, holder: 'Wang & Co' });
  expect(await payee()).toEqual({ name: 'Wang & Co', account: iban });
});

test('a telephone is corrected in the notation of the country of the claim', async () => {
  const claim: string = (await filed(aNotice())).body.claim;
  const phone = async (written: string) => {
    const answer = await act(claim, 'correct-contact', { party: 'party-2', phone: written });
    const contact = await office.ask('C-301', 'GET', `/claims/${claim}/parties/party-2/contact`);
    return [answer.status, contact.body.phone];
  };
  expect(await phone('13900007777')).toEqual([200, '+8613900007777']);
  expect(await phone('+1 123 123 12321')).toEqual([400, '+8613900007777']);
});

describe('a notice that comes again with other content', () => {
  test('is answered with what differs, until the claim is corrected', async () => {
    const notice = aNotice();
    const claim: string = (await filed(notice)).body.claim;
    const [first, ...others] = notice.parties;
    const corrected = {
      ...notice,
      place: 'Heping Road 9',
      parties: [{ ...first, name: 'Wang Wei', phone: '+8613800138001' }, ...others],
      items: [{ ...notice.items[0], claimed: '9000' }],
    };
    expect((await filed(corrected)).body).toEqual({
      kind: 'already-filed',
      claim,
      differs: ['place', 'parties[0].name', 'parties[0].phone', 'items[0].claimed'],
    });
    await act(claim, 'correct-contact', { party: 'party-1', phone: '+8613800138001' });
    await act(claim, 'correct-claim', { item: 'item-1', claimed: '9000' });
    expect((await filed(corrected)).body.differs).toEqual(['place', 'parties[0].name']);
    expect((await filed({ ...notice, parties: notice.parties.slice(0, 1) })).body.differs).toContain(
      'parties',
    );
  });

  test('with another plate: the answer names it; one that is written otherwise is the same', async () => {
    const notice = aNotice();
    const plated = (plate: string) => ({
      ...notice,
      items: notice.items.map((item) => ({ ...item, plate })),
    });
    const claim: string = (await filed(plated('鲁F·12345'))).body.claim;
    expect((await filed(plated('鲁f 12345'))).body).toEqual({ kind: 'already-filed', claim });
    const differs = notice.items.map((_, index) => `items[${index}].plate`);
    expect((await filed(plated('鲁F·54321'))).body.differs).toEqual(differs);
    expect((await filed(notice)).body.differs).toEqual(differs);
  });
});

test('a note may begin with a dash on the command line too', async () => {
  const claim: string = (await filed(aNotice())).body.claim;
  const env = { LIPEI_TOKEN: await office.token('C-301'), LIPEI_DATA: temporaryDirectory() };
  const typed = await lipei(['add-note', claim, '- left door dented', '--api', office.api], { env });
  expect(typed).toMatchObject({ exitCode: 0, err: '' });
  expect((await office.ask('C-301', 'GET', `/claims/${claim}/notes`)).text).toContain('- left door dented');
});

test('what others typed reaches no terminal as a command', async () => {
  const claim: string = (
    await filed(aNotice({ place: '路\u001b[31m口', description: '\u001b[2J\u009b1mPAID' }))
  ).body.claim;
  const env = { LIPEI_TOKEN: await office.token('C-301'), LIPEI_DATA: temporaryDirectory() };
  for (const flags of [[], ['--json']]) {
    const { out, exitCode } = await lipei(['claims', 'notice', claim, '--api', office.api, ...flags], {
      env,
    });
    expect([exitCode, out.replaceAll('\n', '')]).toEqual([0, expect.not.stringMatching(/\p{Cc}/u)]);
    expect(out).toContain('PAID');
  }
});

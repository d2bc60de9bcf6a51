import { noticeJsonSchema } from '../../config/notice/schema.ts';
import { readNotice } from '../../config/notice/read.ts';
import type { NoticeOfLoss } from '../../domain/claim/notice.ts';
import { present } from '../../domain/present.ts';

const now = '2026-11-23T02:00:00.000Z';

const driver = { role: 'driver', name: '李娜' } as const;
const wang = {
  role: 'policyholder',
  name: '王伟',
  phone: '138 0013 8000',
  email: 'wang@example.com',
} as const;
const car = { object: 'insured-vehicle', party: 'policyholder', claimed: 4800 };
const notice: NoticeOfLoss = {
  source: 'hotline',
  reference: 'A-1',
  policy: 'P-1',
  lossAt: '2026-11-22T18:00:00+08:00',
  place: 'Heping Road 8',
  description: 'Rear-end collision',
  parties: [wang],
  items: [car],
};

const read = (change: object, currency?: string) =>
  readNotice({ ...notice, ...change }, { now, ...present({ currency }) });

test('a notice is completed: times in UTC, numbers in E.164, an id, a language and a zone for everybody', () => {
  expect(
    read({
      parties: [
        wang,
        {
          ...driver,
          locale: 'en',
          timeZone: 'Europe/London',
          phone: '+44 7400 123456',
          account: '6222 0200 5000 1111',
        },
      ],
    }),
  ).toEqual({
    kind: 'read',
    notice: {
      ...notice,
      lossAt: '2026-11-22T10:00:00.000Z',
      parties: [
        { ...wang, id: 'policyholder', phone: '+8613800138000' },
        {
          ...driver,
          id: 'driver',
          phone: '+447400123456',
          locale: 'en',
          timeZone: 'Europe/London',
          account: '6222020050001111',
        },
      ],
    },
  });
});

test('what was read once reads the same again', () => {
  const once = read({
    source: ' hotline ',
    parties: [wang, driver, driver],
    items: [{ ...car, party: 'driver-2' }],
  });
  const twice = once.kind === 'read' ? readNotice(once.notice, { now }) : once;
  expect(twice).toEqual(once);
  expect(once).toMatchObject({
    notice: { source: 'hotline', parties: [{ id: 'policyholder' }, { id: 'driver' }, { id: 'driver-2' }] },
  });
});

test.each([
  ['by the role', [wang, driver], 'driver', 'driver'],
  ['by the role of somebody with a name of their own', [{ ...wang, id: 'wang' }], 'policyholder', 'wang'],
  ['by the number, where several have a role', [wang, driver, driver], 'driver-2', 'driver-2'],
  [
    'by the first free number, where somebody is called so',
    [{ ...wang, id: 'driver-2' }, driver, driver],
    'driver-3',
    'driver-3',
  ],
])('an item names its party %s', (_, parties, party, id) => {
  expect(read({ parties, items: [{ ...car, party }] })).toMatchObject({
    kind: 'read',
    notice: { items: [{ party: id }] },
  });
});

test.each([
  ['not an object', 'hello'],
  ['a list', [notice]],
  ['nothing', undefined],
])('%s is no notice', (_, value) => {
  expect(readNotice(value, { now })).toMatchObject({
    kind: 'malformed',
    understood: false,
    field: '',
    sentence: expect.stringContaining('The notice of loss'),
  });
});

test.each([
  ['no policy', { policy: undefined }, 'policy', false],
  ['an empty place', { place: '  ' }, 'place', false],
  ['a reference with a line break', { reference: 'A\n1' }, 'reference', false],
  ['half a character', { description: 'crash \ud83d' }, 'description', false],
  ['a field that nobody knows', { colour: 'red' }, 'colour', false],
  ['a time without a zone', { lossAt: '2026-11-22T18:00:00' }, 'lossAt', false],
  ['a day that does not exist', { lossAt: '2026-02-30T18:00:00Z' }, 'lossAt', false],
  ['a millisecond into the future', { lossAt: '2026-11-23T02:00:00.001Z' }, 'lossAt', true],
  ['another age', { lossAt: '0026-11-22T18:00:00Z' }, 'lossAt', true],
  ['nobody', { parties: [] }, 'parties', false],
  ['too many people', { parties: Array.from({ length: 21 }, () => driver) }, 'parties', false],
  ['nothing damaged', { items: [] }, 'items', false],
  ['a role that nobody has', { parties: [{ ...wang, role: 'cat' }] }, 'parties[0].role', false],
  ['a name that is missing', { parties: [wang, { role: 'driver' }] }, 'parties[1].name', false],
  [
    'a number with a digit missing',
    { parties: [{ ...wang, phone: '1380013800' }] },
    'parties[0].phone',
    false,
  ],
  [
    'a Chinese number as dialled by somebody abroad',
    { parties: [{ ...wang, phone: '13800138000', locale: 'en' }] },
    'parties[0].phone',
    false,
  ],
  [
    'a foreign number that is too short',
    { parties: [{ ...wang, phone: '+4412' }] },
    'parties[0].phone',
    false,
  ],
  [
    'a number inside words',
    { parties: [{ ...wang, phone: 'call +8613800138000' }] },
    'parties[0].phone',
    false,
  ],
  [
    'two addresses in one',
    { parties: [{ ...wang, email: 'a@example.com,b@example.com' }] },
    'parties[0].email',
    false,
  ],
  [
    'an address with a header in it',
    { parties: [{ ...wang, email: 'a@example.com\r\nBcc: b@example.com' }] },
    'parties[0].email',
    false,
  ],
  [
    'a language that is not spoken here',
    { parties: [{ ...wang, locale: 'fr' }] },
    'parties[0].locale',
    false,
  ],
  ['a zone that is none', { parties: [{ ...wang, timeZone: '+08:00' }] }, 'parties[0].timeZone', false],
  ['an account that is none', { parties: [{ ...wang, account: '12-34' }] }, 'parties[0].account', false],
  [
    'one name for two',
    {
      parties: [
        { ...wang, id: 'a' },
        { ...driver, id: 'a' },
      ],
    },
    'parties[1].id',
    true,
  ],
  ['a name that is another role', { parties: [{ ...wang, id: 'driver' }] }, 'parties[0].id', true],
  ['an item of nobody', { items: [{ ...car, party: 'hospital' }] }, 'items[0].party', true],
  ['three decimals', { items: [car, { ...car, claimed: '4800.001' }] }, 'items[1].claimed', true],
  ['less than nothing', { items: [{ ...car, claimed: -1 }] }, 'items[0].claimed', false],
  ['an amount in words', { items: [{ ...car, claimed: 'much' }] }, 'items[0].claimed', false],
  ['more money than there is', { items: [{ ...car, claimed: '999999999999999' }] }, 'items[0].claimed', true],
])('%s: one sentence names the field', (_, change, field, understood) => {
  const reading = read(change);
  expect(reading).toMatchObject({ kind: 'malformed', field, understood });
  if (reading.kind === 'malformed')
    expect(reading.sentence).toMatch(new RegExp(`^${field.replace(/[[\]]/g, '\\$&')} .+\\.$`));
});

test.each([
  ['CNY', '4800.55', 'read'],
  ['JPY', '4800', 'read'],
  ['JPY', '4800.5', 'malformed'],
  ['KWD', '4800.555', 'read'],
])('an amount in %s may be %s: %s', (currency, claimed, kind) => {
  expect(read({ items: [{ ...car, claimed }] }, currency).kind).toBe(kind);
});

test.each([
  ['CNY', '¥4800'],
  ['CNY', '￥ 4800'],
  ['CNY', '4800元'],
  ['CNY', 'RMB 4800'],
  ['CNY', 'cny4800'],
  ['USD', '$4800'],
  ['USD', 'US$ 4800'],
  ['USD', '４８００ USD'],
  ['EUR', '4800 €'],
])('an amount in %s may carry the sign of that currency: %s', (currency, claimed) => {
  expect(read({ items: [{ ...car, claimed }] }, currency)).toMatchObject({
    kind: 'read',
    notice: { items: [{ claimed: '4800' }] },
  });
});

test.each([
  ['CNY', 'US$4800.00', 'US$'],
  ['CNY', '$4800', '$'],
  ['CNY', 'EUR 4800', 'EUR'],
  ['CNY', '4800 €', '€'],
  ['CNY', '4800美元', '美元'],
  ['USD', '¥4800', '¥'],
  ['USD', '4800元', '元'],
  ['USD', 'RMB4800', 'RMB'],
  ['EUR', '£4800', '£'],
])('an amount in %s with the sign of another currency is rejected: %s', (currency, claimed, sign) => {
  expect(read({ items: [{ ...car, claimed }] }, currency)).toMatchObject({
    kind: 'malformed',
    understood: true,
    sentence: `items[0].claimed is in ${sign}, and the policy is in ${currency}.`,
  });
});

test.each(['$ 4800 €', 'about 4800', '4800 or so', '1,234.00', '-4800', '¥', '4800 x'])(
  '%s is no amount',
  (claimed) =>
    expect(read({ items: [{ ...car, claimed }] })).toMatchObject({
      field: 'items[0].claimed',
      understood: false,
    }),
);

const english = { ...wang, locale: 'en' };
const readIn = (country: string | undefined, party: object) =>
  readNotice({ ...notice, parties: [party] }, { now, ...present({ country }) });

test.each([
  ['CN', '13900007777', '+8613900007777'],
  ['CN', '010 8555 1234', '+861085551234'],
  ['CN', '0086 139 0000 7777', '+8613900007777'],
  ['CN', '１３９００００７７７７', '+8613900007777'],
  ['CN', '+1 (202) 555-0143', '+12025550143'],
  ['US', '(202) 555-0143', '+12025550143'],
  ['US', '1-202-555-0143', '+12025550143'],
  ['US', '+86 139 0000 7777', '+8613900007777'],
  [undefined, '+44 (0)20 7946 0958', '+442079460958'],
])('a telephone of an English speaker in %s may be written %s', (country, phone, number) =>
  expect(readIn(country, { ...english, phone })).toMatchObject({ notice: { parties: [{ phone: number }] } }),
);

test.each([
  ['CN', '+1 123 123 12321'],
  ['CN', '+86 0139 0000 7777'],
  ['CN', '+54 11 15 1234 5678'],
  ['CN', '2025550143'],
  ['US', '13900007777'],
  ['US', '2025550143 ext. 5'],
  [undefined, '13900007777'],
])('a telephone that would become another number is refused: in %s, %s', (country, phone) =>
  expect(readIn(country, { ...english, phone })).toMatchObject({ field: 'parties[0].phone' }),
);

test.each([
  [' wang@example.com\u3000', 'wang@example.com'],
  ['wang@例子.中国', 'wang@xn--fsqu00a.xn--fiqs8s'],
  ['wang＠EXAMPLE．com', 'wang@example.com'],
  ['o\u200Bhara@example.com', 'ohara@example.com'],
  [`${'a'.repeat(64)}@example.com`, `${'a'.repeat(64)}@example.com`],
])('an email address %j is kept as %s', (email, kept) =>
  expect(read({ parties: [{ ...wang, email }] })).toMatchObject({ notice: { parties: [{ email: kept }] } }),
);

test.each([
  `${'a'.repeat(65)}@example.com`,
  'wang@localhost',
  'wang@10.0.0.1',
  '王@example.com',
  'wang@@example.com',
  'wang.@example.com',
  'wang@exa_mple.com',
  'wang@example.com/x',
  `wang@${'a'.repeat(64)}.com`,
  `${'a'.repeat(64)}@${`${'a'.repeat(60)}.`.repeat(3)}${'b'.repeat(10)}.com`,
])('%s is no email address', (email) =>
  expect(read({ parties: [{ ...wang, email }] })).toMatchObject({ field: 'parties[0].email' }),
);

test.each([
  ['CN', '6222 0200 5000 1111', '6222020050001111'],
  ['CN', '6222-0200-0000-0010-017', '6222020000000010017'],
  ['CN', '６２２２０２００５０００１１１１', '6222020050001111'],
  ['CN', '0200 0038 0920 0012 345', '0200003809200012345'],
  ['CN', 'de89 3704 0044 0532 0130 00', 'DE89370400440532013000'],
  ['US', '123456780 000123456011', '123456780000123456011'],
  ['US', 'GB82 WEST 1234 5698 7654 32', 'GB82WEST12345698765432'],
  [undefined, '123456780 000123456011', '123456780000123456011'],
])('an account in %s may be written %s, and is kept as %s', (country, account, kept) =>
  expect(readIn(country, { ...wang, account })).toMatchObject({ notice: { parties: [{ account: kept }] } }),
);

test.each([
  ['CN', 'DE88 3704 0044 0532 0130 00', 'must be an IBAN, and its check digits do not fit'],
  ['CN', 'ABCDE', 'must be an IBAN, or a card number of 16 to 19 digits, or an account number of 8 to 32'],
  ['CN', '6222020050001112', 'must be a card number of 16 to 19 digits, and its check digits do not fit'],
  ['CN', '6222020050001121', 'its check digits do not fit'],
  ['CN', '12345', 'must be an IBAN, or a card number'],
  ['US', '123456781 000123456011', 'its check digits do not fit'],
  ['US', '6222020050001111', 'its check digits do not fit'],
  ['US', '12345678', 'must be an IBAN, or a routing number of 9 digits'],
  [undefined, '6222020050001112', 'its check digits do not fit'],
])('an account in %s is refused where it cannot be one: %s', (country, account, sentence) => {
  const reading = readIn(country, { ...wang, account });
  expect(reading).toMatchObject({
    kind: 'malformed',
    field: 'parties[0].account',
    understood: true,
    sentence: expect.stringContaining(sentence),
  });
  expect(JSON.stringify(reading)).not.toContain(account);
});

test('references, policies and names are folded, and what says nothing is refused', () => {
  expect(
    read({
      reference: '\u202EＡ-1\u200B',
      policy: 'ｐ－1',
      parties: [{ ...wang, name: '王\u200B伟\u202C' }],
    }),
  ).toMatchObject({ notice: { reference: 'A-1', policy: 'P-1', parties: [{ name: '王伟' }] } });
  expect(mistaken({ parties: [{ ...wang, name: '\u200B\u2060\u3164' }] })).toEqual(['parties[0].name']);
  expect(mistaken({ reference: '\u200B' })).toEqual(['reference']);
});

test('letters that were lost are refused in every text', () => {
  const lost = '测\uFFFD\uFFFD';
  expect(
    mistaken({ reference: lost, place: lost, description: lost, parties: [{ ...wang, name: lost }] }),
  ).toEqual(['reference', 'place', 'description', 'parties[0].name']);
});

test('a sentence never repeats what is personal', () => {
  const secret = 'Kanarienvogel';
  const sentences = ['name', 'phone', 'email', 'locale', 'timeZone', 'account', 'role', 'id'].map((field) =>
    read({ parties: [{ ...wang, [field]: `${secret}\n${'x'.repeat(300)}` }] }),
  );
  for (const reading of sentences)
    expect([reading.kind, JSON.stringify(reading)]).toEqual([
      'malformed',
      expect.not.stringContaining(secret),
    ]);
});

test('the published schema asks for what the reader needs', () => {
  expect(noticeJsonSchema()).toMatchObject({
    required: ['source', 'reference', 'policy', 'lossAt', 'place', 'description', 'parties', 'items'],
    additionalProperties: false,
  });
});

test('all mistakes come together in the order of the fields, also beside malformed fields', () => {
  const { reference: _, ...without } = notice;
  const reading = readNotice(
    {
      ...without,
      lossAt: '2036-01-01T00:00:00Z',
      parties: [wang, { ...driver, role: 'boss' }, { ...driver, phone: '123' }],
      items: [
        { ...car, claimed: '1.234' },
        { party: 'policyholder', claimed: 1 },
      ],
      plate: '鲁F',
      colour: 'red',
    },
    { now },
  );
  expect(reading).toMatchObject({ kind: 'malformed', understood: false, field: 'reference' });
  expect(reading.kind === 'malformed' ? reading.mistakes.map(({ field }) => field) : []).toEqual([
    'reference',
    'lossAt',
    'parties[1].role',
    'parties[2].phone',
    'items[1].object',
    'items[0].claimed',
    'plate',
    'colour',
  ]);
});

const mistaken = (change: object): string[] => {
  const reading = read(change);
  return reading.kind === 'malformed' ? reading.mistakes.map(({ field }) => field) : [];
};

test('whose an item is, is judged once all parties can be read', () => {
  const stranger = { ...car, party: 'neighbour' };
  expect(mistaken({ items: [stranger] })).toEqual(['items[0].party']);
  expect(mistaken({ items: [stranger], parties: [{ ...wang, role: 'boss' }] })).toEqual(['parties[0].role']);
});

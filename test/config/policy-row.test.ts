import { readPolicyRow } from '../../config/books/policy-row.ts';
import { houseRules } from '../../config/rules/load.ts';
import { markingWith } from '../../security/marks.ts';
import { policyRow } from '../support/policy-rows.ts';

const packs = houseRules.inForce('ordinary');
const mark = markingWith(Buffer.alloc(32, 7));
const read = (value: unknown) => readPolicyRow(value, packs, mark);

const vehicle = { object: 'insured-vehicle', sumInsured: '1' };
const holder = { role: 'policyholder', name: '王芳', phone: '+8613800138000' };

test.each([
  ['no object', 'P-1', '', /^must be an object with number, endorsement, /],
  ['an unknown field', { holder: '王芳' }, 'holder', /^is not a field here; the fields are number, /],
  ['no number', { number: undefined }, 'number', /^is missing: it must be a policy number/],
  ['an unknown line', { line: 'pets' }, 'line', /none for pets in CN; there are rules for motor in CN/],
  ['a line that this country lacks', { jurisdiction: 'US' }, 'jurisdiction', /none for motor in US/],
  ['an end before its start', { from: '2027-01-02' }, 'to', /ends before it starts/],
  ['an end at its start', { from: '2027-01-01' }, 'to', /ends before it starts/],
  ['a day that does not exist', { to: '2026-02-30' }, 'to', /^must be a day such as 2026-01-01/],
  ['a moment without its zone', { to: '2026-02-20T10:00' }, 'to', /^must be a day such as/],
  ['an unknown wording', { wording: 'motor-moon' }, 'wording', /^must be one of contents-us-2024, /],
  ['another currency', { currency: 'USD' }, 'currency', /^must be CNY, as the rules of motor in CN/],
  ['nobody', { people: [] }, 'people', /^must be a list of 1 to 200 people/],
  ['no holder', { people: [{ ...holder, role: 'driver' }] }, 'people', /^must have a policyholder/],
  [
    'a holder without a contact',
    {
      people: [
        { role: 'driver', name: 'a' },
        { role: 'policyholder', name: '王芳' },
      ],
    },
    'people[1].phone',
    /^is missing: a policyholder has a telephone or an email/,
  ],
  ['a third party', { people: [{ ...holder, role: 'garage' }] }, 'people[0].role', /^must be one of policy/],
  ['no telephone', { people: [{ ...holder, phone: '12' }] }, 'people[0].phone', /^must be a telephone/],
  ['no mailbox', { people: [{ ...holder, email: 'a@b' }] }, 'people[0].email', /^must be one email address/],
  [
    'a name that is too long',
    { people: [{ ...holder, name: '王'.repeat(101) }] },
    'people[0].name',
    /^must be a name of 1 to 100 characters/,
  ],
  ['an empty name', { people: [{ ...holder, name: ' ' }] }, 'people[0].name', /^must be a name of 1 to 100/],
  [
    'no object of the line',
    { objects: [{ ...vehicle, object: 'boat' }] },
    'objects[0].object',
    /^must be one of insured-vehicle, /,
  ],
  [
    'a sign',
    { objects: [{ ...vehicle, sumInsured: '¥500000' }] },
    'objects[0].sumInsured',
    /without its sign/,
  ],
  [
    'thousands',
    { objects: [{ ...vehicle, sumInsured: '500,000' }] },
    'objects[0].sumInsured',
    /thousands signs/,
  ],
  [
    'a number',
    { objects: [{ ...vehicle, sumInsured: 500000 }] },
    'objects[0].sumInsured',
    /an amount as a text/,
  ],
  [
    'too many decimals',
    { objects: [{ ...vehicle, excess: '0.005' }] },
    'objects[0].excess',
    /no more decimals/,
  ],
  ['a share above the whole', { objects: [{ ...vehicle, share: 101 }] }, 'objects[0].share', /0 to 100/],
  ['a share in words', { objects: [{ ...vehicle, share: '80%' }] }, 'objects[0].share', /0 to 100/],
  [
    'two vehicles without plates',
    { objects: [{ ...vehicle, plate: '鲁F1' }, vehicle] },
    'objects[1].plate',
    /^is missing: with several of insured-vehicle each has a plate or vin/,
  ],
  [
    'a vehicle twice',
    {
      objects: [
        { ...vehicle, plate: '鲁F·12345' },
        { ...vehicle, plate: '鲁ｆ １２３４５' },
      ],
    },
    'objects[1].plate',
    /^must be another than that of objects\[0\]/,
  ],
  [
    'a term twice',
    {
      special: [
        { number: '1', words: 'a' },
        { number: '1', words: 'b' },
      ],
    },
    'special[1].number',
    /^must be another: special\[0\] has it/,
  ],
  [
    'a cause that the line lacks',
    { objects: [{ ...vehicle, causes: ['fire', 'earthquake'] }] },
    'objects[0].causes[1]',
    /^must be one of collision, /,
  ],
  [
    'a term about a cause that the line lacks',
    { special: [{ number: '1', words: 'a', excludes: { causes: ['war'] } }] },
    'special[0].excludes.causes[0]',
    /^must be one of/,
  ],
  [
    'a term about no object of the line',
    { special: [{ number: '1', words: 'a', excludes: { object: 'boat' } }] },
    'special[0].excludes.object',
    /^must be one of/,
  ],
])('a row of policies with %s is rejected, with what to do', (_, change, field, reason) => {
  const value = typeof change === 'string' ? change : policyRow('P-1', change);
  expect(read(value)).toMatchObject({
    kind: 'rejected',
    mistakes: [{ field, reason: expect.stringMatching(reason) }],
  });
});

test('a row is read as people and systems write it: all its mistakes at once, names from one letter to a hundred', () => {
  const many = read(
    policyRow('P-1', { currency: 'USD', to: '2020-01-01', people: [{ ...holder, role: 'driver' }] }),
  );
  expect(many).toMatchObject({ mistakes: [{ field: 'currency' }, { field: 'to' }, { field: 'people' }] });
  const good = read(
    policyRow('lk25／000１', {
      endorsement: undefined,
      from: '2026-01-01T08:00:00+08:00',
      people: [
        { ...holder, name: 'X' },
        { ...holder, role: 'insured', name: '王'.repeat(100) },
      ],
      objects: [{ ...vehicle, share: '80.5', excess: '0.01' }],
    }),
  );
  expect(good).toMatchObject({
    kind: 'read',
    policy: {
      number: 'LK25/0001',
      endorsement: '2026-01-01T00:00:00.000Z',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-12-31T16:00:00.000Z',
      objects: [{ key: 'insured-vehicle', sumInsuredMinor: 100, excessMinor: 1, share: 80.5 }],
    },
  });
  expect(read({ number: ' p-7 ' })).toMatchObject({ kind: 'rejected', number: 'P-7' });
});

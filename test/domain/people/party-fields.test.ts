import {
  claimFields,
  columnFields,
  correctableFields,
  inWords,
  partyFieldNames,
  partyFields,
  picked,
  removableFields,
  requiredFields,
  sealedFields,
  shownFields,
} from '../../../domain/people/party-fields.ts';

test('whatever names or reaches somebody is sealed, and nothing else of a party is in the claim than a wish', () => {
  expect(sealedFields).toEqual(['name', 'phone', 'email', 'account', 'accountHolder']);
  expect(columnFields).toEqual(['locale', 'timeZone']);
  expect(claimFields).toEqual(['prefers']);
  expect([...sealedFields, ...columnFields, ...claimFields].toSorted()).toEqual(partyFieldNames.toSorted());
});

test('a party needs a name; who looks how it is reached does not see the account', () => {
  expect(requiredFields).toEqual(['name']);
  expect(shownFields).toEqual(['name', 'phone', 'email', 'locale', 'timeZone']);
});

test('what can be put right later, and what can be taken away', () => {
  expect(correctableFields).toEqual(['phone', 'email', 'prefers', 'locale', 'timeZone']);
  expect(removableFields).toEqual(['phone', 'email']);
});

test.each(partyFieldNames)('the two examples of %s differ, and are values that it may have', (name) => {
  const row: { examples: readonly string[]; values?: readonly string[] } = partyFields[name];
  expect(new Set(row.examples).size).toBe(2);
  for (const example of row.examples) expect(row.values ?? [example]).toContain(example);
});

test.each([
  ['none', [], ''],
  ['one', ['phone'], 'phone'],
  ['two', ['phone', 'email'], 'phone or email'],
  ['three', ['phone', 'email', 'timeZone'], 'phone, email or timeZone'],
])('%s in words', (_, names, words) => expect(inWords(names)).toBe(words));

test.each<[string, object, object]>([
  ['what is named', { phone: '1', email: '2' }, { phone: '1', email: '2' }],
  ['what is not named is left out', { phone: '1', account: '3' }, { phone: '1' }],
  ['what has no value is left out', { phone: undefined, email: '2' }, { email: '2' }],
  ['an empty text is a value', { phone: '' }, { phone: '' }],
])('picked: %s', (_, source, expected) => {
  const found = picked<Record<string, unknown>, string>({ ...source }, ['phone', 'email']);
  expect(Object.entries(found)).toEqual(Object.entries(expected));
});

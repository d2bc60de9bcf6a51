import { randomBytes } from 'node:crypto';
import { keyringOf } from '../../security/keyring.ts';
import { newPartyKey, rewrapPartyKey, seal, unseal } from '../../security/sealing.ts';

const [old, young] = [
  { id: 'old', secret: randomBytes(32) },
  { id: 'young', secret: randomBytes(32) },
];
const keyring = keyringOf([old]);
const contact = { name: '王小明', phone: '+8613800000000' };

test('what is sealed for a party opens for that party alone', () => {
  const key = newPartyKey(keyring);
  const sealed = seal(key, keyring, contact, 'C-1/party-0');
  expect(unseal(key, keyring, sealed, 'C-1/party-0')).toEqual(contact);
  expect(() => unseal(key, keyring, sealed, 'C-1/party-1')).toThrow(
    'The sealed data of C-1/party-1 does not open',
  );
  expect(() => unseal(newPartyKey(keyring), keyring, sealed, 'C-1/party-0')).toThrow('does not open');
});

test('it shows nothing, and is another text each time', () => {
  const key = newPartyKey(keyring);
  const [one, two] = [seal(key, keyring, contact, 'C-1/party-0'), seal(key, keyring, contact, 'C-1/party-0')];
  expect(one).not.toBe(two);
  expect(Buffer.from(one, 'base64').includes('王小明')).toBe(false);
  expect(Buffer.from(key.split(':')[1] ?? '', 'base64')).toHaveLength(12 + 32 + 16);
});

test('erasing a person is deleting the key', () => {
  const sealed = seal(newPartyKey(keyring), keyring, contact, 'C-1/party-0');
  expect(() => unseal('', keyring, sealed, 'C-1/party-0')).toThrow('The party was erased: its key is gone');
});

test('a changed text does not open, wherever it was changed', () => {
  const key = newPartyKey(keyring);
  const sealed = Buffer.from(seal(key, keyring, contact, 'C-1/party-0'), 'base64');
  for (const at of [0, 12, sealed.length - 1]) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    expect(() => unseal(key, keyring, changed.toString('base64'), 'C-1/party-0')).toThrow('does not open');
  }
  expect(() => unseal(key, keyring, '', 'C-1/party-0')).toThrow('does not open');
});

test('a new key of ours leaves what was sealed before in reach, until the old one is taken away', () => {
  const key = newPartyKey(keyring);
  const sealed = seal(key, keyring, contact, 'C-1/party-0');
  const rotated = keyringOf([old, young]);
  expect(unseal(key, rotated, sealed, 'C-1/party-0')).toEqual(contact);
  expect(newPartyKey(rotated)).toMatch(/^young:/);
  expect(() => unseal(key, keyringOf([young]), sealed, 'C-1/party-0')).toThrow(
    'The encryption key "old" is missing here.',
  );
});

test("wrapped anew, a party's key opens what was sealed before, and the old one may go", () => {
  const key = newPartyKey(keyring);
  const sealed = seal(key, keyring, contact, 'C-1/party-0');
  const anew = rewrapPartyKey(key, keyringOf([old, young]));
  expect(anew).toMatch(/^young:/);
  expect(unseal(anew, keyringOf([young]), sealed, 'C-1/party-0')).toEqual(contact);
});

test('another key of the same name is reported as such', () => {
  const key = newPartyKey(keyring);
  expect(() => seal(key, keyringOf([{ ...young, id: 'old' }]), contact, 'C-1/party-0')).toThrow(
    'The encryption key "old" here differs',
  );
});

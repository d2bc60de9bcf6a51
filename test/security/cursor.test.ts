import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { openCursor, sealCursor } from '../../security/cursor.ts';
import { keyringOf } from '../../security/keyring.ts';

const [old, newer] = ['a', 'b'].map((id) => ({ id, secret: randomBytes(32) }));
if (!old || !newer) throw new Error('There are two keys');
const keyring = keyringOf([old]);
const end = ['2026-11-27T08:00:00.000Z', 'L7K3M-9Q2X4'];
const cursor = sealCursor(keyring, '/claims?sort=age', end);

test('the end of a page comes back from its cursor, also with another length of page and after a new key', () => {
  expect(openCursor(keyring, '/claims?sort=age', cursor)).toEqual({ end });
  expect(openCursor(keyring, `/claims?after=${cursor}&limit=7&sort=age`, cursor)).toEqual({ end });
  expect(openCursor(keyringOf([old, newer]), '/claims?sort=age', cursor)).toEqual({ end });
});

test.each([
  ['another list', '/work?sort=age'],
  ['another order', '/claims?sort=amount'],
  ['another filter', '/claims?all=true&sort=age'],
])('a cursor opens nothing in %s', (_, address) => {
  expect(openCursor(keyring, address, cursor)).toBeUndefined();
});

test('a cursor of a key that is not here opens nothing', () => {
  expect(openCursor(keyringOf([newer]), '/claims?sort=age', cursor)).toBeUndefined();
});

test('a cursor that is changed anywhere opens nothing', () => {
  fc.assert(
    fc.property(fc.nat(cursor.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, letter) => {
      const changed = cursor.slice(0, at) + letter + cursor.slice(at + 1);
      fc.pre(changed !== cursor);
      expect(openCursor(keyring, '/claims?sort=age', changed)).toBeUndefined();
    }),
  );
});

test('what nobody gave out opens nothing', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.json()), (given) => {
      expect(openCursor(keyring, '/claims?sort=age', given)).toBeUndefined();
    }),
  );
});

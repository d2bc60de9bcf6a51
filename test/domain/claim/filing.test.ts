import { filerOf } from '../../../domain/claim/filing.ts';
import { hashOf } from '../../../domain/hash.ts';
import type { Signed, Signer } from '../../../domain/signed-payload.ts';
import { aNotice } from '../../support/notices.ts';
import { signStatement } from '../../../security/signing.ts';
import { testSigning } from '../../support/test-keyring.ts';

const notice = aNotice();
const by: Signer = { kind: 'staff', code: 'H-101', roles: ['hotline'], branch: 'longkou', conflicts: [] };

function signed(change: object = {}, beside: unknown = notice): Signed {
  const statement = {
    claim: 'L7K3M-9Q2X4',
    act: 'file',
    id: 'file-1',
    at: '2026-11-27T08:00:00.000Z',
    by,
    fields: { notice: hashOf(notice) },
    ...change,
  };
  return { $lipei: 'signed', statement, proof: signStatement(testSigning, statement), beside };
}

test('who signed a notice has filed it', () => {
  expect(filerOf('L7K3M-9Q2X4', signed())).toMatchObject({
    by: 'H-101',
    message: { id: 'file-1', from: 'staff H-101' },
  });
});

test.each<[string, unknown]>([
  ['signed by nobody', notice],
  ['for another claim', signed({ claim: 'L7K3M-9Q2X5' })],
  ['for another act', signed({ act: 'withdraw' })],
  ['with another hash', signed({ fields: { notice: hashOf({}) } })],
  ['with no hash', signed({ fields: {} })],
  ['changed', signed({}, { ...notice, place: 'elsewhere' })],
  ['absent', signed({}, null)],
  ['with half a character', signed({}, { ...notice, place: '\ud800' })],
  ['in too many levels', signed({}, JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`))],
])('a notice that is %s has an unknown filer', (_, start) => {
  expect(filerOf('L7K3M-9Q2X4', start)).toEqual({ by: 'anybody' });
});

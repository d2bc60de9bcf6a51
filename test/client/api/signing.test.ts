import { createPublicKey, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { certify, checkProof, type SigningKey } from '../../../security/signing.ts';
import { eventually } from '../../support/local-stack.ts';
import { aNotice } from '../../support/notices.ts';
import { testRoot, testRoots, testSigning } from '../../support/test-keyring.ts';
import { openOffice, type Office } from './office.ts';

let office: Office;

const received = z.object({
  message: z.string(),
  received: z.object({ from: z.string(), content: z.string(), proof: z.unknown() }),
});

async function filed(): Promise<string> {
  const { claim } = (await office.ask('H-101', 'POST', '/claims', aNotice())).body;
  await eventually(
    'open',
    async () => office.ask('C-301', 'GET', `/claims/${claim}`),
    ({ status }) => status === 200,
  );
  return claim;
}

const calls = (who: string, claim: string, key: string, outcome = 'reached') =>
  office.ask(
    who,
    'POST',
    `/claims/${claim}/acts/record-call`,
    { party: 'party-1', outcome },
    { 'idempotency-key': key },
  );

const entriesOf = async (claim: string, kind: string): Promise<unknown[]> =>
  (await office.database.journalEntry.findMany({ where: { claim, kind }, orderBy: { seq: 'asc' } })).map(
    ({ entry }) => JSON.parse(entry),
  );

describe('an API that may sign', () => {
  beforeAll(async () => {
    office = await openOffice();
  });
  afterAll(() => office.close());

  test('the journal has the signed act: who, with which authority, and when, and anybody can check it', async () => {
    const claim = await filed();
    const before = Date.now();
    expect(await calls('C-301', claim, 'call-1')).toMatchObject({ status: 200 });
    const [entry] = (await entriesOf(claim, 'call-recorded')).map((each) => received.parse(each));
    expect(entry).toMatchObject({ message: 'call-1', received: { from: 'staff C-301' } });
    const checked = checkProof(testRoots, entry?.received.proof);
    const person = await office.database.person.findUniqueOrThrow({ where: { code: 'C-301' } });
    expect(checked).toMatchObject({
      kind: 'genuine',
      statement: {
        claim,
        act: 'record-call',
        id: 'call-1',
        by: { kind: 'staff', code: 'C-301', roles: person.roles, branch: person.branch, conflicts: [] },
        fields: { party: 'party-1', outcome: 'reached' },
      },
    });
    const at = checked.kind === 'genuine' ? Date.parse(checked.statement.at) : 0;
    expect(Math.abs(at - before)).toBeLessThan(60_000);
  });

  test('an id belongs to its author: repeated it counts once, with another content it is a 422, of another person it counts', async () => {
    const claim = await filed();
    expect(await calls('C-301', claim, 'same')).toMatchObject({ status: 200 });
    expect(await calls('C-301', claim, 'same')).toMatchObject({ status: 200 });
    expect(await calls('C-301', claim, 'same', 'no-answer')).toMatchObject({
      status: 422,
      body: { reason: 'id-used' },
    });
    expect(await calls('H-101', claim, 'same')).toMatchObject({ status: 200 });
    expect(await entriesOf(claim, 'call-recorded')).toHaveLength(2);
    expect(await entriesOf(claim, 'message-denied')).toMatchObject([{ denial: { reason: 'id-used' } }]);
  });

  test('who was dismissed a moment ago signs nothing more, though this API still knows them', async () => {
    const claim = await filed();
    await office.database.person.update({ where: { code: 'C-301' }, data: { active: false } });
    try {
      expect(await calls('C-301', claim, 'late')).toMatchObject({ status: 403 });
    } finally {
      await office.database.person.update({ where: { code: 'C-301' }, data: { active: true } });
    }
    expect(await entriesOf(claim, 'message-denied')).toEqual([]);
  });
});

const ending = (until: Date): SigningKey => {
  const privateKey: KeyObject = testSigning.privateKey;
  return {
    privateKey,
    certificate: certify(testRoot, createPublicKey(privateKey), { from: new Date('2026-01-01'), until }),
  };
};

test.each([
  ['has ended', new Date(Date.now() - 1_000), 503, /^The certificate of this API's signing key ended at/],
  ['ends soon', new Date(Date.now() + 20 * 86_400_000), 201, /^The certificate of the signing key ends at/],
])(
  'a certificate that %s is a finding of the health; filing is answered with %s',
  async (_, until, status, sentence) => {
    office = await openOffice({ signing: ending(until) });
    try {
      expect((await office.ask('H-101', 'POST', '/claims', aNotice())).status).toBe(status);
      const { body } = await office.ask('O-951', 'GET', '/health');
      expect(body.parts).toEqual(
        expect.arrayContaining([{ name: 'keys', ok: false, detail: expect.stringMatching(sentence) }]),
      );
    } finally {
      await office.close();
    }
  },
);
